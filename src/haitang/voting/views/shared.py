"""What the pages of votes share."""

from typing import Any

from allauth.account.adapter import get_adapter

from haitang.core.access import Actor
from haitang.core.http import Request
from haitang.voting import queries
from haitang.voting.forms import option_label
from haitang.voting.lifecycle import Status

COLOURS: dict[str, str] = {
    Status.DRAFT: "grey", Status.PROPOSED: "orange", Status.OPEN: "green", Status.CLOSING: "orange",
    Status.CLOSED: "orange", Status.COUNTED: "blue",
}  # fmt: skip


def base_for(viewer: Actor) -> str:
    """Return the frame of a page that residents and staff both see."""
    return "ui/staff.html" if viewer.grants else "ui/public.html"


def address_of(request: Request) -> str:
    """Return the network address, for limits alone."""
    return str(get_adapter().get_client_ip(request))


def shown(vote: Any) -> dict[str, Any]:
    """Return what every page of a vote shows of it."""
    return {
        "vote": vote, "colour": COLOURS[vote.status], "hint": queries.kind_hint(vote.paper),
        "options": [(each, option_label(each)) for each in vote.options],
    }  # fmt: skip


def grouped(code: str) -> str:
    """Return a code as it is easily read and typed: four characters each."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
