"""The desk: councils and their members, topics to be read, questions, all resolutions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.councils import actions, forms, queries
from haitang.councils.lifecycle import QuestionStatus, ResolutionStatus, TopicStatus
from haitang.councils.queries import LATE
from haitang.councils.values import Permission
from haitang.councils.views.shared import (
    SESSION_COLOURS,
    question_line,
    resolution_line,
    steps_of,
    today,
    topic_line,
)


@never_cache
@require_safe
@allow(Permission.VIEW)
def desk(request: Request) -> HttpResponse:
    """Show the councils there are."""
    form = forms.CouncilFilterForm(request.GET, viewer=request.actor)
    page = queries.list_councils(today=today(), cursor=request.GET.get("cursor", ""), **form.wanted())
    context = {
        "form": form, "page": page, "lines": queries.describe_councils(page.rows, today()),
        "may_convene": bool(request.actor.areas(Permission.CONVENE)),
    }  # fmt: skip
    return respond(request, "councils/desk.html", "councils/_desk.html", context)


@require_safe
@allow(Permission.VIEW)
def desk_export(request: Request) -> HttpResponse:
    """Give the councils that the list shows as a workbook."""
    wanted = forms.CouncilFilterForm(request.GET, viewer=request.actor).wanted()
    rows = queries.filter_councils(today=today(), **wanted).order_by("area__code", "pk")
    number = Cell.INTEGER
    columns = [
        Column("kind", "类型"), Column("name", "名称", width=28), Column("area", "区域", width=28),
        Column("organization", "召集单位", width=28), Column("habit", "多久一次"),
        Column("members", "成员", kind=number), Column("sessions", "今年议事", kind=number),
        Column("open", "办理中", kind=number), Column("late", "逾期", kind=number),
        Column("from_date", "成立日期", kind=Cell.DATE),
    ]  # fmt: skip
    lines = [
        [
            view.kind.name, view.row.name, view.area_name, view.organization_name, view.habit, view.members,
            view.sessions, view.open, view.late, view.row.from_date,
        ]
        for view in queries.describe_councils(rows, today())
    ]  # fmt: skip
    return workbook(_("议事组织"), columns, lines)


@never_cache
@form_page
@allow(Permission.CONVENE)
def desk_new(request: Request) -> HttpResponse:
    """Set a council up."""
    form = forms.CouncilForm(sent(request), viewer=request.actor, initial={"from_date": today()})
    status, made = 200, []  # type: int, list[int]
    if request.method == "POST":
        status = attempt(form, lambda: made.append(actions.set_up_councils(news=[form.new()], **said(request))[0].pk))
        if not status:
            messages.success(request, _("已成立"))
            return redirect("councils:desk_council", made[0])
    context = {"form": form, "kinds": [each for each in queries.rules().kinds if each.is_active]}
    return respond(request, "councils/desk_new.html", None, context, status)


def _council(request: Request, council_id: int, shown: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    page = queries.get_council_page(viewer=request.actor, council_id=council_id, today=today())
    row = page.view.row
    could: dict[str, Any] = {}
    if page.may_convene and row.to_date is None:
        could = {
            "seat": forms.MemberForm(auto_id="seat_%s", initial={"from_date": today()}),
            "end": forms.EndForm(auto_id="end_%s", initial={"on": today()}),
            "draw": forms.DrawForm(auto_id="draw_%s"), **(shown or {}),
        }  # fmt: skip
    context = {
        "page": page, "view": page.view, "row": row, "forms": could, "today": today(),
        "members": [each for each in page.members if each.to_date is None or each.to_date > today()],
        "left": [each for each in page.members if each.to_date is not None and each.to_date <= today()],
        "sessions": [(each, SESSION_COLOURS[each.status]) for each in page.sessions],
        "draws": queries.list_draws(council_id), "steps": steps_of(page.entries),
    }  # fmt: skip
    return respond(request, "councils/desk_council.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def desk_council(request: Request, council_id: int) -> HttpResponse:
    """Show one council to staff: members, meetings, draws."""
    return _council(request, council_id)


@require_POST
@never_cache
@allow(Permission.CONVENE)
def council_deed(request: Request, council_id: int, name: str) -> HttpResponse:
    """Seat a member, announce a draw, or end the council."""
    kinds: dict[str, Any] = {"seat": forms.MemberForm, "end": forms.EndForm, "draw": forms.DrawForm}
    if name not in kinds:
        raise NotFound(_("没有这项操作"))
    form = kinds[name](request.POST, auto_id=f"{name}_%s")
    made: list[int] = []

    def write() -> None:
        if name == "seat":
            actions.seat_council_members(news=[form.new(council_id)], **said(request))
        elif name == "end":
            actions.end_council(council_id=council_id, **form.cleaned_data, **said(request))
        else:
            made.append(actions.announce_draw(council_id=council_id, **form.cleaned_data, **said(request)).pk)

    status = attempt(form, write)
    if status:
        return _council(request, council_id, {name: form}, status)
    done = {"seat": _("成员已就任"), "end": _("已撤销"), "draw": _("已公布种子摘要，可以登记名单了")}
    messages.success(request, done[name])
    return redirect("councils:desk_draw", made[0]) if made else redirect("councils:desk_council", council_id)


@never_cache
@form_page
@allow(Permission.CONVENE)
def member(request: Request, council_id: int, member_id: int) -> HttpResponse:
    """Let a member leave."""
    page = queries.get_council_page(viewer=request.actor, council_id=council_id, today=today())
    found = next((each for each in page.members if each.pk == member_id and each.to_date is None), None)
    if found is None:
        raise NotFound(_("没有这名成员，或已经离任"))
    form, status = forms.EndForm(sent(request), initial={"on": today()}), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.let_member_leave(member_id=member_id, **form.cleaned_data, **said(request))
        )
        if not status:
            messages.success(request, _("已离任"))
            return redirect("councils:desk_council", council_id)
    context = {"form": form, "member": found, "row": page.view.row}
    return respond(request, "councils/member.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def desk_topics(request: Request) -> HttpResponse:
    """Show what residents raised."""
    form = forms.InboxForm(request.GET, viewer=request.actor, statuses=TopicStatus)
    page = queries.list_topics(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    lines = [topic_line(view) for view in queries.describe_topics(page.rows, said(request)["now"])]
    return respond(
        request, "councils/desk_topics.html", "councils/_desk_topics.html", {"form": form, "page": page, "lines": lines}
    )


@never_cache
@form_page
@allow(Permission.VIEW)
def desk_topic(request: Request, topic_id: int) -> HttpResponse:
    """Show one topic to staff; take it up, or say why not."""
    now = said(request)["now"]
    page = queries.get_topic_page(viewer=request.actor, topic_id=topic_id, now=now, today=today())
    form, status = forms.ReasonForm(), 200
    if request.method == "POST":
        if request.POST.get("deed") == "accept":
            actions.accept_topics(topic_ids=[topic_id], **said(request))
            messages.success(request, _("已采纳，等待列入议程"))
            return redirect("councils:desk_topic", topic_id)
        form = forms.ReasonForm(request.POST)
        status = attempt(form, lambda: actions.deny_topic(topic_id=topic_id, **form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("已处理，提议人会看到原因"))
            return redirect("councils:desk_topic", topic_id)
    row = page.view.row
    context = {
        "page": page, "row": row, "line": topic_line(page.view), "form": form, "steps": steps_of(page.entries),
        "may_accept": page.may_moderate and row.status == TopicStatus.WAITING,
        "may_deny": page.may_moderate and row.status in (TopicStatus.WAITING, TopicStatus.ACCEPTED),
        "councils": queries.list_councils_around(row.area_ids, today()) if row.status == TopicStatus.ACCEPTED else [],
        "lines": [resolution_line(view) for view in page.resolutions],
    }  # fmt: skip
    return respond(request, "councils/desk_topic.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def desk_questions(request: Request) -> HttpResponse:
    """Show what residents asked."""
    form = forms.InboxForm(request.GET, viewer=request.actor, statuses=QuestionStatus)
    page = queries.list_questions(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    views = queries.describe_questions(page.rows, viewer=request.actor, now=said(request)["now"])
    context = {"form": form, "page": page, "lines": [question_line(view) for view in views]}
    return respond(request, "councils/desk_questions.html", "councils/_desk_questions.html", context)


@never_cache
@require_safe
@allow(Permission.VIEW)
def resolutions(request: Request) -> HttpResponse:
    """Show what councils resolved, and what became of it."""
    form = forms.ResolutionFilterForm(request.GET, viewer=request.actor, today=today())
    wanted = form.wanted()
    page = queries.list_resolutions(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    counts = queries.count_resolutions(viewer=request.actor, wanted=wanted)
    given = request.GET.copy()
    given.pop("cursor", None)
    tabs = []
    for status, label in [*ResolutionStatus.choices, (LATE, _("逾期"))]:
        given["status"] = status
        tabs.append({
            "label": label, "url": f"?{given.urlencode()}", "current": wanted.status == status,
            "count": counts[status],
        })  # fmt: skip
    views = queries.describe_resolutions(page.rows, viewer=request.actor, today=today())
    context = {"form": form, "page": page, "tabs": tabs, "lines": [resolution_line(view) for view in views]}
    return respond(request, "councils/resolutions.html", "councils/_resolutions.html", context)


@require_safe
@allow(Permission.VIEW)
def resolutions_export(request: Request) -> HttpResponse:
    """Give the resolutions that the list shows as a workbook."""
    wanted = forms.ResolutionFilterForm(request.GET, viewer=request.actor, today=today()).wanted()
    rows = queries.filter_resolutions(viewer=request.actor, wanted=wanted).order_by("pk")
    columns = [
        Column("number", "编号", kind=Cell.CODE), Column("council", "议事组织", width=24),
        Column("session", "会议", width=24), Column("on", "会议日期", kind=Cell.DATE),
        Column("text", "议定事项", width=40), Column("office", "责任单位", width=24),
        Column("due_on", "完成期限", kind=Cell.DATE), Column("status", "状态"), Column("way", "办理方式"),
        Column("outcome", "结果", width=40), Column("settled_on", "办结日期", kind=Cell.DATE),
        Column("case", "案件编号", kind=Cell.CODE),
    ]  # fmt: skip
    lines = [
        [
            view.row.number, view.council_name, view.row.session.title, clock.local_date(view.row.session.at),
            view.row.text, view.office_name, view.row.due_on, view.row.get_status_display(),
            view.row.get_way_display(), view.row.outcome, view.row.settled_on, view.case.number if view.case else "",
        ]
        for view in queries.describe_resolutions(rows, viewer=request.actor, today=today())
    ]  # fmt: skip
    return workbook(_("议定事项"), columns, lines)
