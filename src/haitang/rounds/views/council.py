"""The council: the keeper's sitting, and the member's own page on a telephone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.rounds import actions, forms, queries
from haitang.rounds.values import Permission
from haitang.rounds.views.shared import base_for, today


@never_cache
@require_safe
@allow(SIGNED_IN)
def own_sittings(request: Request) -> HttpResponse:
    """Show the open sittings in which the viewer has a seat."""
    rows = queries.list_own_sittings(viewer=request.actor)
    return respond(request, "rounds/council.html", None, {"sittings": rows, "base": base_for(request.actor)})


@never_cache
@form_page
@allow(SIGNED_IN)
def own_sitting(request: Request, sitting_id: int) -> HttpResponse:
    """Let a member say what they think of each proposal; changed until the sitting is closed."""
    seat, agenda = queries.get_own_seat(viewer=request.actor, sitting_id=sitting_id)
    form = forms.HandsForm(sent(request), agenda=[(item.proposal, said_) for item, said_ in agenda])
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.give_hand(sitting_id=sitting_id, hands=form.hands(), **said(request))
        )  # fmt: skip
        if not status:
            messages.success(request, _("已记下，散会以前可以改"))
            return redirect("rounds:own_sitting", sitting_id)
    fields = [(item.proposal, form[f"hand_{item.proposal_id}"]) for item, _said in agenda]
    context = {"seat": seat, "fields": fields, "form": form, "base": base_for(request.actor)}
    return respond(request, "rounds/own_sitting.html", None, context, status)


@form_page
@allow(Permission.COUNCIL)
def sitting_new(request: Request, pot_id: int) -> HttpResponse:
    """Open a sitting about the proposals of a pot that wait for it."""
    pot = queries.get_pot(viewer=request.actor, pot_id=pot_id)
    form, status = forms.SittingForm(sent(request), members=queries.last_members(pot)), 200
    form.fields["held_on"].initial = today()
    if request.method == "POST":
        made: list[Any] = []
        status = attempt(
            form, lambda: made.append(actions.open_sitting(pot_id=pot_id, **form.cleaned_data, **said(request)))
        )
        if not status:
            return redirect("rounds:sitting", made[0].pk)
    context = {"form": form, "pot": pot, "waiting": queries.list_to_review(pot)}
    return respond(request, "rounds/sitting_form.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def sitting(request: Request, sitting_id: int) -> HttpResponse:
    """Show a sitting: who is present, hands entered for members, numbers once it is closed."""
    return _show(request, sitting_id)


def _hands_form(page: Any, seat: Any, typed: Any = None) -> forms.HandsForm:
    agenda = [(item.proposal, page.hands.get((seat.pk, item.proposal_id), "")) for item in page.agenda]
    return forms.HandsForm(typed, agenda=agenda, auto_id=f"seat{seat.pk}_%s")


def _show(
    request: Request, sitting_id: int, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    page = queries.get_sitting_page(viewer=request.actor, sitting_id=sitting_id)
    row = page.sitting
    keeps = row.closed_at is None and request.actor.holds(Permission.COUNCIL, area_path=row.pot.area_path)
    entered = [(seat, _hands_form(page, seat)) for seat in page.seats if seat.is_present and seat.account_id is None]
    said_ = {seat.pk: sum(1 for held in page.hands if held[0] == seat.pk) for seat in page.seats}
    context = {
        "page": page, "sitting": row, "seats": [(seat, said_[seat.pk]) for seat in page.seats],
        "present": forms.PresentForm(seats=page.seats) if keeps else None, "entered": entered if keeps else [],
        "close": forms.CloseForm() if keeps else None, **(refused or {}),
    }  # fmt: skip
    return respond(request, "rounds/sitting.html", None, context, status)


@require_POST
@never_cache
@allow(Permission.COUNCIL)
def sitting_deed(request: Request, sitting_id: int, name: str) -> HttpResponse:
    """Say who is present, enter a member's hands, or close the sitting and count."""
    page = queries.get_sitting_page(viewer=request.actor, sitting_id=sitting_id)
    given: dict[str, Any] = {"sitting_id": sitting_id, **said(request)}
    if name == "present":
        form: Any = forms.PresentForm(request.POST, seats=page.seats)
        status = attempt(form, lambda: actions.mark_present(seat_ids=form.seat_ids(), **given))
        refused = {"present": form}
    elif name == "close":
        form = forms.CloseForm(request.POST)
        status = attempt(form, lambda: actions.close_sitting(**form.cleaned_data, **given))
        refused = {"close": form}
    else:
        seat = next((each for each in page.seats if name == f"hands-{each.pk}"), None)
        if seat is None:
            raise NotFound(_("没有这个操作"))
        form = _hands_form(page, seat, request.POST)
        status = attempt(form, lambda: actions.note_hands(given={seat.pk: form.hands()}, **given))
        refused = {"entered": [(seat, form)]}
    if status:
        return _show(request, sitting_id, refused, status)
    messages.success(request, _("会议已结束，结果已统计") if name == "close" else _("已记录"))
    return redirect("rounds:sitting", sitting_id)
