"""Pages of meetings and decisions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from haitang.alliances import actions, forms, queries
from haitang.alliances.lifecycle import DecisionStatus, MeetingStatus
from haitang.alliances.queries import LATE, DecisionView
from haitang.alliances.values import Permission
from haitang.alliances.views.committees import MEETING_COLOURS
from haitang.alliances.views.shared import check_may_look, steps_of, today
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.scoping import path_of
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook

COLOURS = {"open": "blue", "done": "green", "dropped": "grey", "project": "green", "case": "green"}
_DONE = {
    "hold": gettext_lazy("已登记纪要"), "add": gettext_lazy("已补登决议"), "off": gettext_lazy("已取消会议"),
    "settle": gettext_lazy("已登记办理结果"), "reopen": gettext_lazy("已重新办理"), "start": gettext_lazy("已立项"),
    "case": gettext_lazy("已转为案件，按案件流程办理"),
}  # fmt: skip


def decision_line(view: DecisionView) -> dict[str, Any]:
    """Return a decision as lists print it."""
    status = str(DecisionStatus(view.row.status).label)
    colour = COLOURS[view.row.status]
    if view.is_late:
        status, colour = _("逾期"), "red"
    return {"view": view, "row": view.row, "status": status, "colour": colour}


@form_page
@allow(Permission.CONVENE)
def meeting_new(request: Request, committee_id: int) -> HttpResponse:
    """Call a committee to a meeting."""
    page = queries.get_committee_page(viewer=request.actor, committee_id=committee_id, today=today())
    form, status, made = forms.MeetingForm(sent(request)), 200, []
    if request.method == "POST":
        status = attempt(
            form, lambda: made.append(actions.call_meetings(news=[form.new(committee_id)], **said(request))[0].pk)
        )
        if not status:
            messages.success(request, _("已召集，委员所在单位会收到通知"))
            return redirect("alliances:meeting", made[0])
    return respond(request, "alliances/meeting_new.html", None, {"form": form, "row": page.view.row}, status)


@form_page
@allow(Permission.CONVENE)
def meeting_edit(request: Request, meeting_id: int) -> HttpResponse:
    """Write the call to a meeting anew."""
    page = queries.get_meeting_page(viewer=request.actor, meeting_id=meeting_id, today=today())
    row = page.row
    agenda = "\n".join(f"{item.title} | {unit}" if unit else item.title for item, unit in page.agenda)
    initial = {"title": row.title, "at": row.at.astimezone(clock.LOCAL), "place": row.place, "agenda": agenda}
    form, status = forms.MeetingForm(sent(request), initial=initial), 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: actions.change_meeting(meeting_id=meeting_id, new=form.new(row.committee_id), **said(request)),
        )
        if not status:
            messages.success(request, _("已保存"))
            return redirect("alliances:meeting", meeting_id)
    return respond(request, "alliances/meeting_edit.html", None, {"form": form, "row": row}, status)


def _meeting(
    request: Request, meeting_id: int, *, named: str = "", form: Any = None, at: int = 0, status: int = 200
) -> HttpResponse:
    page = queries.get_meeting_page(viewer=request.actor, meeting_id=meeting_id, today=today())
    row = page.row
    shown: dict[str, Any] = {}
    if page.may_convene and row.status == MeetingStatus.CALLED:
        if row.at <= clock.now():
            shown["hold"] = forms.HeldForm(auto_id="hold_%s")
        shown["off"] = forms.ReasonForm(auto_id="off_%s")
    if page.may_convene and row.status == MeetingStatus.HELD:
        shown["add"] = forms.DecisionsForm(auto_id="add_%s")
    if named in shown:
        shown[named] = form
    may_report = request.actor.holds(CasePermission.REPORT, area_path=path_of(row.committee.area_ids))
    lines = []
    for view in page.decisions:
        line = decision_line(view)
        key = view.row.pk
        if view.may_settle:
            line["settle"] = forms.SettleForm(auto_id=f"settle{key}_%s")
            if page.may_convene:
                start = {"title": view.row.text[:60], "until_on": view.row.due_on}
                line["start"] = forms.StartForm(auto_id=f"start{key}_%s", initial=start)
                if may_report:
                    line["case"] = forms.CaseForm(auto_id=f"case{key}_%s", initial={"words": view.row.text})
        elif page.may_convene and view.row.status in (DecisionStatus.DONE, DecisionStatus.DROPPED):
            line["reopen"] = forms.ReasonForm(auto_id=f"reopen{key}_%s")
        if at == key and named in line:
            line[named] = form
        lines.append(line)
    context = {
        "page": page, "row": row, "colour": MEETING_COLOURS[row.status], "forms": shown, "lines": lines,
        "steps": steps_of(page.entries), "sees_projects": request.actor.holds("projects.project.view"),
    }  # fmt: skip
    return respond(request, "alliances/meeting.html", None, context, status)


@require_safe
@allow(SIGNED_IN)
def meeting(request: Request, meeting_id: int) -> HttpResponse:
    """Show one meeting: agenda, minutes, what it decided and what became of that."""
    return _meeting(request, meeting_id)


@require_POST
@allow(SIGNED_IN)
def meeting_deed(request: Request, meeting_id: int, name: str) -> HttpResponse:
    """Hold the meeting, call it off, or add what it decided."""
    kinds: dict[str, Any] = {"hold": forms.HeldForm, "off": forms.ReasonForm, "add": forms.DecisionsForm}
    if name not in kinds:
        raise NotFound(_("没有这项操作"))
    form = kinds[name](request.POST, auto_id=f"{name}_%s")

    def write() -> None:
        if name == "hold":
            actions.hold_meetings(held=[form.held(meeting_id)], **said(request))
        elif name == "off":
            actions.call_off_meeting(meeting_id=meeting_id, reason=form.cleaned_data["reason"], **said(request))
        else:
            actions.add_decisions(meeting_id=meeting_id, decisions=form.cleaned_data["decisions"], **said(request))

    status = attempt(form, write)
    if status:
        return _meeting(request, meeting_id, named=name, form=form, status=status)
    messages.success(request, _DONE[name])
    return redirect("alliances:meeting", meeting_id)


@require_POST
@allow(SIGNED_IN)
def decision_deed(request: Request, meeting_id: int, decision_id: int, name: str) -> HttpResponse:
    """Say what became of a decision, take that back, or carry it out as a project or a case."""
    kinds: dict[str, Any] = {
        "settle": forms.SettleForm, "reopen": forms.ReasonForm, "start": forms.StartForm, "case": forms.CaseForm,
    }  # fmt: skip
    if name not in kinds:
        raise NotFound(_("没有这项操作"))
    form = kinds[name](request.POST, auto_id=f"{name}{decision_id}_%s")

    def write() -> None:
        if name == "settle":
            actions.settle_decisions(settled=[form.settled(decision_id)], **said(request))
        elif name == "reopen":
            actions.reopen_decision(decision_id=decision_id, reason=form.cleaned_data["reason"], **said(request))
        elif name == "case":
            actions.make_decision_case(decision_id=decision_id, **form.cleaned_data, **said(request))
        else:
            actions.make_decision_project(decision_id=decision_id, **form.cleaned_data, **said(request))

    status = attempt(form, write)
    if status:
        return _meeting(request, meeting_id, named=name, form=form, at=decision_id, status=status)
    messages.success(request, _DONE[name])
    return redirect("alliances:meeting", meeting_id)


@require_safe
@allow(SIGNED_IN)
def decisions(request: Request) -> HttpResponse:
    """Show what committees decided and what became of it, those of the latest meetings first."""
    check_may_look(request)
    form = forms.DecisionFilterForm(request.GET, viewer=request.actor, today=today())
    wanted = form.wanted()
    page = queries.list_decisions(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    counted = queries.count_decisions(viewer=request.actor, wanted=wanted)
    asked = request.GET.copy()
    asked.pop("cursor", None)
    tabs = []
    for status, label in (("", _("全部")), *DecisionStatus.choices, (LATE, _("逾期"))):
        asked["status"] = status
        count = counted[status] if status else sum(counted[each] for each in DecisionStatus.values)
        tabs.append(
            {"label": label, "url": f"?{asked.urlencode()}", "current": wanted.status == status, "count": count}
        )
    views = queries.describe_decisions(page.rows, viewer=request.actor, today=today())
    context = {"form": form, "tabs": tabs, "page": page, "lines": [decision_line(view) for view in views]}
    return respond(request, "alliances/decisions.html", "alliances/_decisions.html", context)


@require_safe
@allow(SIGNED_IN)
def decisions_export(request: Request) -> HttpResponse:
    """Give the decisions that the list shows as a workbook."""
    check_may_look(request)
    wanted = forms.DecisionFilterForm(request.GET, viewer=request.actor, today=today()).wanted()
    rows = queries.filter_decisions(viewer=request.actor, wanted=wanted).order_by("pk")
    columns = [
        Column("number", "编号", kind=Cell.CODE), Column("committee", "委员会", width=24),
        Column("meeting", "会议", width=24), Column("on", "会议日期", kind=Cell.DATE), Column("text", "决议", width=40),
        Column("office", "责任单位", width=24), Column("due_on", "完成期限", kind=Cell.DATE), Column("status", "状态"),
        Column("outcome", "结果", width=40), Column("settled_on", "办结日期", kind=Cell.DATE),
        Column("project", "项目编号", kind=Cell.INTEGER), Column("case", "案件编号", kind=Cell.CODE),
    ]  # fmt: skip
    views = queries.describe_decisions(rows, viewer=request.actor, today=today())
    lines = [
        [
            view.row.number, view.committee_name, view.row.meeting.title, clock.local_date(view.row.meeting.at),
            view.row.text, view.office_name, view.row.due_on, view.row.get_status_display(), view.row.outcome,
            view.row.settled_on, view.row.project_id, view.case.number if view.case else "",
        ]
        for view in views
    ]  # fmt: skip
    return workbook(_("会议决议"), columns, lines)
