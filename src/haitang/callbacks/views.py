"""The box of those who call back, one call-back, and the rules."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.callbacks import actions, forms, queries
from haitang.callbacks.queries import CallbackPage, CallbackView
from haitang.callbacks.values import Answer, Outcome, Permission, State, Via
from haitang.cases.queries import CasePage
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Conflict, Invalid
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import Panel

_COLOURS = {State.WAITING: "blue", State.ANSWERED: "green", State.FAILED: "orange", State.WITHDRAWN: "grey"}
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(Permission.ANSWER)
def box(request: Request) -> HttpResponse:
    """Show whom to call: now, later, and who has been called."""
    labels = {"ready": _("现在可回访"), "waiting": _("全部待回访"), "ended": _("已完成")}
    state = request.GET.get("state", "ready")
    state = state if state in labels else "ready"
    now = clock.now()
    page = queries.list_callbacks(
        viewer=request.actor, state=state, now=now, cursor=request.GET.get("cursor", "")
    )  # fmt: skip
    tabs = [
        {
            "label": label, "url": f"{reverse('callbacks:list')}?state={name}", "current": name == state,
            "count": page.total if name == state else None,
        }
        for name, label in labels.items()
    ]  # fmt: skip
    context = {"state": state, "tabs": tabs, "page": page, "lines": [_line(row, now) for row in page.rows]}
    return respond(request, "callbacks/box.html", "callbacks/_box.html", context)


@form_page
@allow(Permission.ANSWER)
def task(request: Request, callback_id: int) -> HttpResponse:
    """Show one call-back; when a call was written down, go on to the next that waits."""
    form = forms.CallForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = actions.record_call(
                    actor=request.actor, callback_id=callback_id, now=clock.now(), **form.given()
                )
            except (Invalid, Conflict) as refusal:
                _put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _told(done))
                return redirect("callbacks:task" if done.state == State.ANSWERED else "callbacks:list", *(
                    [callback_id] if done.state == State.ANSWERED else []
                ))  # fmt: skip
    return _show(request, callback_id, form=form, status=status)


@require_POST
@allow(Permission.ANSWER)
@never_cache
def contact(request: Request, callback_id: int) -> HttpResponse:
    """Show the reporter's telephone in full, this once; who looked is recorded."""
    shown = actions.unmask_for_callback(actor=request.actor, callback_id=callback_id, now=clock.now())
    return _show(request, callback_id, form=forms.CallForm(), contact=shown)


@form_page
@allow(Permission.MANAGE)
def rules(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    kept = queries.list_rules_kept(viewer=request.actor)
    form = forms.RulesForm(
        request.POST if request.method == "POST" else None, values={each.key: each.value for each in kept}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    for key, value in form.changed().items():
                        actions.change_callback_rule(actor=request.actor, key=key, value=value, now=clock.now())
            except Invalid as refusal:
                _put_on(form, refusal)
            else:
                messages.success(request, _("设置已保存") if form.changed() else _("没有改动"))
                return redirect("callbacks:rules")
    fields = {"score_scale": ("satisfied", "basically")}
    lines = [([form[name] for name in fields.get(each.key, (each.key,))], each.source) for each in kept]
    return respond(request, "callbacks/rules.html", None, {"form": form, "lines": lines}, status)


def case_panel(request: Any, page: CasePage) -> Panel | None:
    """Return the call-backs of a case for its page; None without any that the viewer may know of."""
    found = queries.list_callbacks_of(viewer=request.actor, case=page.view.case)
    if not found:
        return None
    return Panel("callbacks/_panel.html", {"callbacks": [_round(each) for each in found]})


def _put_on(form: Any, refusal: Any) -> None:
    fields = {name: text for name, text in getattr(refusal, "fields", {}).items() if name in form.fields}
    for field, text in fields.items():
        form.add_error(field, text)
    if not fields:
        form.add_error(None, refusal.message)


def _told(done: Any) -> str:
    if done.state == State.ANSWERED and done.reopened:
        return _("已记录。诉求人的回答为否定，案件已退回原承办单位重办")
    if done.state == State.ANSWERED:
        return _("已记录回访结果")
    if done.state == State.FAILED:
        return _("已记录。此项回访未能完成，不再重打")
    return _("已记录，稍后再打")


def _show(
    request: Request, callback_id: int, *, form: forms.CallForm, contact: Any = None, status: int = 200
) -> HttpResponse:
    page = queries.get_callback(viewer=request.actor, callback_id=callback_id)
    now = clock.now()
    callback = page.row.callback
    context = {
        "page": page, "form": form, "contact": contact, "line": _line(page.row, now),
        "is_waiting": callback.state == State.WAITING,
        "is_ready": callback.next_at is not None and callback.next_at <= now,
        "rounds": [_round(each) for each in page.rounds],
        "steps": _steps(page),
        "may_see_case": True,
    }  # fmt: skip
    return respond(request, "callbacks/task.html", None, context, status)


def _line(row: CallbackView, now: Any) -> dict[str, Any]:
    callback, view = row.callback, row.view
    state = State(callback.state)
    return {
        "url": reverse("callbacks:task", args=[callback.pk]), "case_url": reverse("cases:case", args=[view.case.pk]),
        "number": view.case.number, "round": callback.round, "state": state.label, "colour": _COLOURS[state],
        "description": view.case.description, "place": view.case.place, "area": view.area_name,
        "is_confidential": view.case.is_confidential, "category": view.category.name if view.category else "",
        "desk": view.organization.name if view.organization else "", "result": row.result,
        "reporter": f"{view.reporter_name} {view.reporter_phone}".strip(), "next_at": callback.next_at,
        "due_at": callback.due_at, "is_late": callback.next_at is not None and now > callback.due_at,
        "attempts": callback.attempts, "ended_at": callback.ended_at, "closed_at": view.case.closed_at,
        "answer": answer_text(callback), "reopened": callback.reopened, "is_valid": callback.is_valid,
    }  # fmt: skip


def _round(callback: Any) -> dict[str, Any]:
    state = State(callback.state)
    return {
        "round": callback.round, "state": state.label, "colour": _COLOURS[state], "ended_at": callback.ended_at,
        "due_at": callback.due_at, "answer": answer_text(callback), "words": callback.words,
        "reopened": callback.reopened, "url": reverse("callbacks:task", args=[callback.pk]),
        "via": Via(callback.via).label if callback.via else "", "is_valid": callback.is_valid,
    }  # fmt: skip


def _steps(page: CallbackPage) -> list[dict[str, Any]]:
    return [
        {
            "title": Outcome(call.outcome).label, "at": call.at, "who": call.by_name, "text": call.note,
            "colour": "green" if call.outcome == Outcome.ANSWERED else "orange",
        }
        for call in page.calls
    ]  # fmt: skip


def answer_text(callback: Any) -> str:
    """Return the answer in a few words; "" where there is none."""
    return Answer(callback.is_contacted, callback.is_solved, callback.satisfaction).in_words()
