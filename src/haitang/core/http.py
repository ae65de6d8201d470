"""The request as entrances see it: who asks, and when."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from haitang.core import clock, idempotency
from haitang.core.access import Actor
from haitang.core.schemas import answer


class Request(HttpRequest):
    """A request that the middleware has told who asks.

    Only a type: Django makes requests of its own class; the middleware (for the API, the authentication) sets these.
    """

    actor: Actor
    htmx: HtmxDetails
    read_from: str
    """Of a page that may be read from a copy of the database, whether it was: `core.replicas.Source`."""


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    return request.actor  # type: ignore[attr-defined]  # see Request


def said(request: HttpRequest) -> dict[str, Any]:
    """Return who acts, and when, as every action takes it."""
    return {"actor": actor_of(request), "now": clock.now()}


KEYED = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "maxLength": idempotency.KEY_LENGTH_MAX},
        }
    ]
}
"""What the description of the API says of an operation that is `keyed`."""


def keyed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let an operation be sent again under its Idempotency-Key: it is done once, and answered as it was the first time.

    For operations that answer 200 with JSON; without a key they are done as they are sent.
    """

    @wraps(view)
    def done_once(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(request, *given, **named)

        def write() -> dict[str, Any]:
            return dict(json.loads(view(request, *given, **named).content))

        body = [request.path, json.loads(request.body or b"null")]
        return answer(idempotency.once(actor=actor_of(request), key=key, body=body, now=clock.now(), write=write))

    return done_once
