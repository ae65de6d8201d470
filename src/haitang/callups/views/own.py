"""The pages of those called, for the telephone: what I am called to, one press to answer, reporting on the spot."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.callups import actions, forms, queries
from haitang.callups.lifecycle import Status
from haitang.callups.queries import MyCall
from haitang.callups.values import COMES, Answer, Urgency
from haitang.callups.views.shared import ANSWERS, COLOURS, URGENCIES, base_for
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Conflict, NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said
from haitang.core.ui.pages import respond


def _line(view: MyCall) -> dict[str, Any]:
    call, callup = view.call, view.callup
    answer = Answer(call.answer)
    told, colour = str(answer.label), ANSWERS[answer]
    if call.here_at is not None:
        told, colour = _("已报到"), "green"
    elif call.turn is not None:
        told, colour = _("候补"), "orange"
    return {
        "view": view, "call": call, "row": callup, "told": told, "told_colour": colour,
        "status": callup.get_status_display(), "colour": COLOURS[Status(callup.status)],
        "urgency": callup.get_urgency_display(), "urgency_colour": URGENCIES[Urgency(callup.urgency)],
        "goes_on": callup.status == Status.OPEN,
    }  # fmt: skip


@never_cache
@require_safe
@allow(SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """Show the viewer what they are called to, and what they were."""
    going, over = queries.list_my_calls(viewer=request.actor, now=clock.now())
    context = {
        "going": [_line(view) for view in going], "over": [_line(view) for view in over],
        "is_registered": queries.is_registered(request.actor), "base": base_for(request.actor),
    }  # fmt: skip
    return respond(request, "callups/mine.html", None, context)


def _show(request: Request, callup_id: int, *, form: Any = None, status: int = 200) -> HttpResponse:
    view = queries.get_my_call(viewer=request.actor, callup_id=callup_id)
    call, row, held, now = view.call, view.callup, queries.callup_rules(), clock.now()
    answers_end = now >= row.answer_by
    may = row.status == Status.OPEN and call.here_at is None
    context = {
        **_line(view), "base": base_for(request.actor), "form": form or forms.OtherForm(),
        "may_answer": may and not answers_end, "may_give_back": may and answers_end and call.answer in COMES,
        "answers_end": answers_end, "late": held["reasons_late"], "cannot": held["reasons_cannot"],
        "comes": call.answer in COMES,
    }  # fmt: skip
    return respond(request, "callups/call.html", None, context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def call(request: Request, callup_id: int) -> HttpResponse:
    """Show one call to the viewer, with an answer at each press."""
    return _show(request, callup_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def answer(request: Request, callup_id: int) -> HttpResponse:
    """Answer a call."""
    form, done = forms.OtherForm(request.POST), []
    status = attempt(
        form, lambda: done.append(actions.answer_call(callup_id=callup_id, **form.cleaned_data, **said(request)))
    )
    if status:
        return _show(request, callup_id, form=form, status=status)
    messages.success(request, _answered(done[0]))
    return redirect("callups:call", callup_id)


def _answered(call: Any) -> str:
    if call.turn is not None:
        return _("人已够了，您排在候补，有空出的名额会马上告诉您")
    if call.answer == Answer.CANNOT:
        return _("已告诉召唤的人，谢谢您的答复")
    return _("已答复，谢谢您，现场见")


@form_page
@never_cache
@allow(SIGNED_IN)
def here(request: Request, callup_id: int, code: str) -> HttpResponse:
    """Report on the spot by the QR code: a look first, then one press."""
    row = queries.get_to_report(callup_id=callup_id, code=code)
    refused, status = "", 200
    if request.method == "POST":
        try:
            actions.report_here(callup_id=callup_id, code=code, **said(request))
        except (Conflict, NotFound) as refusal:
            refused, status = refusal.message, refusal.status
        else:
            messages.success(request, _("报到成功，谢谢您"))
            return redirect("callups:call", callup_id)
    context = {
        "row": row, "refused": refused, "base": base_for(request.actor),
        "is_registered": queries.is_registered(request.actor), "goes_on": row.status == Status.OPEN,
    }  # fmt: skip
    return respond(request, "callups/here.html", None, context, status)
