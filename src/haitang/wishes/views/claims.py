"""The claimant's pages: what I have claimed, whom to call, and how it goes."""

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
from haitang.core.ui.entering import attempt, said, sent
from haitang.core.ui.pages import respond
from haitang.wishes import actions, forms, queries
from haitang.wishes.lifecycle import LIVE, ClaimStatus, Deed, leads
from haitang.wishes.views.shared import CLAIM_COLOURS, base_for


@never_cache
@require_safe
@allow(SIGNED_IN)
def claims(request: Request) -> HttpResponse:
    """Show what the viewer has claimed, and the units they speak for."""
    lines = [(view, CLAIM_COLOURS[view.claim.status]) for view in queries.list_my_claims(viewer=request.actor)]
    context = {
        "under_way": [pair for pair in lines if pair[0].claim.status in LIVE],
        "past": [pair for pair in lines if pair[0].claim.status not in LIVE], "base": base_for(request.actor),
    }  # fmt: skip
    return respond(request, "wishes/claims.html", None, context)


def _show(
    request: Request, claim_id: int, *, refused: dict[str, Any] | None = None, full: Any = None, status: int = 200
) -> HttpResponse:
    view = queries.get_my_claim(viewer=request.actor, claim_id=claim_id)
    claim, state = view.claim, view.wish.status
    shown: dict[str, Any] = {}
    if claim.status in LIVE:
        if leads(state, Deed.DELIVER):
            shown["deliver"] = forms.DeliverForm(auto_id="deliver_%s")
        if leads(state, Deed.GIVE_BACK):
            shown["back"] = forms.ReasonForm(auto_id="back_%s")
    if claim.status == ClaimStatus.DONE:
        shown["feedback"] = forms.WordsForm(auto_id="feedback_%s", initial={"words": claim.feedback})
    context = {
        "view": view, "claim": claim, "wish": view.wish, "colour": CLAIM_COLOURS[claim.status], "full": full,
        "forms": {**shown, **(refused or {})}, "base": base_for(request.actor),
        "may_start": claim.status in LIVE and leads(state, Deed.START),
    }  # fmt: skip
    return respond(request, "wishes/claim.html", None, context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def claim(request: Request, claim_id: int) -> HttpResponse:
    """Show one claim: where it stands, and what to do next."""
    return _show(request, claim_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def claim_contact(request: Request, claim_id: int) -> HttpResponse:
    """Show the confirmed claimant whom to call, this once; the look is recorded."""
    full = actions.see_wish_contact(claim_id=claim_id, **said(request))
    return _show(request, claim_id, full=full)


@require_POST
@never_cache
@allow(SIGNED_IN)
def claim_deed(request: Request, claim_id: int, name: str) -> HttpResponse:
    """Do what the claimant can do: begin, deliver, give back, say how it was."""
    queries.get_my_claim(viewer=request.actor, claim_id=claim_id)
    given, typed = {"claim_id": claim_id, **said(request)}, sent(request)
    if name == "start":
        actions.start_claim(**given)
        messages.success(request, _("已记下：正在准备"))
        return redirect("wishes:claim", claim_id)
    known: dict[str, tuple[Any, Any, str]] = {
        "deliver": (
            forms.DeliverForm(typed, auto_id="deliver_%s"), actions.deliver_wish, _("谢谢您，等家庭确认收到")
        ),
        "back": (forms.ReasonForm(typed, auto_id="back_%s"), actions.give_back_claim, _("心愿已重新开放")),
        "feedback": (forms.WordsForm(typed, auto_id="feedback_%s"), actions.feed_back_claim, _("谢谢您的反馈")),
    }  # fmt: skip
    if name not in known:
        raise NotFound(_("没有这个页面"))
    form, action, done = known[name]
    status = attempt(form, lambda: action(**form.cleaned_data, **given))
    if status:
        return _show(request, claim_id, refused={name: form}, status=status)
    messages.success(request, done)
    return redirect("wishes:claim", claim_id)
