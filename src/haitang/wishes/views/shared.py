"""What the pages of wishes share."""

from collections.abc import Iterable
from typing import Any

from haitang.core.access import Actor
from haitang.core.facts import label_of
from haitang.wishes.lifecycle import ClaimStatus, Status

COLOURS: dict[str, str] = {
    Status.DRAFT: "orange", Status.OPEN: "blue", Status.CLAIMED: "orange", Status.CONFIRMED: "blue",
    Status.PREPARING: "blue", Status.DELIVERED: "orange", Status.GRANTED: "green", Status.DENIED: "red",
    Status.WITHDRAWN: "grey", Status.EXPIRED: "grey",
}  # fmt: skip
CLAIM_COLOURS: dict[str, str] = {
    ClaimStatus.WAITING: "orange", ClaimStatus.CONFIRMED: "blue", ClaimStatus.DECLINED: "grey",
    ClaimStatus.GIVEN_BACK: "grey", ClaimStatus.RELEASED: "red", ClaimStatus.CLOSED: "grey", ClaimStatus.DONE: "green",
}  # fmt: skip


def base_for(viewer: Actor) -> str:
    """Return the frame of a page that residents and staff both see."""
    return "ui/staff.html" if viewer.grants else "ui/public.html"


def steps_of(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return entries of the history as the timeline prints them."""
    return [
        {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
         "organization": entry.organization_name, "text": entry.data.get("reason") or ""}
        for entry in entries
    ]  # fmt: skip
