"""Pages of alliances, action branches, contact points and workstations: one list and one page for all four."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from haitang.alliances import actions, forms, queries
from haitang.alliances.queries import ALLIANCES, BRANCHES, POINTS, STATIONS, CirclePage, CircleView
from haitang.alliances.values import Permission
from haitang.alliances.views.shared import check_may_look, steps_of, today
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.tables import Column
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook


@dataclass(frozen=True)
class _Book:
    """What the pages of one kind say. heads: of the list's columns; cells: what stands in them.

    part: what takes part in it, and how a new one is called; end: how it ends.
    """

    kind: str
    title: Any
    lead: Any
    add: Any
    part: Any
    end: Any
    empty: Any
    new_form: Any
    create: Callable[..., Any]
    heads: tuple[Any, ...]
    cells: Callable[[CircleView], list[Any]]
    facts: Callable[[CircleView], list[tuple[Any, Any]]]


def _day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if value else "—"


BOOKS = {
    ALLIANCES: _Book(
        ALLIANCES, gettext_lazy("党建联盟"), gettext_lazy("跨领域、跨层级、跨城市的联盟，成员可以是外地单位。"),
        gettext_lazy("成立联盟"), gettext_lazy("成员单位"), gettext_lazy("结束联盟"), gettext_lazy("还没有联盟"),
        forms.AllianceForm, actions.found_alliances,
        (pgettext_lazy("joint work", "层级"), gettext_lazy("区域"), gettext_lazy("牵头单位"), gettext_lazy("成员单位"),
         gettext_lazy("成立日期")),
        lambda v: [v.row.get_level_display(), v.area_name, v.office_name, v.parts, _day(v.row.from_date)],
        lambda v: [
            (_("宗旨"), v.row.purpose), (pgettext("joint work", "层级"), v.row.get_level_display()),
            (_("牵头单位"), v.office_name), (_("结束原因"), v.row.reason),
        ],
    ),
    BRANCHES: _Book(
        BRANCHES, gettext_lazy("行动支部"), gettext_lazy("为一项任务成立、到期结束的支部；成员的组织关系仍在原支部。"),
        gettext_lazy("成立行动支部"), gettext_lazy("成员"), gettext_lazy("结束行动支部"),
        gettext_lazy("还没有行动支部"),
        forms.BranchForm, actions.form_branches,
        (gettext_lazy("建在哪里"), gettext_lazy("区域"), gettext_lazy("上级党组织"), gettext_lazy("成员"),
         gettext_lazy("成立日期"), gettext_lazy("计划结束")),
        lambda v: [
            v.row.get_base_display(), v.area_name, v.office_name, v.parts, _day(v.row.from_date), _day(v.row.until),
        ],
        lambda v: [
            (_("任务"), v.row.purpose), (_("建在哪里"), v.row.get_base_display()), (_("上级党组织"), v.office_name),
            (_("计划结束"), _day(v.row.until)), (_("成效"), v.row.outcome),
        ],
    ),
    POINTS: _Book(
        POINTS, gettext_lazy("领导联系点"),
        gettext_lazy("联支强基：每位领导至少联系一个社区，走访了解到什么、解决了什么。"),
        gettext_lazy("确定联系点"), gettext_lazy("走访"), gettext_lazy("结束联系点"), gettext_lazy("还没有联系点"),
        forms.PointForm, actions.set_contact_points,
        (gettext_lazy("职务"), gettext_lazy("联系社区"), gettext_lazy("所在单位"), gettext_lazy("今年走访"),
         gettext_lazy("最近走访")),
        lambda v: [v.row.post, v.area_name, v.office_name or "—", v.parts, _day(v.last)],
        lambda v: [
            (_("职务"), v.row.post), (_("所在单位"), v.office_name), (_("今年走访"), v.parts),
            (_("结束原因"), v.row.reason),
        ],
    ),
    STATIONS: _Book(
        STATIONS, gettext_lazy("区域党建工作站"), gettext_lazy("片区工作站，和从这里派到企业、社会组织的党建指导员。"),
        gettext_lazy("启用工作站"), gettext_lazy("指导员"), gettext_lazy("停用工作站"), gettext_lazy("还没有工作站"),
        forms.StationForm, actions.open_stations,
        (gettext_lazy("区域"), gettext_lazy("地址"), gettext_lazy("主管单位"), gettext_lazy("指导员"),
         gettext_lazy("启用日期")),
        lambda v: [v.area_name, v.row.place, v.office_name, v.parts, _day(v.row.from_date)],
        lambda v: [
            (_("地址"), v.row.place), (_("主管单位"), v.office_name), (_("说明"), v.row.words),
            (_("停用原因"), v.row.reason),
        ],
    ),
}  # fmt: skip


def _book(kind: str) -> _Book:
    if kind not in BOOKS:
        raise NotFound(_("没有这个页面"))
    return BOOKS[kind]


def _name(view: CircleView) -> str:
    return str(getattr(view.row, "name", "") or view.row.leader)


def _tag(view: CircleView) -> tuple[str, str]:
    if view.is_over:
        return _("已结束"), "grey"
    if view.is_overdue:
        return _("已到期未了结"), "red"
    if view.is_few:
        return _("走访不够"), "orange"
    return _("进行中"), "green"


def _show_list(request: Request, kind: str) -> HttpResponse:
    check_may_look(request)
    book = _book(kind)
    form = forms.CircleFilterForm(request.GET, viewer=request.actor, kind=kind, today=today())
    wanted = form.wanted()
    page = queries.list_circles(kind, viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    views = queries.describe_circles(kind, page.rows, today())
    people = queries.count_branch_people(viewer=request.actor, wanted=wanted) if kind == BRANCHES else None
    context = {
        "form": form, "page": page, "book": book, "people": people,
        "lines": [
            {
                "view": view, "name": _name(view), "tag": _tag(view),
                "cells": zip(book.heads, book.cells(view), strict=True),
            }
            for view in views
        ],
        "may_keep": bool(request.actor.areas(Permission.KEEP)),
    }  # fmt: skip
    return respond(request, "alliances/book.html", "alliances/_book.html", context)


@require_safe
@allow(SIGNED_IN)
def alliances(request: Request) -> HttpResponse:
    """Show the alliances within the viewer's reach."""
    return _show_list(request, ALLIANCES)


@require_safe
@allow(Permission.VIEW)
def branches(request: Request) -> HttpResponse:
    """Show the action branches within the viewer's reach."""
    return _show_list(request, BRANCHES)


@require_safe
@allow(Permission.VIEW)
def points(request: Request) -> HttpResponse:
    """Show the leaders' contact points within the viewer's reach."""
    return _show_list(request, POINTS)


@require_safe
@allow(Permission.VIEW)
def stations(request: Request) -> HttpResponse:
    """Show the workstations within the viewer's reach."""
    return _show_list(request, STATIONS)


@require_safe
@allow(SIGNED_IN)
def circles_export(request: Request, kind: str) -> HttpResponse:
    """Give what a list shows as a workbook."""
    check_may_look(request)
    book = _book(kind)
    wanted = forms.CircleFilterForm(request.GET, viewer=request.actor, kind=kind, today=today()).wanted()
    rows = queries.filter_circles(kind, viewer=request.actor, wanted=wanted).order_by("area__code", "pk")
    views = queries.describe_circles(kind, rows, today())
    titles = (_("领导") if kind == POINTS else _("名称"), *book.heads, _("状态"))
    columns = [Column(f"c{number}", str(title), width=20) for number, title in enumerate(titles)]
    return workbook(str(book.title), columns, [[_name(view), *book.cells(view), _tag(view)[0]] for view in views])


@form_page
@allow(Permission.KEEP)
def circle_new(request: Request, kind: str) -> HttpResponse:
    """Found, form, set or open one."""
    book = _book(kind)
    form = book.new_form(sent(request), viewer=request.actor, initial={"from_date": today()})
    status, made = 200, []
    if request.method == "POST":
        status = attempt(form, lambda: made.append(book.create(news=[form.new()], **said(request))[0].pk))
        if not status:
            messages.success(request, _("已登记"))
            return redirect("alliances:circle", kind, made[0])
    return respond(request, "alliances/circle_new.html", None, {"form": form, "book": book}, status)


def _part_form(request: Request, kind: str, data: Any = None) -> Any:
    day = {"from_date": today(), "on": today()}
    if kind == ALLIANCES:
        return forms.PartnerForm(data, auto_id="part_%s", initial=day)
    if kind == BRANCHES:
        return forms.MemberForm(data, auto_id="part_%s", initial=day, viewer=request.actor, today=today())
    if kind == POINTS:
        return forms.VisitForm(data, auto_id="part_%s", initial=day)
    return forms.InstructorForm(data, auto_id="part_%s", initial=day)


def _end_form(kind: str, data: Any = None) -> Any:
    form = forms.OutcomeForm if kind == BRANCHES else forms.EndForm
    return form(data, auto_id="end_%s", initial={"to_date": today()})


def _show(
    request: Request, kind: str, row_id: int, *, named: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    book = _book(kind)
    page: CirclePage = queries.get_circle_page(kind, viewer=request.actor, row_id=row_id, today=today())
    shown: dict[str, Any] = {}
    if page.may_keep and not page.view.is_over:
        shown = {"part": _part_form(request, kind), "end": _end_form(kind)}
        if named:
            shown[named] = form
    context = {
        "page": page, "view": page.view, "row": page.view.row, "book": book, "name": _name(page.view),
        "tag": _tag(page.view), "forms": shown, "steps": steps_of(page.entries),
        "facts": [(label, value) for label, value in book.facts(page.view) if value not in ("", None)],
        "parts": [part for part in page.parts if part.ended is None],
        "left": [part for part in page.parts if part.ended is not None],
    }  # fmt: skip
    return respond(request, "alliances/circle.html", None, context, status)


@require_safe
@allow(SIGNED_IN)
def circle(request: Request, kind: str, row_id: int) -> HttpResponse:
    """Show one of a kind with who takes part in it."""
    return _show(request, kind, row_id)


@require_POST
@allow(Permission.KEEP)
def circle_deed(request: Request, kind: str, row_id: int, name: str) -> HttpResponse:
    """Let somebody take part, take a visit down, or end it."""
    _book(kind)
    if name not in ("part", "end"):
        raise NotFound(_("没有这项操作"))
    form = _part_form(request, kind, request.POST) if name == "part" else _end_form(kind, request.POST)
    status = attempt(form, lambda: _write(request, kind, row_id, name, form))
    if status:
        return _show(request, kind, row_id, named=name, form=form, status=status)
    messages.success(request, _("已登记") if name == "part" else _("已结束"))
    return redirect("alliances:circle", kind, row_id)


def _write(request: Request, kind: str, row_id: int, name: str, form: Any) -> None:
    given, who = form.cleaned_data, said(request)
    if name == "end":
        if kind == ALLIANCES:
            actions.end_alliance(alliance_id=row_id, **given, **who)
        elif kind == BRANCHES:
            actions.end_branch(branch_id=row_id, **given, **who)
        elif kind == POINTS:
            actions.end_contact_point(point_id=row_id, **given, **who)
        else:
            actions.close_station(station_id=row_id, **given, **who)
    elif kind == ALLIANCES:
        partner, from_date = form.part()
        actions.join_alliance(alliance_id=row_id, partners=[partner], from_date=from_date, **who)
    elif kind == BRANCHES:
        actions.join_branch(branch_id=row_id, volunteer_ids=[given["who"]], from_date=given["from_date"], **who)
    elif kind == POINTS:
        actions.visit_points(news=[form.new(row_id)], **who)
    else:
        actions.send_instructors(news=[form.new(row_id)], **who)


@form_page
@allow(Permission.KEEP)
def circle_part(request: Request, kind: str, row_id: int, part_id: int) -> HttpResponse:
    """Let a partner, a member or an instructor leave."""
    book = _book(kind)
    page, part = queries.get_part(kind, viewer=request.actor, row_id=row_id, part_id=part_id, today=today())
    form, status = forms.DayForm(sent(request), initial={"to_date": today()}), 200

    def write() -> None:
        given = {**form.cleaned_data, **said(request)}
        if kind == ALLIANCES:
            actions.leave_alliance(partner_id=part_id, **given)
        elif kind == BRANCHES:
            actions.leave_branch(member_id=part_id, **given)
        else:
            actions.end_instructor(instructor_id=part_id, **given)

    if request.method == "POST":
        status = attempt(form, write)
        if not status:
            messages.success(request, _("已登记"))
            return redirect("alliances:circle", kind, row_id)
    context = {"form": form, "part": part, "book": book, "row": page.view.row, "name": _name(page.view)}
    return respond(request, "alliances/circle_part.html", None, context, status)
