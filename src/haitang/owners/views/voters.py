"""The pages of everybody and of owners: what is decided, voting in three steps, the own ballot."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haitang.core import clock, limits
from haitang.core.access import ANYONE, allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.owners import actions, forms, queries
from haitang.owners.values import VoterNotFound, article, hash_code
from haitang.owners.views.shared import COLOURS, OBJECTION_COLOURS, coloured

PROOF = "owners_proof"
"""Under which a session keeps the digest of the code that was typed: it opens that entry for as long as it is good."""
ATTEMPTS, WINDOW_S = 30, 3600


@require_safe
@allow(ANYONE)
def decisions(request: Request) -> HttpResponse:
    """Show what owners decide and have decided."""
    own = queries.list_entries_of(request.actor.id)
    views = queries.list_public_decisions(now=clock.now())
    return respond(request, "owners/decisions.html", None, {"decisions": coloured(views), "own": own})


@require_safe
@allow(ANYONE)
def decision(request: Request, decision_id: int) -> HttpResponse:
    """Show one decision to anybody: its text, its rules, and its result once there is one."""
    public = queries.get_public_decision(decision_id=decision_id, now=clock.now())
    row = public.view.decision
    context = {
        "public": public, "view": public.view, "decision": row, "estate": public.view.estate,
        "colour": COLOURS[row.status], "article": article(),
    }  # fmt: skip
    return respond(request, "owners/decision.html", None, context)


@never_cache
@form_page
@allow(ANYONE)
def enter(request: Request) -> HttpResponse:
    """Step one: the code, or one of the own homes for who is signed in."""
    form, status = forms.CodeForm(sent(request)), 200
    if request.method == "POST":
        party = request.META.get("REMOTE_ADDR", "")
        key = f"owners.code:{party}"
        limits.hit(key, limit=ATTEMPTS, window_s=WINDOW_S, now=clock.now())
        found: list[Any] = []
        proof = b""

        def look() -> None:
            nonlocal proof
            proof = hash_code(form.cleaned_data["code"])
            try:
                found.append(queries.find_entry(proof))
            except VoterNotFound as refusal:
                form.add_error("code", refusal.message)

        status = attempt(form, look)
        if found:
            limits.give_back(key)  # a hall may help many from one address
            request.session[PROOF] = proof.hex()
            return redirect("owners:mine", found[0].pk)
        status = status or 422
    own = queries.list_entries_of(request.actor.id)
    return respond(request, "owners/enter.html", None, {"form": form, "own": own}, status)


def _proof(request: Request, entry_id: int) -> bytes:
    """Return what opens the entry: the digest of a code, b"" for who is signed in. Raises VoterNotFound."""
    held = bytes.fromhex(request.session.get(PROOF, ""))
    if held:
        try:
            if queries.find_entry(held).pk == entry_id:
                return held
        except VoterNotFound:
            del request.session[PROOF]
    if any(entry.pk == entry_id for entry in queries.list_entries_of(request.actor.id)):
        return b""
    raise VoterNotFound(_("请先输入表决码"))


@never_cache
@form_page
@allow(ANYONE)
def mine(request: Request, entry_id: int) -> HttpResponse:
    """Steps two and three: choose, look it over, confirm; afterwards the own ballot, which can be changed."""
    try:
        proof = _proof(request, entry_id)
    except VoterNotFound:
        return redirect("owners:enter")
    voter, status = queries.view_voter(entry_id, clock.now()), 200
    row = voter.view.decision
    form = forms.BallotForm(sent(request), questions=voter.questions, initial=_chosen(voter))
    review = None
    if request.method == "POST":
        if "confirm" in request.POST:
            status = attempt(
                form,
                lambda: actions.give_ballot(
                    choices=form.choices(), proof=proof, entry_id=0 if proof else entry_id, **said(request)
                ),
            )
            if not status:
                messages.success(request, _("投票成功"))
                return redirect("owners:mine", entry_id)
        elif form.is_valid():
            review = form.lines() if "back" not in request.POST else None
        else:
            status = 422
    votes = voter.view.is_voting and (row.may_change or not voter.has_voted)
    context = {
        "voter": voter, "entry": voter.entry, "decision": row, "estate": voter.view.estate, "review": review,
        "form": form if votes else None, "article": article(),
        "ballots": [(each, voter.ballots.get(each.pk, [])) for each in voter.questions],
        "again": voter.has_voted and request.method != "POST" and "again" not in request.GET,
        "objection": forms.ObjectionForm(auto_id="objection_%s") if voter.may_object else None,
        "objections": [(each, OBJECTION_COLOURS[each.status]) for each in voter.objections],
    }  # fmt: skip
    return respond(request, "owners/mine.html", None, context, status)


def _chosen(voter: Any) -> dict[str, str]:
    return {f"question_{each}": rows[-1].choice for each, rows in voter.ballots.items()}


@never_cache
@form_page
@allow(ANYONE)
def object_to(request: Request, entry_id: int) -> HttpResponse:
    """Take down what an owner has against the roll, or against how ballots are taken and counted."""
    _proof(request, entry_id)
    voter = queries.view_voter(entry_id, clock.now())
    form, status = forms.ObjectionForm(sent(request), auto_id="objection_%s"), 200
    if request.method == "POST":
        told: dict[str, Any] = {"decision_id": voter.view.decision.pk, "entry_id": entry_id, **said(request)}
        status = attempt(form, lambda: actions.raise_objection(**form.cleaned_data, **told))
        if not status:
            messages.success(request, _("异议已提交，社区会答复"))
            return redirect("owners:mine", entry_id)
    context = {"form": form, "entry": voter.entry, "decision": voter.view.decision}
    return respond(request, "owners/object.html", None, context, status)
