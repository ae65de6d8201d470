"""When a department is due, on its own calendar, when the street is, on its own, and when a missed deadline climbs."""

from datetime import datetime

from haitang.organizations.queries import organizations
from haitang.whistles.lifecycle import STAGE_OF, Deed, Standing
from haitang.whistles.models import Call, Whistle
from haitang.whistles.queries import rules_of
from haitang.whistles.values import STREET_STAGES, KindRule, Rules, Rung, Stage
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Calendar, Limit, deadline

_UP_TO_ARRIVAL = (Stage.SIGN, Stage.CONTACT, Stage.ARRIVE)
_FINISHED_BY: dict[Deed, tuple[Stage, ...]] = {
    Deed.SIGN: (Stage.SIGN,),
    Deed.CONTACT: (Stage.SIGN, Stage.CONTACT),
    Deed.ARRIVE: _UP_TO_ARRIVAL,
    Deed.SIGN_OFF: (Stage.HANDLE,),
    Deed.RELEASE: (Stage.RULE,),
    Deed.INSIST: (Stage.RULE,),
}
_FRESH: dict[Deed, tuple[Stage, ...]] = {
    Deed.ARRIVE: (Stage.HANDLE,),
    Deed.REWORK: (Stage.HANDLE,),
    Deed.INSIST: (Stage.CONTACT, Stage.ARRIVE),
    Deed.REFUSE: (Stage.RULE,),
}
"""The stages whose time begins anew with a deed."""
APPROVAL_COLUMNS = ["due_at", "level", "climb_at"]


def start_approval(whistle: Whistle, kind: KindRule, rules: Rules, now: datetime) -> None:
    """Start the clock of the decision on a drafted whistle, where its kind sets one; the caller saves it."""
    limit = kind.limits.get(Stage.APPROVE.value)
    if limit is not None:
        calendar = _calendar(whistle.organization_id)
        whistle.due_at = deadline(now, limit, calendar)
        climb_approval(whistle, rules)


def end_approval(whistle: Whistle, now: datetime) -> bool | None:
    """Stop that clock; return whether it held, None where there was none. The caller saves APPROVAL_COLUMNS."""
    in_time = None if whistle.due_at is None else now <= whistle.due_at
    whistle.due_at = whistle.climb_at = None
    return in_time


def climb_approval(whistle: Whistle, rules: Rules) -> None:
    """Set when the next step of the street's ladder is due for the approval. The caller saves it."""
    assert whistle.due_at is not None
    calendar = _calendar(whistle.organization_id)
    whistle.climb_at = _next_climb(whistle.due_at, whistle.level, rules.street_ladder, calendar)


def start_clocks(call: Call, kind: KindRule, rules: Rules, now: datetime) -> None:
    """Start the clocks of a department that is called now: to sign, contact and arrive, each counted from now."""
    for stage in _UP_TO_ARRIVAL:
        _start(call, stage, kind, now)
    _run(call, Stage.SIGN, rules)


def follow_deed(call: Call, deed: Deed, target: Standing, now: datetime) -> None:
    """Stop and start the call's clocks for the deed that leads it to the target; the caller saves it."""
    rules = rules_of(call.whistle.rules_id)
    kind = rules.kinds[call.whistle.kind]
    for stage in _FINISHED_BY.get(deed, ()):
        if kept := call.deadlines.get(stage.value):
            kept.setdefault("done_at", now.isoformat())
    for stage in _FRESH.get(deed, ()):
        _start(call, stage, kind, now)
    running = STAGE_OF.get(target)
    if running is None or running.value not in kind.limits:
        call.stage = call.stage_started_at = call.due_at = call.climb_at = None
        call.level = 0
    elif running.value != call.stage or running in _FRESH.get(deed, ()):
        _run(call, running, rules)


def climb_from(call: Call, rules: Rules) -> None:
    """Set when the next step of the ladder is due, above those climbed; none above the top. The caller saves it."""
    assert call.due_at is not None
    assert call.stage is not None
    ladder, calendar = rules.ladder_of(call.stage), _calendar_for(call, Stage(call.stage))
    call.climb_at = _next_climb(call.due_at, call.level, ladder, calendar)


def was_in_time(call: Call, stage: Stage | None, now: datetime) -> bool | None:
    """Tell whether the deadline of that stage holds now; None where there is none."""
    kept = call.deadlines.get(stage.value) if stage else None
    return None if kept is None else now <= datetime.fromisoformat(kept["due_at"])


def _next_climb(due_at: datetime, level: int, ladder: tuple[Rung, ...], calendar: Calendar) -> datetime | None:
    if level >= len(ladder):
        return None
    after = ladder[level].after
    return deadline(due_at, after, calendar) if after else due_at


def _calendar(organization_id: int | None) -> Calendar:
    desk = organizations().by_id(organization_id)
    return get_calendar(desk.calendar_id if desk else None)


def _calendar_for(call: Call, stage: Stage) -> Calendar:
    """Return the department's calendar; for what the street decides, that of whoever drafted the whistle."""
    return _calendar(call.whistle.organization_id if stage in STREET_STAGES else call.organization_id)


def _start(call: Call, stage: Stage, kind: KindRule, now: datetime) -> None:
    limit: Limit | None = kind.limits.get(stage.value)
    if limit is None:
        return
    due = deadline(now, limit, _calendar_for(call, stage))
    assert due is not None  # only an open pause holds a deadline back
    call.deadlines[stage.value] = {"due_at": due.isoformat(), "started_at": now.isoformat(), "limit": str(limit)}


def _run(call: Call, stage: Stage, rules: Rules) -> None:
    kept = call.deadlines[stage.value]
    call.stage = stage.value
    call.stage_started_at = datetime.fromisoformat(kept["started_at"])
    call.due_at = datetime.fromisoformat(kept["due_at"])
    call.level = 0
    climb_from(call, rules)
