"""A case's clock stopped, set going again, and given more time: doors for apps above, which ask whether it may be."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import queries
from haitang.cases.actions import timing
from haitang.cases.actions.counting import count
from haitang.cases.actions.warning import pending_warning, renew_warning
from haitang.cases.models import Case
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.due import due_changes, due_measures
from haitang.cases.queries.targets import SET_BY
from haitang.cases.values import ClockStands, Stage, WrongStage
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.organizations.queries import organizations
from haitang.worktime.values import Limit

_COLUMNS = ["deadlines", "due_at", "paused_until"]
_ORDER = tuple(Stage)


@transaction.atomic
def pause_clock(*, actor: Actor, case_id: int, until: datetime, now: datetime) -> Case:
    """
    Let the clock of the case's stage stand from now until then, and move its deadlines accordingly.

    until: aware instant, after now. The deadline is at once the one that holds if the clock goes on then, so that no
    job has to run in time for it. Whether the actor may, and the fact, are for the caller (`note_on_case`).
    Raises CaseNotFound, WrongStage (nothing is waited for), ClockStands (it stands already, or the time has run out),
    Invalid (until is past).
    """
    case = _running(case_id)
    if case.paused_until is not None:
        raise ClockStands(_("案件已在缓办中"))
    assert case.due_at is not None
    if case.due_at < now:
        raise ClockStands(_("环节时限已过，缓办不能免除超期"))
    if until <= now:
        raise Invalid(_("缓办截止时间应晚于现在"), {"until": _("应晚于现在")})
    kept = _kept(case)
    kept["pauses"] = [*kept.get("pauses", ()), [now.isoformat(), until.isoformat()]]
    case.paused_until = until
    return _reset(case, kept, now)


@transaction.atomic
def resume_clock(*, actor: Actor, case_id: int, now: datetime) -> Case:
    """
    Let a standing clock go on: from now, or from the instant that was set, if that lies behind.

    Raises CaseNotFound, WrongStage, ClockStands (it does not stand).
    """
    case = _running(case_id)
    if case.paused_until is None:
        raise ClockStands(_("案件不在缓办中"))
    kept = _kept(case)
    begun, until = kept["pauses"][-1]
    ended = min(max(now, datetime.fromisoformat(begun)), datetime.fromisoformat(until))
    kept["pauses"] = [*kept["pauses"][:-1], [begun, ended.isoformat()]]
    case.paused_until = None
    return _reset(case, kept, now)


@transaction.atomic
def extend_clock(*, actor: Actor, case_id: int, more: str, now: datetime) -> Case:
    """
    Give the case's stage so much more time, counted on from its deadline.

    more: a limit as officials write them, "3 工作日".
    Raises CaseNotFound, WrongStage, LimitUnreadable.
    """
    case = _running(case_id)
    kept = _kept(case)
    kept["extensions"] = [*kept.get("extensions", ()), str(Limit.parse(more))]
    return _reset(case, kept, now)


def _running(case_id: int) -> Case:
    case = queries.lock_case(case_id)
    if case.stage is None:
        raise WrongStage(_("案件已办结，没有时限可调整"))
    if case.due_at is None:
        raise ClockStands(_("案件已并入主案件，时限随主案件"))
    return case


def _kept(case: Case) -> dict[str, Any]:
    """Return the entry of the stage that the case is in, ready to be recomputed."""
    assert case.stage is not None
    kept = dict(case.deadlines[case.stage])
    if SET_BY in kept or "limit" not in kept:
        kept.setdefault("set_at", kept["due_at"])
        kept.setdefault(SET_BY, "")
    return kept


def _reset(case: Case, kept: dict[str, Any], now: datetime) -> Case:
    """Compute the stage's deadline anew, and the plans of those not begun; save the case and return it."""
    assert case.stage is not None
    assert case.stage_started_at is not None
    known = catalog()
    desk = organizations().by_id(case.organization_id)
    stage = Stage(case.stage)
    due = timing.due_of(kept, timing.calendar_for(stage, desk))
    deadlines = {**case.deadlines, stage.value: {**kept, "due_at": due.isoformat()}}
    for following in _ORDER[_ORDER.index(stage) + 1 :]:
        planned = deadlines.get(following.value)
        if planned is None or "started_at" in planned or SET_BY in planned:
            break
        category = known.by_id.get(case.category_id) if case.category_id else None
        deadlines[following.value] = plan = timing.plan(known, category, following, due, desk)[following.value]
        del plan["started_at"]
        due = datetime.fromisoformat(plan["due_at"])
    was_missed, due_before = pending_warning(case.pk) is None, due_measures(case)
    case.deadlines = deadlines
    case.due_at = datetime.fromisoformat(deadlines[stage.value]["due_at"])
    case.save(update_fields=_COLUMNS)
    if not (was_missed and case.due_at < now):
        renew_warning(case, known, now)
    if changes := due_changes(due_before, due_measures(case)):
        count(
            area_ids=case.area_ids, category_id=case.category_id, channel=case.channel,
            is_confidential=case.is_confidential, changes=changes,
        )  # fmt: skip
    return case
