"""When a department is due, on its own calendar, and when a missed deadline climbs."""

from datetime import datetime

from haitang.organizations.queries import organizations
from haitang.whistles.lifecycle import STAGE_OF, Deed, Standing
from haitang.whistles.models import Call
from haitang.whistles.queries import rules_of
from haitang.whistles.values import KindRule, Rules, Stage
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Calendar, Limit, deadline

_UP_TO_ARRIVAL = (Stage.SIGN, Stage.CONTACT, Stage.ARRIVE)
_FINISHED_BY: dict[Deed, tuple[Stage, ...]] = {
    Deed.SIGN: (Stage.SIGN,),
    Deed.CONTACT: (Stage.SIGN, Stage.CONTACT),
    Deed.ARRIVE: _UP_TO_ARRIVAL,
    Deed.SIGN_OFF: (Stage.HANDLE,),
}
_FRESH: dict[Deed, tuple[Stage, ...]] = {
    Deed.ARRIVE: (Stage.HANDLE,),
    Deed.REWORK: (Stage.HANDLE,),
    Deed.INSIST: (Stage.CONTACT, Stage.ARRIVE),
}
"""The stages whose time begins anew with a deed."""


def start_clocks(call: Call, kind: KindRule, rules: Rules, now: datetime) -> None:
    """Start the clocks of a department that is called now: to sign, contact and arrive, each counted from now."""
    calendar = _calendar(call)
    for stage in _UP_TO_ARRIVAL:
        _start(call, stage, kind, calendar, now)
    _run(call, Stage.SIGN, rules, calendar)


def follow_deed(call: Call, deed: Deed, target: Standing, now: datetime) -> None:
    """Stop and start the call's clocks for the deed that leads it to the target; the caller saves it."""
    rules = rules_of(call.whistle.rules_id)
    kind, calendar = rules.kinds[call.whistle.kind], _calendar(call)
    for stage in _FINISHED_BY.get(deed, ()):
        call.deadlines[stage.value].setdefault("done_at", now.isoformat())
    for stage in _FRESH.get(deed, ()):
        _start(call, stage, kind, calendar, now)
    running = STAGE_OF.get(target)
    if running is None:
        call.stage = call.stage_started_at = call.due_at = call.climb_at = None
        call.level = 0
    elif running.value != call.stage or running in _FRESH.get(deed, ()):
        _run(call, running, rules, calendar)


def climb_from(call: Call, rules: Rules) -> None:
    """Set when the next step of the ladder is due, above those climbed; none above the top. The caller saves it."""
    assert call.due_at is not None
    call.climb_at = None
    if call.level < len(rules.ladder):
        after = rules.ladder[call.level].after
        call.climb_at = deadline(call.due_at, after, _calendar(call)) if after else call.due_at


def was_in_time(call: Call, stage: Stage | None, now: datetime) -> bool | None:
    """Tell whether the deadline of that stage holds now; None where there is none."""
    kept = call.deadlines.get(stage.value) if stage else None
    return None if kept is None else now <= datetime.fromisoformat(kept["due_at"])


def _calendar(call: Call) -> Calendar:
    desk = organizations().by_id(call.organization_id)
    return get_calendar(desk.calendar_id if desk else None)


def _start(call: Call, stage: Stage, kind: KindRule, calendar: Calendar, now: datetime) -> None:
    limit: Limit = kind.limits[stage.value]
    due = deadline(now, limit, calendar)
    assert due is not None  # only an open pause holds a deadline back
    call.deadlines[stage.value] = {"due_at": due.isoformat(), "started_at": now.isoformat(), "limit": str(limit)}


def _run(call: Call, stage: Stage, rules: Rules, calendar: Calendar) -> None:
    kept = call.deadlines[stage.value]
    call.stage = stage.value
    call.stage_started_at = datetime.fromisoformat(kept["started_at"])
    call.due_at = datetime.fromisoformat(kept["due_at"])
    call.level = 0
    climb_from(call, rules)
