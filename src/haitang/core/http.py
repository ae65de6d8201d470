"""The request as entrances see it: who asks, and when."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from haitang.core import clock
from haitang.core.access import Actor


class Request(HttpRequest):
    """A request that the middleware has told who asks.

    Only a type: Django makes requests of its own class; the middleware (for the API, the authentication) sets these.
    """

    actor: Actor
    htmx: HtmxDetails


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    return request.actor  # type: ignore[attr-defined]  # see Request


def said(request: HttpRequest) -> dict[str, Any]:
    """Return who acts, and when, as every action takes it."""
    return {"actor": actor_of(request), "now": clock.now()}
