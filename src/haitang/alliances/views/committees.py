"""Pages of committees and their members."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.alliances import actions, forms, queries
from haitang.alliances.values import Permission
from haitang.alliances.views.shared import check_may_look, steps_of, today
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook

MEETING_COLOURS = {"called": "blue", "held": "green", "cancelled": "grey"}


@require_safe
@allow(SIGNED_IN)
def committees(request: Request) -> HttpResponse:
    """Show the committees within the viewer's reach."""
    check_may_look(request)
    form = forms.CommitteeFilterForm(request.GET, viewer=request.actor)
    page = queries.list_committees(
        viewer=request.actor, today=today(), **form.wanted(), cursor=request.GET.get("cursor", "")
    )
    context = {
        "form": form, "page": page, "lines": queries.describe_committees(page.rows, today()),
        "may_convene": bool(request.actor.areas(Permission.CONVENE)),
    }  # fmt: skip
    return respond(request, "alliances/committees.html", "alliances/_committees.html", context)


@require_safe
@allow(SIGNED_IN)
def committees_export(request: Request) -> HttpResponse:
    """Give the committees that the list shows as a workbook."""
    check_may_look(request)
    wanted = forms.CommitteeFilterForm(request.GET, viewer=request.actor).wanted()
    rows = queries.filter_committees(viewer=request.actor, today=today(), **wanted).order_by("area__code", "pk")
    number = Cell.INTEGER
    columns = [
        Column("kind", "类型"), Column("name", "名称", width=28), Column("area", "区域", width=28),
        Column("organization", "所属党组织", width=28), Column("members", "委员", kind=number),
        Column("part_time", "其中兼职", kind=number), Column("meetings", "今年会议", kind=number),
        Column("open", "办理中决议", kind=number), Column("late", "逾期决议", kind=number),
        Column("from_date", "成立日期", kind=Cell.DATE),
    ]  # fmt: skip
    views = queries.describe_committees(rows, today())
    lines = [
        [
            view.row.get_kind_display(), view.row.name, view.area_name, view.organization_name, view.members,
            view.part_time, view.meetings, view.open, view.late, view.row.from_date,
        ]
        for view in views
    ]  # fmt: skip
    return workbook(_("大工委大党委"), columns, lines)


@form_page
@allow(Permission.CONVENE)
def committee_new(request: Request) -> HttpResponse:
    """Set a committee up."""
    form = forms.CommitteeForm(sent(request), viewer=request.actor, initial={"from_date": today()})
    status, made = 200, []
    if request.method == "POST":
        status = attempt(form, lambda: made.append(actions.set_up_committees(news=[form.new()], **said(request))[0].pk))
        if not status:
            messages.success(request, _("已成立"))
            return redirect("alliances:committee", made[0])
    return respond(request, "alliances/committee_new.html", None, {"form": form}, status)


def _committee(
    request: Request, committee_id: int, *, named: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    page = queries.get_committee_page(viewer=request.actor, committee_id=committee_id, today=today())
    shown: dict[str, Any] = {}
    if page.may_convene and page.view.row.to_date is None:
        shown = {
            "seat": forms.SeatForm(auto_id="seat_%s", initial={"from_date": today()}),
            "end": forms.EndForm(auto_id="end_%s", initial={"to_date": today()}),
        }
        if named:
            shown[named] = form
    context = {
        "page": page, "view": page.view, "row": page.view.row, "forms": shown,
        "seats": [each for each in page.seats if not each.is_over],
        "left": [each for each in page.seats if each.is_over],
        "meetings": [(each, MEETING_COLOURS[each.status]) for each in page.meetings], "steps": steps_of(page.entries),
    }  # fmt: skip
    return respond(request, "alliances/committee.html", None, context, status)


@require_safe
@allow(SIGNED_IN)
def committee(request: Request, committee_id: int) -> HttpResponse:
    """Show one committee: who sits in it, its meetings, what it has under way."""
    return _committee(request, committee_id)


@require_POST
@allow(Permission.CONVENE)
def committee_deed(request: Request, committee_id: int, name: str) -> HttpResponse:
    """Seat a member, or end the committee."""
    form: Any
    if name == "seat":
        form = forms.SeatForm(request.POST, auto_id="seat_%s")
    elif name == "end":
        form = forms.EndForm(request.POST, auto_id="end_%s")
    else:
        raise NotFound(_("没有这项操作"))

    def write() -> None:
        if name == "seat":
            actions.seat_members(news=[form.new(committee_id)], **said(request))
        else:
            actions.end_committee(committee_id=committee_id, **form.cleaned_data, **said(request))

    status = attempt(form, write)
    if status:
        return _committee(request, committee_id, named=name, form=form, status=status)
    messages.success(request, _("委员已就任") if name == "seat" else _("已撤销"))
    return redirect("alliances:committee", committee_id)


@form_page
@allow(Permission.CONVENE)
def seat(request: Request, committee_id: int, seat_id: int) -> HttpResponse:
    """Let a member leave, and another take the seat."""
    page = queries.get_committee_page(viewer=request.actor, committee_id=committee_id, today=today())
    view = next((each for each in page.seats if each.row.pk == seat_id and not each.is_over), None)
    if view is None:
        raise NotFound(_("没有这名委员，或已经离任"))
    held = view.row
    leave = forms.LeaveForm(sent(request), auto_id="leave_%s", initial={"on": today()})
    follows = request.method == "POST" and bool(request.POST.get("name", "").strip())
    initial = {"kind": held.kind, "post": held.post, "home": view.home_name, "from_date": today(), "until": held.until}
    data = None
    if follows:
        data = request.POST.copy()
        data["from_date"] = data.get("on", "")
    form = forms.SeatForm(data, auto_id="seat_%s", initial=initial)
    del form.fields["from_date"]
    for name in ("name", "kind", "post"):
        form.fields[name].required = follows
    status = 200
    if request.method == "POST":
        status = 422
        if leave.is_valid() and (not follows or form.is_valid()):
            new = None
            if follows:
                form.cleaned_data["from_date"] = leave.cleaned_data["on"]
                new = form.new(committee_id)
            target = form if follows else leave
            status = attempt(
                target,
                lambda: actions.replace_member(seat_id=seat_id, new=new, **leave.cleaned_data, **said(request)),
            )
        if not status:
            messages.success(request, _("已离任，席位由新委员接替") if follows else _("已离任"))
            return redirect("alliances:committee", committee_id)
    context = {"leave": leave, "form": form, "seat": view, "row": page.view.row}
    return respond(request, "alliances/seat.html", None, context, status)
