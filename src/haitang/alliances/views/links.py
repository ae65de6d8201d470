"""Pages of links: the list and its figures, one link with its years, what both sides do about it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from haitang.alliances import actions, forms, queries
from haitang.alliances.lifecycle import AgreementDeed, Standing
from haitang.alliances.queries import LinkFilter, LinkPage
from haitang.alliances.values import Permission, Side
from haitang.alliances.views.shared import check_may_look, link_line, steps_of, today
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.tables import Column
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.territory.queries import territory
from haitang.territory.values import Kind

LINKED_NOWHERE = frozenset({Kind.GRID, Kind.SPECIAL_GRID, Kind.MICRO_GRID, Kind.BUILDING})
"""Areas with which no unit is linked: communities and streets are."""

_DONE = {
    "contact": gettext_lazy("已登记联系"), "judge": gettext_lazy("已提交考评"),
    "confirm": gettext_lazy("双方已签订协议"),
    "return": gettext_lazy("已退回对方修改"),
}  # fmt: skip


@require_safe
@allow(SIGNED_IN)
def links(request: Request) -> HttpResponse:
    """Show the links within the viewer's reach, and how each stands in the year."""
    check_may_look(request)
    form = forms.LinkFilterForm(request.GET, viewer=request.actor, today=today())
    wanted = form.wanted()
    page = queries.list_links(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    views = queries.describe_links(page.rows, year=wanted.year, today=today())
    counted = queries.tally_links(viewer=request.actor, wanted=wanted)
    asked = request.GET.copy()
    asked.pop("cursor", None)
    tabs = []
    for standing, count in counted.items():
        asked["standing"] = standing
        label = Standing(standing).label if standing else _("全部")
        tabs.append(
            {"label": label, "url": f"?{asked.urlencode()}", "current": wanted.standing == standing, "count": count}
        )
    context = {
        "form": form, "page": page, "tabs": tabs, "year": wanted.year, "lines": [link_line(view) for view in views],
        "may_keep": bool(request.actor.areas(Permission.KEEP)),
    }  # fmt: skip
    return respond(request, "alliances/links.html", "alliances/_links.html", context)


@require_safe
@allow(SIGNED_IN)
def links_export(request: Request) -> HttpResponse:
    """Give what the list shows as a workbook, which can be filled in and brought again."""
    check_may_look(request)
    wanted = forms.LinkFilterForm(request.GET, viewer=request.actor, today=today()).wanted()
    rows = queries.filter_links(viewer=request.actor, wanted=wanted).order_by("area__code", "pk")
    views = queries.describe_links(rows, year=wanted.year, today=today())
    return workbook(_("挂钩结对"), queries.link_export_columns(), queries.link_rows(views, wanted.year))


@require_safe
@allow(Permission.VIEW)
def link_figures(request: Request) -> HttpResponse:
    """Show how the links of each area stand; every number leads to its rows."""
    tree = territory()
    area = tree.by_code(request.GET.get("area", ""))
    if area is None:
        paths = sorted(request.actor.areas(Permission.VIEW), key=len)
        ids = [int(part) for part in paths[0].strip("/").split("/") if part] if paths else []
        area = tree.get(ids[-1]) if ids else tree.top()
    assert area is not None
    form = forms.LinkFilterForm(request.GET, viewer=request.actor, today=today())
    wanted = form.wanted()
    below = queries.tally_links_by_area(viewer=request.actor, area=area, wanted=wanted)
    rows = [each for each in below if each.area.kind not in LINKED_NOWHERE]
    total = queries.LinkTally(
        area, queries.tally_links(viewer=request.actor, wanted=replace(wanted, area_path=area.path))
    )
    base = reverse("alliances:links")
    labels = {key: Standing(key).label if key else _("结对") for key in total.counts}

    def cells(tally: queries.LinkTally) -> list[dict[str, Any]]:
        address = f"{base}?area={tally.area.code}&year={wanted.year}&standing="
        return [{"label": labels[key], "value": n, "url": f"{address}{key}"} for key, n in tally.counts.items()]

    lines = [
        {
            "name": each.area.name, "cells": cells(each),
            "url": f"?area={each.area.code}&year={wanted.year}" if _has_below(each.area.id) else "",
        }
        for each in rows
    ]  # fmt: skip
    if request.GET.get("format") == "xlsx":
        columns = [
            Column("area", _("区域")),
            *(Column(f"c{at}", str(label)) for at, label in enumerate(labels.values())),
        ]
        return workbook(_("结对情况"), columns, [[each.area.name, *each.counts.values()] for each in (*rows, total)])
    up = tree.get(area.parent_id)
    context = {
        "form": form, "area": area, "up": up, "labels": labels.values(), "rows": lines, "year": wanted.year,
        "total": cells(total),
    }  # fmt: skip
    return respond(request, "alliances/figures.html", None, context)


def _has_below(area_id: int) -> bool:
    return any(each.kind not in LINKED_NOWHERE for each in territory().children(area_id))


@form_page
@allow(Permission.KEEP)
def link_new(request: Request) -> HttpResponse:
    """Link a unit to a community."""
    form = forms.NewLinkForm(sent(request), viewer=request.actor, initial={"from_date": today()})
    status, made = 200, []
    if request.method == "POST":
        status = attempt(form, lambda: made.append(actions.link_unit(**form.link(), **said(request)).pk))
        if not status:
            messages.success(request, _("已结对，请拟定今年的协议"))
            return redirect("alliances:link", made[0])
    return respond(request, "alliances/link_new.html", None, {"form": form}, status)


def _year(request: Request) -> int:
    given = request.GET.get("year", "")
    return int(given) if given.isascii() and given.isdigit() and 2000 <= int(given[:5]) <= 2200 else today().year


def _link(
    request: Request, link_id: int, year: int, *, named: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    page = queries.get_link_page(viewer=request.actor, link_id=link_id, year=year, today=today())
    shown: dict[str, Any] = {}
    may = {deed.value: side for deed, side in page.deeds}
    initial = {"version": page.view.agreement.version} if page.view.agreement else {}
    if AgreementDeed.CONFIRM in may:
        shown["confirm"] = forms.VersionForm(initial=initial, auto_id="confirm_%s")
        shown["return"] = forms.ReturnForm(initial=initial, auto_id="return_%s")
    if AgreementDeed.JUDGE in may:
        shown["judge"] = forms.JudgeForm(side=may["judge"], auto_id="judge_%s")
    if page.sides and not page.view.is_over:
        shown["contact"] = _contact_form(page, None)
        if Side.COMMUNITY in page.sides:
            shown["release"] = forms.ReleaseForm(auto_id="release_%s", initial={"to_date": today()})
    if named and form is not None:
        shown[named] = form
    years = sorted({*page.years, today().year, year}, reverse=True)
    tabs = [{"label": str(each), "url": f"?year={each}", "current": each == year} for each in years]
    names = {each.row.code: each.row.name for each in page.duties}
    context = {
        "page": page, **link_line(page.view), "year": year, "tabs": tabs, "forms": shown, "may": may,
        "judging": {key: Side(side).label for key, side in may.items()},
        "contacts": [
            {"row": each, "duty": names.get(each.duty, ""), "mine": each.side in page.sides} for each in page.contacts
        ],
        "said_by": [(Side(side).label, each) for side, each in page.judgements.items()],
        "steps": steps_of(page.entries),
    }  # fmt: skip
    return respond(request, "alliances/link.html", None, context, status)


def _contact_form(page: LinkPage, data: Any) -> forms.ContactForm:
    duties = [(each.row.code, each.row.name) for each in page.duties]
    return forms.ContactForm(data, duties=duties, auto_id="contact_%s", initial={"on": today()})


@require_safe
@allow(SIGNED_IN)
def link(request: Request, link_id: int) -> HttpResponse:
    """Show one link in one year: duties, contacts, evaluations, and what is to be done about them."""
    return _link(request, link_id, _year(request))


def _side(page: LinkPage, deed: str) -> str:
    """Return for which side the viewer does the deed; of nobody who may, any, so that the action says why not."""
    found = next((side for each, side in page.deeds if each == deed), None)
    return (found or next(iter(page.sides), Side.UNIT)).value


@form_page
@allow(SIGNED_IN)
def link_agreement(request: Request, link_id: int, year: int) -> HttpResponse:
    """Draw the year's agreement up, or change it."""
    page = queries.get_link_page(viewer=request.actor, link_id=link_id, year=year, today=today())
    row = page.view.agreement
    initial = {"words": row.words, "version": row.version} if row else {}
    form = forms.AgreementForm(sent(request), held=[each.row for each in page.duties], initial=initial)
    status = 200
    if request.method == "POST":
        side = _side(page, AgreementDeed.PROPOSE)
        status = attempt(
            form,
            lambda: actions.propose_agreement(
                new=form.new(link_id, year), side=side, version=form.cleaned_data["version"], **said(request)
            ),
        )
        if not status:
            messages.success(request, _("协议已拟定，等待对方确认"))
            return redirect(f"{reverse('alliances:link', args=[link_id])}?year={year}")
    context = {"form": form, "year": year, **link_line(page.view)}
    return respond(request, "alliances/agreement.html", None, context, status)


def _posted(request: Request, name: str, page: LinkPage, side: str) -> Any:
    """Return the form of a deed as it was sent. Raises NotFound."""
    if name == "contact":
        return _contact_form(page, request.POST)
    if name == AgreementDeed.JUDGE:
        return forms.JudgeForm(request.POST, side=side, auto_id="judge_%s")
    if name == AgreementDeed.CONFIRM:
        return forms.VersionForm(request.POST, auto_id="confirm_%s")
    if name == AgreementDeed.RETURN:
        return forms.ReturnForm(request.POST, auto_id="return_%s")
    raise NotFound(_("没有这项操作"))


@require_POST
@allow(SIGNED_IN)
def link_deed(request: Request, link_id: int, year: int, name: str) -> HttpResponse:
    """Say yes, return, judge, or take a contact down; refused, the form stands there as it was filled in."""
    page = queries.get_link_page(viewer=request.actor, link_id=link_id, year=year, today=today())
    row = page.view.agreement
    agreement_id = row.pk if row else 0
    side = _side(page, name)
    form: Any = _posted(request, name, page, side)

    def write() -> None:
        given = form.cleaned_data
        if name == "contact":
            actions.make_contact(new=form.new(link_id), side=side, **said(request))
        elif name == AgreementDeed.JUDGE:
            actions.judge_year(new=form.new(agreement_id), **said(request))
        elif name == AgreementDeed.CONFIRM:
            actions.agree_year(agreement_id=agreement_id, side=side, **given, **said(request))
        else:
            actions.return_agreement(agreement_id=agreement_id, side=side, **given, **said(request))

    status = attempt(form, write)
    if status:
        return _link(request, link_id, year, named=name, form=form, status=status)
    messages.success(request, _DONE[name])
    return redirect(f"{reverse('alliances:link', args=[link_id])}?year={year}")


@require_POST
@allow(Permission.KEEP)
def link_release(request: Request, link_id: int) -> HttpResponse:
    """End a link."""
    form = forms.ReleaseForm(request.POST, auto_id="release_%s")
    status = attempt(form, lambda: actions.release_link(link_id=link_id, **form.cleaned_data, **said(request)))
    if status:
        return _link(request, link_id, today().year, named="release", form=form, status=status)
    messages.success(request, _("已解除结对"))
    return redirect("alliances:link", link_id)


@form_page
@allow(SIGNED_IN)
def contact_strike(request: Request, link_id: int, contact_id: int) -> HttpResponse:
    """Strike a contact out that was entered by mistake."""
    row = queries.get_link(viewer=request.actor, link_id=link_id)
    form, status = forms.ReasonForm(sent(request)), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.strike_contact(contact_id=contact_id, **form.cleaned_data, **said(request))
        )
        if not status:
            messages.success(request, _("已划去"))
            return redirect("alliances:link", link_id)
    return respond(request, "alliances/strike.html", None, {"form": form, "row": row}, status)


@require_safe
@allow(Permission.SPEAK)
def unit(request: Request) -> HttpResponse:
    """Show a unit what waits for its answer, with whom it is linked, and how the year stands."""
    viewer, year = request.actor, today().year
    waiting = queries.list_open_agreements(viewer=viewer)
    sections = []
    for organization_id in sorted(viewer.organizations(Permission.SPEAK)):
        wanted = LinkFilter(year, today(), unit_id=organization_id)
        rows = queries.list_links(viewer=viewer, wanted=wanted).rows
        sections += [link_line(view) for view in queries.describe_links(rows, year=year, today=today())]
    names = {
        view.row.pk: view for view in queries.describe_links([row.link for row in waiting], year=year, today=today())
    }
    context = {"waiting": [(row, names[row.link_id]) for row in waiting], "lines": sections, "year": year}
    return respond(request, "alliances/unit.html", None, context)
