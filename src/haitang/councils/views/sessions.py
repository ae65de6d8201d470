"""The desk's pages of meetings: called, held, summed up; what they resolved carried out and settled."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.councils import actions, forms, policies, queries
from haitang.councils.lifecycle import ResolutionStatus, SessionStatus, Way
from haitang.councils.values import Permission
from haitang.councils.views.shared import SESSION_COLOURS, resolution_line, steps_of, today

_DONE = {
    "hold": gettext_lazy("已登记纪要"), "add": gettext_lazy("已补登议定事项"), "off": gettext_lazy("已取消会议"),
    "publish": gettext_lazy("已公开摘要"), "settle": gettext_lazy("已登记办理结果"),
    "reopen": gettext_lazy("已重新办理"), "case": gettext_lazy("已转为案件，结案后自动落实"),
    "project": gettext_lazy("已立项，验收后自动落实"), "vote": gettext_lazy("已准备表决，结果出来后自动登记"),
}  # fmt: skip


@never_cache
@form_page
@allow(Permission.CONVENE)
def session_new(request: Request, council_id: int) -> HttpResponse:
    """Call a council to a meeting."""
    council = queries.get_council(council_id)
    policies.check_can_convene(request.actor, council)
    picked = request.GET.getlist("topic")
    topics = queries.list_open_topics(council.area_path)
    form = forms.SessionForm(sent(request), topics=topics, initial={"title": council.name, "topics": picked})
    status, made = 200, []  # type: int, list[int]
    if request.method == "POST":
        status = attempt(
            form, lambda: made.append(actions.call_sessions(news=[form.new(council_id)], **said(request))[0].pk)
        )
        if not status:
            messages.success(request, _("已召集，有账号的成员会收到通知"))
            return redirect("councils:desk_session", made[0])
    return respond(request, "councils/session_form.html", None, {"form": form, "row": council}, status)


@never_cache
@form_page
@allow(Permission.CONVENE)
def session_change(request: Request, session_id: int) -> HttpResponse:
    """Write the call to a meeting anew."""
    page = queries.get_session_page(viewer=request.actor, session_id=session_id, today=today())
    row = page.row
    tabled = [item.topic for item in page.items if item.topic is not None]
    initial = {
        "title": row.title, "at": row.at.astimezone(clock.LOCAL), "place": row.place,
        "topics": [str(each.pk) for each in tabled],
        "items": "\n".join(item.title for item in page.items if item.topic is None),
    }  # fmt: skip
    topics = [*tabled, *queries.list_open_topics(row.council.area_path)]
    form, status = forms.SessionForm(sent(request), topics=topics, initial=initial), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_session(session_id=session_id, new=form.new(row.council_id), **said(request))
        )
        if not status:
            messages.success(request, _("已保存"))
            return redirect("councils:desk_session", session_id)
    context = {"form": form, "row": row.council, "session": row}
    return respond(request, "councils/session_form.html", None, context, status)


def _ways(request: Request, area_path: str) -> dict[str, Any]:
    """Return what a form for bringing a resolution to a vote offers this viewer: votes, and what these ask for."""
    choices = queries.list_votings(viewer=request.actor, area_path=area_path)
    matters = {code: label for each in choices for code, label in each.matters.items()}
    return {"ways": [(each.code, each.label) for each in choices], "matters": matters}


def _forms_of(request: Request, page: Any) -> dict[str, Any]:
    """Return what this viewer can do with the meeting itself now."""
    row = page.row
    if not page.may_convene:
        return {}
    if row.status == SessionStatus.CALLED:
        could: dict[str, Any] = {"off": forms.ReasonForm(auto_id="off_%s")}
        if row.at <= clock.now():
            could["hold"] = forms.HeldForm(auto_id="hold_%s", members=page.members)
        return could
    if row.status == SessionStatus.HELD:
        return {
            "add": forms.ResolutionsForm(auto_id="add_%s"),
            "publish": forms.SummaryForm(auto_id="publish_%s", initial={"summary": row.summary}),
        }
    return {}


def _session(
    request: Request, session_id: int, *, named: str = "", form: Any = None, at: int = 0, status: int = 200
) -> HttpResponse:
    page = queries.get_session_page(viewer=request.actor, session_id=session_id, today=today())
    row = page.row
    could = _forms_of(request, page)
    if named in could and not at:
        could[named] = form
    area_path = row.council.area_path
    may_report = request.actor.holds(CasePermission.REPORT, area_path=area_path)
    ways = _ways(request, area_path)
    lines = []
    for view in page.resolutions:
        line, key = resolution_line(view), view.row.pk
        if view.may_settle:
            line["settle"] = forms.SettleForm(auto_id=f"settle{key}_%s")
            if page.may_convene and view.row.way == Way.OWN:
                title = view.row.text[:60]
                line["project"] = forms.ProjectForm(
                    auto_id=f"project{key}_%s", initial={"title": title, "until_on": view.row.due_on}
                )
                if may_report:
                    line["case"] = forms.CaseForm(auto_id=f"case{key}_%s", initial={"words": view.row.text})
                if ways["ways"]:
                    line["vote"] = forms.VotingForm(auto_id=f"vote{key}_%s", initial={"title": title}, **ways)
        elif page.may_convene and view.row.status != ResolutionStatus.OPEN:
            line["reopen"] = forms.ReasonForm(auto_id=f"reopen{key}_%s")
        if at == key and named in line:
            line[named] = form
        lines.append(line)
    context = {
        "page": page, "row": row, "colour": SESSION_COLOURS[row.status], "forms": could, "lines": lines,
        "steps": steps_of(page.entries), "sees_projects": request.actor.holds("projects.project.view"),
    }  # fmt: skip
    return respond(request, "councils/desk_session.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def desk_session(request: Request, session_id: int) -> HttpResponse:
    """Show one meeting to staff: agenda, minutes, what it resolved and what became of that."""
    return _session(request, session_id)


@require_POST
@never_cache
@allow(Permission.CONVENE)
def session_deed(request: Request, session_id: int, name: str) -> HttpResponse:
    """Hold the meeting, call it off, publish its summary, or add what it resolved."""
    form: Any
    if name == "hold":
        page = queries.get_session_page(viewer=request.actor, session_id=session_id, today=today())
        form = forms.HeldForm(request.POST, auto_id="hold_%s", members=page.members)
    elif name in ("off", "add", "publish"):
        kinds: dict[str, Any] = {"off": forms.ReasonForm, "add": forms.ResolutionsForm, "publish": forms.SummaryForm}
        form = kinds[name](request.POST, auto_id=f"{name}_%s")
    else:
        raise NotFound(_("没有这项操作"))

    def write() -> None:
        if name == "hold":
            actions.hold_sessions(held=[form.held(session_id)], **said(request))
        elif name == "off":
            actions.call_off_session(session_id=session_id, **form.cleaned_data, **said(request))
        elif name == "add":
            actions.add_resolutions(session_id=session_id, **form.cleaned_data, **said(request))
        else:
            actions.publish_session_summary(session_id=session_id, **form.cleaned_data, **said(request))

    status = attempt(form, write)
    if status:
        return _session(request, session_id, named=name, form=form, status=status)
    messages.success(request, _DONE[name])
    return redirect("councils:desk_session", session_id)


@require_POST
@never_cache
@allow(Permission.VIEW)
def resolution_deed(request: Request, session_id: int, resolution_id: int, name: str) -> HttpResponse:
    """Say what became of a resolution, take that back, or carry it out as a case, a project or a vote."""
    kinds: dict[str, tuple[Any, Any]] = {
        "settle": (forms.SettleForm, actions.settle_resolution),
        "reopen": (forms.ReasonForm, actions.reopen_resolution),
        "case": (forms.CaseForm, actions.make_resolution_case),
        "project": (forms.ProjectForm, actions.make_resolution_project),
        "vote": (forms.VotingForm, actions.bring_resolution_to_vote),
    }  # fmt: skip
    if name not in kinds:
        raise NotFound(_("没有这项操作"))
    kind, action = kinds[name]
    more: dict[str, Any] = {}
    if name == "vote":
        more = _ways(request, queries.get_session(session_id).council.area_path)
    form = kind(request.POST, auto_id=f"{name}{resolution_id}_%s", **more)
    status = attempt(form, lambda: action(resolution_id=resolution_id, **form.cleaned_data, **said(request)))
    if status:
        return _session(request, session_id, named=name, form=form, at=resolution_id, status=status)
    messages.success(request, _DONE[name])
    return redirect("councils:desk_session", session_id)
