"""What anybody sees: wishes without whose they are, and the form by which one is claimed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, said
from haitang.core.ui.pages import respond
from haitang.wishes import actions, forms, queries
from haitang.wishes.lifecycle import Show
from haitang.wishes.views.shared import COLOURS


@require_safe
@allow(ANYONE)
def wall(request: Request) -> HttpResponse:
    """Show the wishes that can be claimed, those under way, or those that were granted."""
    given = request.GET.get("show")
    show = Show(given) if given in Show.values else Show.OPEN
    form = forms.PublicFilterForm(request.GET)
    page = queries.list_public_wishes(show=show, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    tabs = [
        {"label": each.label, "url": f"{reverse('wishes:wall')}?show={each.value}", "current": each is show, "count": n}
        for each, n in queries.count_public_wishes().items()
    ]
    context = {
        "form": form, "page": page, "show": show.value, "tabs": tabs,
        "lines": [(view, COLOURS[view.status]) for view in queries.publicly(page.rows)],
    }  # fmt: skip
    return respond(request, "wishes/wall.html", "wishes/_wall.html", context)


def _show(request: Request, wish_id: int, form: Any = None, status: int = 200) -> HttpResponse:
    wish = queries.get_public_wish(wish_id=wish_id)
    known = request.actor.is_known and request.actor.id is not None
    if form is None and wish.is_open and known:
        form = forms.ClaimForm(viewer=request.actor)
    context = {"wish": wish, "colour": COLOURS[wish.status], "form": form, "is_known": known}
    return respond(request, "wishes/public_wish.html", None, context, status)


@require_safe
@allow(ANYONE)
def public_wish(request: Request, wish_id: int) -> HttpResponse:
    """Show what is public of one wish, with the form by which it is claimed."""
    return _show(request, wish_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def claim_wish(request: Request, wish_id: int) -> HttpResponse:
    """Claim it; whoever comes too late reads so, and what they typed stays."""
    form = forms.ClaimForm(request.POST, viewer=request.actor)
    made: list[int] = []
    status = attempt(form, lambda: made.append(actions.claim_wish(wish_id=wish_id, **form.given(), **said(request)).pk))
    if status:
        return _show(request, wish_id, form, status)
    messages.success(request, _("已认领，谢谢您。社区确认后会通知您，并告诉您怎么联系"))
    return redirect("wishes:claim", made[0])
