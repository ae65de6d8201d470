"""Proposing in three steps. Nothing is handed in before the last; what was typed is kept, sealed, in the session."""

import base64
import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from haitang.core import crypto
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Conflict
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.rounds import actions, forms, queries
from haitang.rounds.forms.proposing import new_of
from haitang.rounds.values import Task
from haitang.rounds.views.public import keep_photos
from haitang.rounds.views.shared import base_for, today

_DRAFT = "rounds.draft"
_LENGTH_MAX = 4000
_MATTER, _PLACE = ("title", "words", "category"), ("pot", "area", "place", "lon", "lat", "cost")


def _held(request: Request, round_id: int) -> dict[str, str]:
    """Return what the viewer has typed for this round so far; of another round, or unreadable, nothing."""
    sealed = request.session.get(_DRAFT)
    if not sealed:
        return {}
    try:
        held = json.loads(crypto.open_(base64.b64decode(sealed), _DRAFT))
    except crypto.Unreadable:  # the key was changed meanwhile: the draft is gone, the page is not
        return {}
    return dict(held["typed"]) if held["round"] == round_id and held["account"] == request.actor.id else {}


def _hold(request: Request, round_id: int, typed: dict[str, str]) -> None:
    held = json.dumps({"round": round_id, "account": request.actor.id, "typed": typed})
    request.session[_DRAFT] = base64.b64encode(crypto.seal(held, _DRAFT)).decode()


def _taken(request: Request, round_id: int, names: tuple[str, ...]) -> dict[str, str]:
    """Hold what was typed in this step, accepted or not, and return all that is held."""
    typed = {**_held(request, round_id), **{name: request.POST.get(name, "")[:_LENGTH_MAX] for name in names}}
    _hold(request, round_id, typed)
    return typed


def _round(round_id: int) -> Any:
    """Return a round in which proposals are taken today. Raises RoundNotFound, Conflict."""
    row = queries.get_public_round(round_id=round_id)
    if Task.PROPOSE not in queries.tasks_today(row, today()):
        raise Conflict(_("现在不是征集提案的时间，请看本轮的阶段安排"))
    return row


def _page(request: Request, row: Any, form: Any, step: int, status: int = 200) -> HttpResponse:
    context = {"round": row, "form": form, "step": step, "base": base_for(request.actor)}
    return respond(request, "rounds/propose.html", None, context, status)


@never_cache
@form_page
@allow(SIGNED_IN)
def propose(request: Request, round_id: int) -> HttpResponse:
    """Step one: what is to be done, and why."""
    row = _round(round_id)
    if request.method == "POST":
        form = forms.MatterForm(_taken(request, round_id, _MATTER))
        if form.is_valid():
            return redirect("rounds:propose_place", round_id)
        return _page(request, row, form, 1, 422)
    return _page(request, row, forms.MatterForm(initial=_held(request, round_id)), 1)


@never_cache
@form_page
@allow(SIGNED_IN)
def propose_place(request: Request, round_id: int) -> HttpResponse:
    """Step two: where, from which money, about how much."""
    row, pots = _round(round_id), queries.pots_of(round_id)
    typed = _taken(request, round_id, _PLACE) if request.method == "POST" else _held(request, round_id)
    if "back" in request.POST or not forms.MatterForm(typed).is_valid():
        return redirect("rounds:propose", round_id)
    if request.method == "POST":
        form = forms.PlaceForm(typed, pots=pots)
        if form.is_valid():
            return redirect("rounds:propose_contact", round_id)
        return _page(request, row, form, 2, 422)
    initial = {name: text for name, text in typed.items() if text}
    return _page(request, row, forms.PlaceForm(initial=initial, pots=pots), 2)


@never_cache
@form_page
@allow(SIGNED_IN)
def propose_contact(request: Request, round_id: int) -> HttpResponse:
    """Step three: who proposes it; then it is handed in."""
    row, typed = _round(round_id), _held(request, round_id)
    matter, place = forms.MatterForm(typed), forms.PlaceForm(typed, pots=queries.pots_of(round_id))
    if not matter.is_valid():
        return redirect("rounds:propose", round_id)
    if "back" in request.POST or not place.is_valid():
        return redirect("rounds:propose_place", round_id)
    form = forms.ContactForm(
        sent(request), request.FILES if request.method == "POST" else None, initial={"name": request.actor.name}
    )
    status = 200
    if request.method == "POST":
        made: list[Any] = []

        def write() -> None:
            whole = {**matter.cleaned_data, **place.cleaned_data, **form.cleaned_data}
            made.append(actions.hand_in_proposal(new=new_of(whole), **said(request)))

        status = attempt(form, write)
        if not status:
            request.session.pop(_DRAFT, None)
            keep_photos(request, made[0].pk, form)
            messages.success(request, _("已提交，编号 %(n)d。初审结果会通知您") % {"n": made[0].number})
            return redirect("rounds:proposal", made[0].pk)
    return _page(request, row, form, 3, status)
