"""What the pages of orders share."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.views.decorators.http import require_http_methods

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.orders.lifecycle import Status

form_page = require_http_methods(["GET", "HEAD", "POST"])
COLOURS = {
    Status.WAITING: "orange", Status.ORDERED: "blue", Status.OFFERED: "blue", Status.ACCEPTED: "blue",
    Status.DONE: "orange", Status.CONFIRMED: "green", Status.REVIEWED: "green", Status.CANCELLED: "grey",
    Status.UNMET: "red", Status.MISSED: "red",
}  # fmt: skip


def said(request: Request) -> dict[str, Any]:
    """Return who acts, and when."""
    return {"actor": request.actor, "now": clock.now()}


def base_for(viewer: Actor) -> str:
    """Return the frame of a page that residents and staff both see."""
    return "ui/staff.html" if viewer.grants else "orders/public.html"


def put_on(form: Form, refusal: Refusal) -> None:
    """Show a refusal where it belongs: at its fields, else above the form."""
    known = {name: text for name, text in getattr(refusal, "fields", {}).items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, refusal.message)


def attempt(form: Form, write: Callable[[], Any]) -> int:
    """Write what a form says and return 0; the status to answer with where the form or the action refuses it."""
    if not form.is_valid():
        return 422
    try:
        write()
    except NotFound:
        raise
    except Refusal as refusal:
        put_on(form, refusal)
        return refusal.status
    return 0


def sent(request: Request) -> Any:
    """Return what was posted, None for a look."""
    return request.POST if request.method == "POST" else None
