"""What the pages of owners share."""

from collections.abc import Iterable
from typing import Any

from haitang.core.facts import label_of
from haitang.owners.lifecycle import ObjectionStatus, Status

COLOURS: dict[str, str] = {
    Status.DRAFT: "grey", Status.NOTICE: "orange", Status.OPEN: "blue", Status.CLOSING: "orange",
    Status.CLOSED: "green", Status.CANCELLED: "grey",
}  # fmt: skip
OBJECTION_COLOURS: dict[str, str] = {
    ObjectionStatus.RAISED: "orange", ObjectionStatus.UPHELD: "green", ObjectionStatus.REJECTED: "grey",
}  # fmt: skip


def coloured(views: Iterable[Any]) -> list[tuple[Any, str]]:
    """Return decisions with the colours of their states."""
    return [(view, COLOURS[view.decision.status]) for view in views]


def steps_of(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return entries of the history as the timeline prints them; ballots, which are many, are left to the figures."""
    return [
        {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
         "organization": entry.organization_name, "text": entry.data.get("reason") or ""}
        for entry in entries if entry.fact not in ("BallotGiven", "PaperRead")
    ]  # fmt: skip
