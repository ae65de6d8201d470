"""What the pages of volunteers share."""

import base64
import json
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.forms import Form
from django.views.decorators.http import require_http_methods

from haitang.core import clock, crypto
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.volunteers import queries

form_page = require_http_methods(["GET", "HEAD", "POST"])
_OWN = "volunteers.own"


def said(request: Request) -> dict[str, Any]:
    """Return who acts, and when."""
    return {"actor": request.actor, "now": clock.now()}


def sent(request: Request) -> Any:
    """Return what was posted, None for a look."""
    return request.POST if request.method == "POST" else None


def address_of(request: Request) -> str:
    """Return where the request comes from, by which visitors are told apart for limits."""
    return str(get_adapter().get_client_ip(request))


def put_on(form: Form, refusal: Refusal) -> None:
    """Show a refusal where it belongs: at its fields, else above the form."""
    known = {name: text for name, text in refusal.fields.items() if name in form.fields}
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


def remember(request: Request, volunteer_id: int, code: str) -> None:
    """Let this session open the entry whose code was right; sealed, since the table of sessions keeps no secrets."""
    held = json.dumps({"id": volunteer_id, "code": code})
    request.session[_OWN] = base64.b64encode(crypto.seal(held, _OWN)).decode()


def forget(request: Request) -> None:
    """Let this session open no entry by code any more."""
    request.session.pop(_OWN, None)


def own(request: Request) -> dict[str, Any] | None:
    """Return the visitor's own entry as actions take it, by the account or by the code given before; None for none."""
    found = queries.get_volunteer_of(request.actor.id)
    if found is not None:
        return {"volunteer_id": found.pk, "code": ""}
    sealed = request.session.get(_OWN)
    if not sealed:
        return None
    try:
        held = json.loads(crypto.open_(base64.b64decode(sealed), _OWN))
    except crypto.Unreadable:  # the key was changed meanwhile
        return None
    return {"volunteer_id": held["id"], "code": held["code"]}
