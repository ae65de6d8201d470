"""What the pages of volunteers share."""

import base64
import json
from typing import Any

from allauth.account.adapter import get_adapter

from haitang.core import crypto
from haitang.core.http import Request
from haitang.volunteers import queries

_OWN = "volunteers.own"


def address_of(request: Request) -> str:
    """Return where the request comes from, by which visitors are told apart for limits."""
    return str(get_adapter().get_client_ip(request))


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
