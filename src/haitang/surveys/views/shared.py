"""What the pages of surveys share."""

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter

from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.surveys.lifecycle import ReviewStatus, Status

COLOURS: dict[str, str] = {
    Status.DRAFT: "grey", Status.OPEN: "blue", Status.CLOSED: "green", ReviewStatus.OPENED: "orange",
    ReviewStatus.MEASURES: "blue", ReviewStatus.DONE: "orange", ReviewStatus.RESURVEYED: "green",
}  # fmt: skip


def party_of(request: Request) -> str:
    """Return the address by which guesses are limited."""
    return str(get_adapter().get_client_ip(request))


def steps_of(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return entries of the history as the timeline prints them."""
    return [
        {
            "title": label_of(entry.fact),
            "at": entry.at,
            "who": entry.actor_name,
            "organization": entry.organization_name,
        }
        for entry in entries
    ]
