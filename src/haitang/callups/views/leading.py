"""The caller's pages: the list, a new call-up with a look at how many it calls, and the page to watch it on."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.callups import actions, forms, queries
from haitang.callups.lifecycle import Status
from haitang.callups.queries import CallLine
from haitang.callups.values import Answer, Group, Permission, Urgency
from haitang.callups.views.shared import ANSWERS, COLOURS, URGENCIES
from haitang.core import clock, qr
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Conflict, NotFound
from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.volunteers.values import Permission as RegisterPermission

LATEST = 12


@require_safe
@allow(Permission.VIEW)
def callups(request: Request) -> HttpResponse:
    """Show the call-ups within reach, the latest first."""
    status = request.GET.get("status", "")
    status = status if status in Status.values else ""
    page = queries.list_callups(viewer=request.actor, status=status, cursor=request.GET.get("cursor", ""))
    here = reverse("callups:list")
    tabs = [
        {"label": label, "url": f"{here}?status={value}" if value else here, "current": value == status}
        for value, label in (("", _("全部")), *Status.choices)
    ]
    lines = [
        (view, COLOURS[Status(view.row.status)], URGENCIES[Urgency(view.row.urgency)])
        for view in queries.describe_callups(page.rows)
    ]
    context = {"page": page, "lines": lines, "tabs": tabs, "may_call": request.actor.holds(Permission.CALL)}
    return respond(request, "callups/list.html", "callups/_list.html", context)


@form_page
@never_cache
@allow(Permission.CALL)
def callup_new(request: Request) -> HttpResponse:
    """Fill in a call-up, look at how many it calls, and call them."""
    now = clock.now()
    form, status, made = forms.CallUpForm(sent(request), viewer=request.actor, now=now), 200, []
    counted: list[int] = []
    if request.method == "POST":

        def write() -> None:
            new = form.new()
            if "call" in request.POST:
                made.append(actions.start_callup(new=new, **said(request)))
                return
            found = queries.find_called(
                viewer=request.actor, whom=new.whom, begins_at=new.begins_at, ends_at=new.ends_at, now=now
            )
            counted.append(len(found))

        status = attempt(form, write) or 200
    if made:
        messages.success(request, _("已召唤 %(n)d 人，答复会在这里实时出现") % {"n": made[0].called})
        return redirect("callups:callup", made[0].pk)
    context = {"form": form, "counted": counted[0] if counted else None}
    return respond(request, "callups/new.html", None, context, status)


def _line(line: CallLine) -> dict[str, Any]:
    call = line.call
    answer = Answer(call.answer)
    return {
        "call": call, "name": line.name or _("已撤回登记"), "area": line.area_name, "has_account": line.has_account,
        "answer": _("候补") if call.turn is not None else answer.label,
        "colour": "orange" if call.turn is not None else ANSWERS[answer],
    }  # fmt: skip


def _live(request: Request, callup_id: int) -> dict[str, Any]:
    """Return what the watched part of a call-up's page shows."""
    page = queries.get_callup_page(viewer=request.actor, callup_id=callup_id)
    row, counted = page.view.row, page.view.counted
    people = reverse("callups:people", args=[row.pk])
    groups = [
        {"label": group.label, "value": counted.of(group), "url": f"{people}?group={group.value}"} for group in Group
    ]
    groups[0]["label"] = _("已召唤")
    latest = queries.list_called(viewer=request.actor, callup_id=callup_id)
    answered = [_line(line) for line in latest.rows if line.call.answered_at is not None][:LATEST]
    return {
        "page": page, "row": row, "counted": counted, "groups": groups, "latest": answered,
        "come": counted.coming + counted.late, "colour": COLOURS[Status(row.status)],
        "urgency_colour": URGENCIES[Urgency(row.urgency)], "goes_on": row.status == Status.OPEN,
    }  # fmt: skip


def _show(
    request: Request, callup_id: int, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = _live(request, callup_id)
    row, page = context["row"], context["page"]
    shown: dict[str, Any] = {}
    if context["goes_on"] and page.may_lead:
        now = clock.now()
        ended = min(row.ends_at, now) if row.begins_at < now else None
        shown = {
            "change": forms.ChangeForm(
                initial={"places": row.places, "answer_by": forms.local(row.answer_by)}, auto_id="change_%s"
            ),
            "cancel": forms.CancelForm(auto_id="cancel_%s"),
            **({"close": forms.CloseForm(initial={"ended_at": forms.local(ended)}, auto_id="close_%s")}
               if ended else {}),
        }  # fmt: skip
    steps = [
        {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
         "organization": entry.organization_name, "text": entry.data.get("reason", "")}
        for entry in page.entries if entry.fact != "CallPromoted"
    ]  # fmt: skip
    context |= {"forms": {**shown, **(refused or {})}, "steps": steps}
    return respond(request, "callups/callup.html", "callups/_live.html", context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def callup(request: Request, callup_id: int) -> HttpResponse:
    """Show a call-up with its numbers and the latest answers as they come in."""
    return _show(request, callup_id)


@require_POST
@never_cache
@allow(Permission.CALL)
def deed(request: Request, callup_id: int, name: str) -> HttpResponse:
    """Change, close or cancel a call-up."""
    given, typed = {"callup_id": callup_id, **said(request)}, sent(request)
    known: dict[str, tuple[Any, Any, str]] = {
        "change": (forms.ChangeForm, actions.change_callup, _("已修改")),
        "close": (forms.CloseForm, actions.close_callup, _("已结束，服务时长已记到本人名下")),
        "cancel": (forms.CancelForm, actions.cancel_callup, _("已取消，正在通知被召唤的人")),
    }
    if name not in known:
        raise NotFound(_("没有这个页面"))
    kind, action, done = known[name]
    form = kind(typed, auto_id=f"{name}_%s")
    status = attempt(form, lambda: action(**form.cleaned_data, **given))
    if status:
        return _show(request, callup_id, refused={name: form}, status=status)
    messages.success(request, done)
    return redirect("callups:callup", callup_id)


@never_cache
@require_safe
@allow(SIGNED_IN)
def people(request: Request, callup_id: int) -> HttpResponse:
    """Show those called, group by group, where answers given by telephone are taken down."""
    page = queries.get_callup_page(viewer=request.actor, callup_id=callup_id)
    group = request.GET.get("group", Group.ALL.value)
    group = group if group in Group.values else Group.ALL.value
    rows = queries.list_called(
        viewer=request.actor, callup_id=callup_id, group=group, cursor=request.GET.get("cursor", "")
    )
    tabs = [
        {"label": each.label, "url": f"{request.path}?group={each.value}", "current": each == group,
         "count": page.view.counted.of(each)}
        for each in Group
    ]  # fmt: skip
    context = {
        "page": rows, "callup": page.view.row, "group": group, "tabs": tabs,
        "lines": [_line(line) for line in rows.rows],
        "may_lead": page.may_lead and page.view.row.status == Status.OPEN,
        "may_telephone": request.actor.holds(RegisterPermission.VIEW), "without_account": page.without_account,
        "answers": [(each.value, each.label) for each in Answer if each != Answer.NONE],
    }  # fmt: skip
    return respond(request, "callups/people.html", "callups/_people.html", context)


@require_POST
@never_cache
@allow(Permission.CALL)
def take_down(request: Request, callup_id: int, call_id: int) -> HttpResponse:
    """Take down what somebody has said by telephone, or that they are there."""
    given = {"callup_id": callup_id, "call_id": call_id, **said(request)}
    answer = request.POST.get("answer", "")
    try:
        if answer == Group.HERE:
            call = actions.take_down_report(**given)
        else:
            call = actions.take_down_answer(answer=answer, reason=request.POST.get("reason", ""), **given)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已记录，进入候补") if call.turn is not None else _("已记录"))
    group = request.POST.get("group", "")
    return redirect(reverse("callups:people", args=[callup_id]) + (f"?group={group}" if group in Group.values else ""))


def _address(request: Request, row: Any) -> str:
    return request.build_absolute_uri(reverse("callups:here", args=[row.pk, row.code]))


@never_cache
@require_safe
@allow(Permission.CALL)
def poster(request: Request, callup_id: int) -> HttpResponse:
    """Show the QR code for reporting, for the screen on the spot or to be printed."""
    row = _led(request, callup_id)
    return respond(request, "callups/poster.html", None, {"row": row, "address": _address(request, row)})


@never_cache
@require_safe
@allow(Permission.CALL)
def code_image(request: Request, callup_id: int) -> HttpResponse:
    """Give the QR code for reporting as a picture."""
    return HttpResponse(qr.as_svg(_address(request, _led(request, callup_id))), content_type="image/svg+xml")


def _led(request: Request, callup_id: int) -> Any:
    page = queries.get_callup_page(viewer=request.actor, callup_id=callup_id)
    if not page.may_lead:
        raise NotFound(_("没有这个页面"))
    return page.view.row
