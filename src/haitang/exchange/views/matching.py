"""The best whole plan, what nothing came of, and the lists in numbers."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.errors import Refusal
from haitang.core.http import Request
from haitang.core.tables import Column, Kind
from haitang.core.ui.entering import said
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.exchange import actions, forms, queries
from haitang.exchange.values import ROWS_MAX, Gap, NewOrder, Permission
from haitang.exchange.views.shared import entry_line, may_order_for
from haitang.territory.queries import territory

COLOURS = {
    Gap.NO_CANDIDATE: "red",
    Gap.DECLINED: "orange",
    Gap.CAPACITY: "orange",
    Gap.SERVED: "grey",
    Gap.OPEN: "blue",
}
_COLUMNS = (
    "needs", "needs_met", "needs_unmet", "resources", "resources_unused", "ordered", "agreed", "projects", "delivered",
    "failed",
)  # fmt: skip


def _labels() -> dict[str, str]:
    return {
        "needs": _("需求"), "needs_met": _("已满足"), "needs_unmet": _("未对接需求"), "resources": _("资源"),
        "resources_unused": _("未用资源"), "ordered": _("下单"), "agreed": _("双方确认"), "projects": _("项目"),
        "delivered": _("已交付"), "failed": _("未成"),
    }  # fmt: skip


def tabs(request: Request) -> list[dict[str, Any]]:
    """Return the pages that look at all lists together, this one marked."""
    named = [
        ("exchange:plan", _("整体最优匹配")), ("exchange:unmet", _("未对接的需求")),
        ("exchange:unused", _("没人要的资源")), ("exchange:figures", _("清单数据")),
    ]  # fmt: skip
    return [
        {"label": label, "url": reverse(name), "current": request.path == reverse(name), "count": ""}
        for name, label in named
    ]


@require_safe
@allow(Permission.VIEW)
def plan(request: Request) -> HttpResponse:
    """Show the best whole plan for the open needs of an area and a round."""
    form = forms.WhereForm(request.GET)
    found = queries.plan_matches(
        viewer=request.actor, wanted=form.wanted(), today=local_date(clock.now()),
        cursor=request.GET.get("cursor", ""), limit=queries.PLAN_ROWS,
    )  # fmt: skip
    own = [each for each in found.proposals if may_order_for(request, each.need)]
    chosen = {id(each) for each in own}
    context = {
        "form": form, "plan": found, "tabs": tabs(request), "own": own,
        "others": [each for each in found.proposals if id(each) not in chosen], "elsewhere": found.matched - found.own,
    }  # fmt: skip
    return respond(request, "exchange/plan.html", "exchange/_plan.html", context)


@require_POST
@allow(Permission.ORDER)
def plan_order(request: Request) -> HttpResponse:
    """Order what was chosen of the plan, all at once; what is gone meanwhile is said so."""
    orders = []
    for pair in request.POST.getlist("pair")[:ROWS_MAX]:
        need, _comma, resource = pair.partition(",")
        if all(part.isascii() and part.isdigit() and len(part) < 18 for part in (need, resource)):
            orders.append(NewOrder(int(resource), int(need)))
    done = actions.order_resources(orders=orders, **said(request))
    refused = [each for each in done if isinstance(each, Refusal)]
    count = len(done) - len(refused)
    if count:
        text = ngettext("已下单 %(n)d 条，等待对方确认", "已下单 %(n)d 条，等待对方确认", count)
        messages.success(request, text % {"n": count})
    for sentence in sorted({each.message for each in refused}):
        messages.error(request, sentence)
    if not done:
        messages.error(request, _("请先勾选要下单的对接"))
    return redirect("exchange:agreements" if count else "exchange:plan")


def _gaps(request: Request, read: Any, template: str, title: str) -> HttpResponse:
    form = forms.PublicFilterForm(request.GET)
    page = read(
        viewer=request.actor, wanted=form.wanted(), now=clock.now(), cursor=request.GET.get("cursor", "")
    )  # fmt: skip
    lines = [
        {**entry_line(each.view), "gap": each, "why": Gap(each.why).label, "gap_colour": COLOURS[each.why]}
        for each in page.rows
    ]
    context = {
        "form": form, "page": page, "lines": lines, "tabs": tabs(request), "title": title,
        "is_needs": template == "needs",
    }  # fmt: skip
    return respond(request, "exchange/gaps.html", "exchange/_gaps.html", context)


@require_safe
@allow(Permission.VIEW)
def unmet(request: Request) -> HttpResponse:
    """Show the needs that no agreement stands for, the longest waiting first, and why."""
    return _gaps(request, queries.list_unmet, "needs", _("未对接的需求"))


@require_safe
@allow(Permission.VIEW)
def unused(request: Request) -> HttpResponse:
    """Show the resources that nobody has asked for, the longest waiting first, and why."""
    return _gaps(request, queries.list_unused, "resources", _("没人要的资源"))


def _links(area: str, batch: str) -> dict[str, str]:
    """Return for each number the list of the same rows."""
    where = {"area": area, "round": batch}

    def url(name: str, **more: str) -> str:
        asked = {key: value for key, value in {**where, **more}.items() if value}
        return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)

    return {
        "needs": url("exchange:needs", status="listed"), "needs_met": url("exchange:needs", status="met"),
        "needs_unmet": url("exchange:needs", status="open", gap="1"),
        "resources": url("exchange:resources", status="listed"),
        "resources_unused": url("exchange:resources", status="open", gap="1"), "ordered": url("exchange:agreements"),
        "agreed": url("exchange:agreements", stage="agreed"), "projects": url("exchange:agreements", stage="projects"),
        "delivered": url("exchange:agreements", stage="delivered"),
        "failed": url("exchange:agreements", stage="failed"),
    }  # fmt: skip


@require_safe
@allow(Permission.VIEW)
def figures(request: Request) -> HttpResponse:
    """Show the three lists in numbers, by round and by area; each number leads to its rows."""
    form = forms.WhereForm(request.GET)
    wanted, viewer, tree = form.wanted(), request.actor, territory()
    area = tree.by_code(form.cleaned_data.get("area", "")) or tree.top()
    batch = form.cleaned_data.get("round", "")
    labels = _labels()

    def cells(tally: Any, area_code: str, batch: str) -> list[dict[str, Any]]:
        links = _links(area_code, batch)
        return [{"label": labels[name], "value": getattr(tally, name), "url": links[name]} for name in _COLUMNS]

    asked = form.cleaned_data.get("area", "")
    below = queries.tally_by_area(viewer=viewer, area=area, round_id=wanted.round_id)
    if request.GET.get("format") == "xlsx":
        columns = [
            Column("area", _("区域"), width=24),
            *(Column(name, labels[name], kind=Kind.INTEGER) for name in _COLUMNS),
        ]
        rows = [[each.area.name, *(getattr(each.tally, name) for name in _COLUMNS)] for each in below]
        return workbook(_("清单数据"), columns, rows)
    rounds = [each for each in queries.rules().rounds if not batch or each.code == batch]
    context = {
        "form": form, "tabs": tabs(request), "area": area,
        "stats": cells(
            queries.tally(viewer=viewer, area_path=wanted.area_path, round_id=wanted.round_id), asked, batch
        ),
        "by_round": [
            {"name": each.name, "cells": cells(
                queries.tally(viewer=viewer, area_path=wanted.area_path, round_id=each.id), asked, each.code
            )}
            for each in rounds
        ],
        "by_area": [
            {"name": each.area.name, "url": "?" + urlencode({"area": each.area.code, "round": batch}),
             "cells": cells(each.tally, each.area.code, batch)}
            for each in below
        ],
        "labels": [labels[name] for name in _COLUMNS],
        "up": tree.get(area.parent_id) if asked else None, "round": batch,
    }  # fmt: skip
    return respond(request, "exchange/figures.html", "exchange/_figures.html", context)
