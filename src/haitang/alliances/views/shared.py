"""What the pages of joint work share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from haitang.alliances.lifecycle import Stage
from haitang.alliances.queries import LinkView, rules
from haitang.alliances.values import Permission, Side
from haitang.core import clock
from haitang.core.access import require
from haitang.core.facts import label_of
from haitang.core.http import Request

COLOURS = {Stage.PROPOSED.value: "orange", Stage.RETURNED.value: "red", Stage.AGREED.value: "green", "": "grey"}
_BAD = ("Returned", "Struck", "Released", "Dropped", "Cancelled")


def today() -> date:
    """Return the calendar day in China."""
    return clock.local_date(clock.now())


def check_may_look(request: Request) -> None:
    """Raise unless the viewer sees joint work somewhere or speaks for a unit."""
    if not request.actor.holds(Permission.SPEAK):
        require(request.actor, Permission.VIEW)


def link_line(view: LinkView) -> dict[str, Any]:
    """Return a link as lists print it."""
    row = view.agreement
    stage = Stage(row.stage).label if row else _("未签")
    if row is not None and row.stage == Stage.PROPOSED:
        stage = _("等待%(side)s确认") % {"side": Side(row.waits_for).label}
    said = [(Side(side).label, rules().band(percent), percent) for side, percent in sorted(view.percent.items())]
    return {
        "view": view, "row": view.row, "stage": stage, "colour": COLOURS[row.stage if row else ""], "said": said,
    }  # fmt: skip


def steps_of(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return entries of the history as the timeline prints them. What was judged is not told here: see the page."""
    steps = []
    for entry in entries:
        data = entry.data
        parts = [str(data["year"]) if "year" in data else "", str(Side(data["side"]).label) if data.get("side") else ""]
        parts.append(data.get("reason") or data.get("words") or data.get("what") or "")
        steps.append({
            "title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
            "text": " ".join(filter(None, parts)), "organization": entry.organization_name,
            "colour": "red" if entry.fact.endswith(_BAD) else "blue",
        })  # fmt: skip
    return steps
