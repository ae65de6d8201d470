"""The front door and the pages that explain."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from haitang.cases import queries
from haitang.core import clock
from haitang.core.access import ANYONE, SIGNED_IN, Actor, allow
from haitang.core.http import Request

DESK = "/desk/"


def is_staff(actor: Actor) -> bool:
    """Tell whether the actor has work here: residents hold no permission at all."""
    return bool(actor.grants)


def desk_url() -> str:
    """Return where staff begin their day."""
    try:
        resolve(DESK)
    except Resolver404:
        return reverse("people:me")
    return DESK


@require_safe
@allow(ANYONE)
def front(request: Request) -> HttpResponse:
    """Show what residents can do here, and this month's public figures."""
    actor = request.actor
    context = {
        "figures": queries.count_public(now=clock.now()),
        "desk_url": desk_url() if is_staff(actor) else "",
    }
    return render(request, "portal/front.html", context)


@require_safe
@allow(SIGNED_IN)
def enter(request: Request) -> HttpResponse:
    """Lead on after signing in: staff to their desk, residents to their own matters."""
    return redirect(desk_url() if is_staff(request.actor) else "portal:mine")


@require_safe
@allow(ANYONE)
def privacy(request: Request) -> HttpResponse:
    """Say what happens to personal data."""
    context = {"draft_hours": settings.DRAFT_HOURS, "photo_hours": settings.PHOTO_UNUSED_HOURS + 1}
    return render(request, "portal/privacy.html", context)


@require_safe
@allow(ANYONE)
def promises(request: Request) -> HttpResponse:
    """Say what the platform does not do, on purpose."""
    return render(request, "portal/promises.html")


@require_safe
@allow(ANYONE)
def accessibility(request: Request) -> HttpResponse:
    """Say how the pages can be used, and whom to tell where they cannot."""
    return render(request, "portal/accessibility.html", {"draft_hours": settings.DRAFT_HOURS})
