"""When the stages of a case are due: five plans in a row, on the calendars of the desks concerned."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from haitang.cases.lifecycle import STAGE_OF, Status
from haitang.cases.queries.catalog import Catalog, CategoryRef
from haitang.cases.queries.targets import SET_BY
from haitang.cases.values import Stage
from haitang.organizations.queries import OrganizationRef
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Calendar, Limit, deadline

NOT_AFTER, UNBOUNDED = "not_after", "unbounded_due_at"
"""Of a stage's deadline: the bound set from without, and when the stage would be due if there were none."""
_DESK_STAGES = frozenset({Stage.SIGN, Stage.HANDLE})
_ORDER = tuple(Stage)


def calendar_for(stage: Stage, desk: OrganizationRef | None) -> Calendar:
    """Return whose office hours count: those of the desk while it has the case, else the default ones."""
    calendar_id = desk.calendar_id if desk is not None and stage in _DESK_STAGES else None
    return get_calendar(calendar_id)


def plan(
    known: Catalog,
    category: CategoryRef | None,
    stage: Stage,
    start: datetime,
    desk: OrganizationRef | None,
    handling: str = "",
) -> dict[str, dict[str, str]]:
    """Return the deadline of the stage that begins now and the planned ones of those that follow.

    handling: the limit that the condition of registration sets for handling, "" for the category's own.
    Each stage is planned to begin when the one before is due: what the reporter can be told at once.
    """
    planned = {}
    begins = start
    for following in _ORDER[_ORDER.index(stage) :]:
        is_set = handling and following is Stage.HANDLE
        limit = Limit.parse(handling) if is_set else known.limit(category, following)
        due = deadline(begins, limit, calendar_for(following, desk))
        assert due is not None  # only an open pause holds a deadline back
        planned[following.value] = {"due_at": due.isoformat(), "limit": str(limit)}
        begins = due
    planned[stage.value]["started_at"] = start.isoformat()
    return planned


def pauses_of(kept: Mapping[str, Any]) -> list[tuple[datetime, datetime]]:
    """Return when a stage's clock stood, of one of the case's `deadlines`."""
    return [(datetime.fromisoformat(begun), datetime.fromisoformat(ended)) for begun, ended in kept.get("pauses", ())]


def due_of(kept: Mapping[str, Any], calendar: Calendar) -> datetime:
    """Return the deadline of a stage that has begun, with its pauses and extensions; kept: its entry in `deadlines`.

    An extension counts on from the deadline before it. What another system had set moves by as long as it was paused.
    """
    pauses = pauses_of(kept)
    if SET_BY in kept:
        due = datetime.fromisoformat(kept["set_at"]) + sum((ended - begun for begun, ended in pauses), timedelta())
    else:
        found = deadline(datetime.fromisoformat(kept["started_at"]), Limit.parse(kept["limit"]), calendar, pauses)
        assert found is not None  # every pause has an end from the beginning
        due = found
    for more in kept.get("extensions", ()):
        further = deadline(due, Limit.parse(more), calendar, pauses)
        assert further is not None
        due = further
    return due


def part_gone(start: datetime, due: datetime, percent: int, pauses: Sequence[tuple[datetime, datetime]]) -> datetime:
    """Return when so many percent of the time from start to due have gone by, on the wall clock without the pauses."""
    stood: list[tuple[datetime, datetime]] = []
    for begun, ended in sorted(pauses):
        begun, ended = max(begun, start, stood[-1][1] if stood else start), min(ended, due)
        if begun < ended:
            stood.append((begun, ended))
    paused = sum((ended - begun for begun, ended in stood), timedelta())
    at = start + (due - start - paused) * percent / 100
    for begun, ended in stood:
        if at < begun:
            break
        at += ended - begun
    return at


def next_telling(
    start: datetime, due: datetime, percents: Sequence[int], now: datetime, kept: Mapping[str, Any] | None = None
) -> tuple[int, datetime]:
    """Return how many of the warnings lie behind, and when there is something to be told next: a warning, or the end.

    percents: rising; of the time that the stage has. kept: the stage's entry in `deadlines`, for its pauses.
    """
    pauses = pauses_of(kept or {})
    for given, percent in enumerate(percents):
        at = part_gone(start, due, percent, pauses)
        if at > now:
            return given, at
    return len(percents), due


def bounded(planned: dict[str, dict[str, str]], before: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the plan with the bounds that were set for its stages: none is due later than its bound.

    before: the case's deadlines as they stood, with the bounds.
    """
    for stage, kept in planned.items():
        bound = before.get(stage, {}).get(NOT_AFTER)
        if bound:
            kept[NOT_AFTER] = bound
            if datetime.fromisoformat(bound) < datetime.fromisoformat(kept["due_at"]):
                kept[UNBOUNDED], kept["due_at"] = kept["due_at"], bound
    return planned


def enter(
    case: Any, status: Status, now: datetime, known: Catalog, desk: OrganizationRef | None, *, fresh: bool
) -> bool:
    """Set the case's stage, clock and deadlines for the state it has come to; the caller saves it.

    Return whether its deadline is another now, so that what is to be told of it is to be found anew.

    fresh: begin the stage anew even if the case was in it before (a return, a case done over). Otherwise a stage
    that was entered before keeps its deadline: a failed check gives no new time.
    """
    before = case.stage
    stage = STAGE_OF.get(status)
    deadlines = {key: dict(value) for key, value in case.deadlines.items()}
    if before is not None and before != stage and before in deadlines:
        deadlines[before]["done_at"] = now.isoformat()
    case.stage = stage.value if stage else None
    case.paused_until = None
    if stage is None:
        for kept in deadlines.values():
            kept.pop(NOT_AFTER, None)
        case.stage_started_at = case.due_at = None
        case.deadlines = deadlines
        return True
    if stage == before and not fresh:
        return False
    held = deadlines.get(stage.value, {})
    if fresh or "started_at" not in held:
        category = known.by_id.get(case.category_id) if case.category_id else None
        handling = (case.opening or {}).get("limit", "")
        deadlines |= bounded(plan(known, category, stage, now, desk, handling), deadlines)
    else:
        held.pop("done_at", None)
    case.deadlines = deadlines
    case.stage_started_at = datetime.fromisoformat(deadlines[stage.value]["started_at"])
    case.due_at = datetime.fromisoformat(deadlines[stage.value]["due_at"])
    return True
