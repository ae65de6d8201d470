"""When the stages of a case are due: five plans in a row, on the calendars of the desks concerned."""

from datetime import datetime, timedelta
from typing import Any

from haitang.cases.lifecycle import STAGE_OF, Status
from haitang.cases.queries.catalog import Catalog, CategoryRef
from haitang.cases.values import Stage
from haitang.organizations.queries import OrganizationRef
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Calendar, deadline

_DESK_STAGES = frozenset({Stage.SIGN, Stage.HANDLE})
_ORDER = tuple(Stage)


def calendar_for(stage: Stage, desk: OrganizationRef | None) -> Calendar:
    """Return whose office hours count: those of the desk while it has the case, else the default ones."""
    calendar_id = desk.calendar_id if desk is not None and stage in _DESK_STAGES else None
    return get_calendar(calendar_id)


def plan(
    known: Catalog, category: CategoryRef | None, stage: Stage, start: datetime, desk: OrganizationRef | None
) -> dict[str, dict[str, str]]:
    """Return the deadline of the stage that begins now and the planned ones of those that follow.

    Each stage is planned to begin when the one before is due: what the reporter can be told at once.
    """
    planned = {}
    begins = start
    for following in _ORDER[_ORDER.index(stage) :]:
        limit = known.limit(category, following)
        due = deadline(begins, limit, calendar_for(following, desk))
        assert due is not None  # only an open pause holds a deadline back
        planned[following.value] = {"due_at": due.isoformat(), "limit": str(limit)}
        begins = due
    planned[stage.value]["started_at"] = start.isoformat()
    return planned


def warn_at(start: datetime, due: datetime, percent: int) -> datetime:
    """Return when so many percent of the time from start to due have gone by, on the wall clock."""
    return start + timedelta(seconds=(due - start).total_seconds() * percent / 100)


def enter(
    case: Any, status: Status, now: datetime, known: Catalog, desk: OrganizationRef | None, *, fresh: bool
) -> None:
    """Set the case's stage, clock and deadlines for the state it has come to; the caller saves it.

    fresh: begin the stage anew even if the case was in it before (a return, a case done over). Otherwise a stage
    that was entered before keeps its deadline: a failed check gives no new time.
    """
    before = case.stage
    stage = STAGE_OF.get(status)
    deadlines = {key: dict(value) for key, value in case.deadlines.items()}
    if before is not None and before != stage and before in deadlines:
        deadlines[before]["done_at"] = now.isoformat()
    case.stage = stage.value if stage else None
    if stage is None:
        case.stage_started_at = case.due_at = case.warn_at = None
        case.deadlines = deadlines
        return
    if stage == before and not fresh:
        return
    held = deadlines.get(stage.value, {})
    if fresh or "started_at" not in held:
        category = known.by_id.get(case.category_id) if case.category_id else None
        deadlines |= plan(known, category, stage, now, desk)
    else:
        held.pop("done_at", None)
    case.deadlines = deadlines
    case.stage_started_at = datetime.fromisoformat(deadlines[stage.value]["started_at"])
    case.due_at = datetime.fromisoformat(deadlines[stage.value]["due_at"])
    case.warn_at = warn_at(case.stage_started_at, case.due_at, known.setting("warn_at_percent"))
    case.told = 0
