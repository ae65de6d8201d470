"""The pages of residents and helpers, for the telephone: shifts near me, one shift, signing up, reporting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.errors import Conflict, NotAllowed, NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said
from haitang.core.ui.pages import respond
from haitang.servicedays import actions, forms, queries
from haitang.servicedays.queries import NearView
from haitang.servicedays.values import LacksSkill, State
from haitang.servicedays.views.shared import base_for, told


def _line(near: NearView) -> dict[str, Any]:
    mine = near.mine if near.mine is not None and near.mine.state in (State.SIGNED, State.MISSED) else None
    word, colour = told(mine) if mine is not None else ("", "")
    km = f"{(near.metres or 0) / 1000:.1f}"
    shift = near.view.shift
    return {"near": near, "shift": shift, "day": shift.day, "told": word, "colour": colour, "km": km}


@never_cache
@require_safe
@allow(ANYONE)
def shifts(request: Request) -> HttpResponse:
    """Show the shifts to come, the nearest first, and what the viewer has signed up for."""
    now = clock.now()
    form = forms.NearForm(request.GET, is_registered=queries.is_registered(request.actor))
    found = queries.list_shifts_near(viewer=request.actor, now=now, area_code=form.code())
    coming, over = queries.list_my_shifts(viewer=request.actor, now=now)
    lines = [_line(near) for near in found]
    context = {
        "form": form, "near": [line for line in lines if line["near"].is_near],
        "far": [line for line in lines if not line["near"].is_near], "coming": [_line(near) for near in coming],
        "over": [_line(near) for near in over], "base": base_for(request.actor),
    }  # fmt: skip
    return respond(request, "servicedays/shifts.html", None, context)


def _show(request: Request, shift_id: int, *, form: Any = None, status: int = 200) -> HttpResponse:
    page, now = queries.get_my_shift(viewer=request.actor, shift_id=shift_id), clock.now()
    line = _line(page.near)
    shift, day, mine = line["shift"], line["day"], page.near.mine
    to_come = shift.begins_at > now and day.cancelled_at is None and shift.closed_at is None
    signed = mine if mine is not None and mine.state == State.SIGNED else None
    context = {
        **line, "page": page, "mine": mine, "base": base_for(request.actor), "form": form or forms.ReasonForm(),
        "may_sign": to_come and not signed and request.actor.id is not None and page.is_registered
        and not page.lacks and page.busy is None,
        "may_leave": to_come and signed is not None, "to_come": to_come, "is_full": not shift.left,
        "needs_assurance": to_come
        and signed is not None and signed.turn is None and signed.assured_at is None,
        "is_signed_in": request.actor.id is not None,
    }  # fmt: skip
    return respond(request, "servicedays/shift.html", None, context, status)


@never_cache
@require_safe
@allow(ANYONE)
def shift(request: Request, shift_id: int) -> HttpResponse:
    """Show one shift to anybody, with what the viewer can do there."""
    return _show(request, shift_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def own_deed(request: Request, shift_id: int, name: str) -> HttpResponse:
    """Sign up, confirm to come, or leave."""
    given = {"shift_id": shift_id, **said(request)}
    if name == "leave":
        form = forms.ReasonForm(request.POST)
        status = attempt(form, lambda: actions.leave_shift(**form.cleaned_data, **given))
        if status:
            return _show(request, shift_id, form=form, status=status)
        messages.success(request, _("已退出，谢谢您提前告知"))
        return redirect("servicedays:shift", shift_id)
    if name not in ("sign-up", "assure"):
        raise NotFound(_("没有这个页面"))
    try:
        row = actions.sign_up(**given) if name == "sign-up" else actions.assure_shift(**given)
    except (Conflict, NotAllowed, LacksSkill) as refusal:
        messages.error(request, refusal.message)
    else:
        waits = row.turn is not None
        done = _("已报满，您排在候补，有名额时会告诉您") if waits else _("报名成功，谢谢您")
        messages.success(request, done if name == "sign-up" else _("已确认，届时见"))
    return redirect("servicedays:shift", shift_id)


@form_page
@never_cache
@allow(SIGNED_IN)
def here(request: Request, shift_id: int, code: str) -> HttpResponse:
    """Report on the spot by the QR code: a look first, then one press."""
    row = queries.get_shift_to_report(shift_id=shift_id, code=code)
    mine, refused, status = queries.get_my_shift(viewer=request.actor, shift_id=shift_id), "", 200
    if request.method == "POST":
        try:
            actions.report_at_shift(shift_id=shift_id, code=code, **said(request))
        except (Conflict, NotFound) as refusal:
            refused, status = refusal.message, refusal.status
        else:
            messages.success(request, _("报到成功，谢谢您"))
            return redirect("servicedays:shift", shift_id)
    context = {
        "shift": row, "day": row.day, "refused": refused, "base": base_for(request.actor),
        "is_registered": mine.is_registered, "goes_on": row.closed_at is None and row.day.cancelled_at is None,
    }  # fmt: skip
    return respond(request, "servicedays/here.html", None, context, status)
