"""What the pages of rounds share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.facts import label_of
from haitang.core.money import format_yuan
from haitang.projects.queries import get_public_project
from haitang.rounds import queries
from haitang.rounds.forms.office import TIES
from haitang.rounds.lifecycle import Status
from haitang.rounds.values import CapDraft, Decides, Task
from haitang.voting.values import METHOD_WORDS, BallotKind, Basis

COLOURS: dict[str, str] = {
    Status.HANDED_IN: "orange", Status.ADMITTED: "blue", Status.SHORTLISTED: "blue", Status.ON_BALLOT: "blue",
    Status.CHOSEN: "green", Status.NOT_CHOSEN: "grey", Status.REFUSED: "red", Status.DECLINED: "grey",
    Status.MERGED: "grey", Status.WITHDRAWN: "grey",
}  # fmt: skip
STAGES = {"past": "grey", "now": "green", "later": "blue"}


def today() -> date:
    """Return the day on which the page is looked at."""
    return local_date(clock.now())


def base_for(viewer: Actor) -> str:
    """Return the frame of a page that residents and staff both see."""
    return "ui/staff.html" if viewer.grants else "ui/public.html"


def tinted(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    """Return proposals with the colour of their state."""
    return [(row, COLOURS[row.status]) for row in rows]


def followed(page: Any) -> Any:
    """Return what everybody may read of the project that a proposal has become, None where there is none to read."""
    if page.project is None or not page.project.is_public:
        return None
    return get_public_project(project_id=page.project.id, today=today())


def steps_of(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return entries of the history as the timeline prints them."""
    return [
        {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
         "organization": entry.organization_name, "text": entry.data.get("reason") or ""}
        for entry in entries
    ]  # fmt: skip


def _bound(cap: CapDraft) -> str:
    """Return a bound of a category or district in words."""
    if cap.count is not None:
        return _("“%(value)s”最多入选 %(n)d 个") % {"value": cap.value, "n": cap.count}
    return _("“%(value)s”最多使用 ¥%(amount)s") % {"value": cap.value, "amount": format_yuan(cap.cost_fen or 0)}


def shown(round_: Any) -> dict[str, Any]:
    """Return what every page of a round shows of it: timetable, money, the rule of its votes in words."""
    rule = round_.rule
    lines = queries.timetable(queries.phases_of(round_.pk), today())
    return {
        "round": round_, "pots": queries.pots_of(round_.pk), "rule": rule,
        "tasks": queries.tasks_today(round_, today()),
        "phases": [(line, STAGES[line.stage], [Task(each).label for each in line.phase.tasks]) for line in lines],
        "decides": Decides(rule.decides).label, "kind": BallotKind(rule.kind).label,
        "basis": Basis(rule.basis).label, "method": METHOD_WORDS[rule.method],
        "ties": TIES.get(",".join(rule.ties), ",".join(rule.ties)), "caps": [_bound(each) for each in rule.caps],
    }  # fmt: skip
