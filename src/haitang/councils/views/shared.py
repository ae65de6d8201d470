"""What the pages of deliberation share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.facts import label_of
from haitang.councils.lifecycle import QuestionStatus, ResolutionStatus, TopicStatus, Way
from haitang.councils.queries import QuestionView, ResolutionView, TopicView

SESSION_COLOURS = {"called": "blue", "held": "green", "cancelled": "grey"}
DRAW_COLOURS = {"open": "blue", "frozen": "orange", "drawn": "green"}
CANDIDATE_COLOURS = {"listed": "grey", "invited": "blue", "accepted": "green", "declined": "grey", "reserve": "grey"}
_TOPIC_COLOURS: dict[str, str] = {
    TopicStatus.WAITING: "orange", TopicStatus.ACCEPTED: "blue", TopicStatus.TABLED: "blue",
    TopicStatus.DISCUSSED: "green", TopicStatus.DENIED: "red", TopicStatus.WITHDRAWN: "grey",
}  # fmt: skip
_COLOURS: dict[str, str] = {ResolutionStatus.OPEN: "blue", ResolutionStatus.DONE: "green"}
_BAD = ("Denied", "CalledOff", "Escalated", "Reopened", "Ended", "Left")


def today() -> date:
    """Return the calendar day in China."""
    return clock.local_date(clock.now())


def topic_line(view: TopicView) -> dict[str, Any]:
    """Return a topic as lists print it."""
    status, colour = str(TopicStatus(view.row.status).label), _TOPIC_COLOURS[view.row.status]
    if view.is_late:
        status, colour = _("超期未审核"), "red"
    return {"view": view, "row": view.row, "status": status, "colour": colour}


def resolution_line(view: ResolutionView) -> dict[str, Any]:
    """Return a resolution as lists print it. how: where it is followed, in words anybody may read."""
    status, colour = str(ResolutionStatus(view.row.status).label), _COLOURS.get(view.row.status, "grey")
    if view.is_late:
        status, colour = _("逾期"), "red"
    how = "" if view.row.way == Way.OWN else str(Way(view.row.way).label)
    return {"view": view, "row": view.row, "status": status, "colour": colour, "how": how}


def question_line(view: QuestionView) -> dict[str, Any]:
    """Return a question as lists print it."""
    status = str(QuestionStatus(view.row.status).label)
    colour = "green" if view.row.status == QuestionStatus.ANSWERED else "orange"
    if view.is_late:
        status, colour = _("超期未答复"), "red"
    return {"view": view, "row": view.row, "status": status, "colour": colour}


def steps_of(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return entries of the history as the timeline prints them."""
    steps = []
    for entry in entries:
        data = entry.data
        text = data.get("reason") or data.get("words") or data.get("title") or data.get("name") or ""
        steps.append({
            "title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name, "text": text,
            "organization": entry.organization_name, "colour": "red" if entry.fact.endswith(_BAD) else "blue",
        })  # fmt: skip
    return steps
