"""Cases that go along with another: doors for the app above that decides which, and that records the facts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import queries
from haitang.cases.actions import timing
from haitang.cases.actions.counting import count
from haitang.cases.actions.moving import Change, carry_out
from haitang.cases.actions.warning import drop_warning, keep_warning, pending_warning, renew_warning
from haitang.cases.lifecycle import STAGE_OF, Deed, Status
from haitang.cases.models import Case
from haitang.cases.queries.catalog import Catalog, catalog
from haitang.cases.queries.due import due_changes, due_measures
from haitang.cases.values import CaseNotFound
from haitang.core.access import Actor

_CLOCK = ("stage_started_at", "due_at")
_MISSED = 100
"""Among the warnings given of a resting clock: it was told that the deadline was missed, nothing more is."""


@transaction.atomic
def rest_clock(*, actor: Actor, case_id: int, now: datetime) -> dict[str, Any]:
    """
    Take an open case's deadline away, so that it warns nobody and waits in nobody's 待办; return it for `wake_clock`.

    Raises CaseNotFound.
    """
    case = queries.lock_case(case_id)
    warning = pending_warning(case_id)
    rested: dict[str, Any] = {
        "deadlines": case.deadlines,
        "told": warning.given if warning else _MISSED,
        "warn_at": warning.at.isoformat() if warning else None,
    }
    for name in _CLOCK:
        at = getattr(case, name)
        rested[name] = at.isoformat() if at else None
    case.due_at = None
    case.save(update_fields=["due_at"])
    drop_warning(case_id)
    return rested


@transaction.atomic
def wake_clock(*, actor: Actor, case_id: int, rested: Mapping[str, Any], now: datetime) -> Case:
    """
    Give a case back the clock that `rest_clock` took: the same deadlines, as though it had never rested.

    Raises CaseNotFound.
    """
    case = queries.lock_case(case_id)
    for name in _CLOCK:
        setattr(case, name, datetime.fromisoformat(rested[name]) if rested[name] else None)
    case.deadlines = rested["deadlines"]
    case.save(update_fields=[*_CLOCK, "deadlines"])
    if rested["warn_at"] and rested["told"] < _MISSED:
        keep_warning(case_id, datetime.fromisoformat(rested["warn_at"]), rested["told"])
    return case


@transaction.atomic
def bound_clock(*, actor: Actor, case_id: int, bounds: Mapping[str, datetime], now: datetime) -> Case:
    """
    Let no stage of an open case be due later than its bound, now and in time to come; bounds set before are forgotten.

    bounds: by stage; a stage without one gets back the deadline that it would have by itself, unless that was
    changed meanwhile. Stages that are done stay as they were. Raises CaseNotFound.
    """
    case = queries.lock_case(case_id)
    due_before, deadlines = due_measures(case), {}
    for stage, before in case.deadlines.items():
        kept = dict(before)
        if "done_at" not in kept and "due_at" in kept:
            former = kept.pop(timing.NOT_AFTER, None)
            own = kept.pop(timing.UNBOUNDED, None)
            if own is not None and kept["due_at"] == former:
                kept["due_at"] = own
            if stage in bounds:
                timing.bounded({stage: kept}, {stage: {timing.NOT_AFTER: bounds[stage].isoformat()}})
        deadlines[stage] = kept
    case.deadlines = deadlines
    before = case.due_at
    if case.stage is not None and before is not None:
        case.due_at = datetime.fromisoformat(deadlines[case.stage]["due_at"])
    case.save(update_fields=["deadlines", "due_at"])
    if case.due_at != before:
        renew_warning(case, catalog(), now)
    if changes := due_changes(due_before, due_measures(case)):
        count(
            area_ids=case.area_ids, category_id=case.category_id, channel=case.channel,
            is_confidential=case.is_confidential, changes=changes,
        )  # fmt: skip
    return case


@transaction.atomic
def end_along(*, actor: Actor, case_id: int, main_id: int, opinion: str, now: datetime) -> Case | None:
    """
    End an open case as its main case has ended, closed or not taken on; None if it is not open any more.

    It takes over the main case's desk and handler, so that a reporter who is not content finds them at work again.
    Raises CaseNotFound, and what the guards raise.
    """
    locked = queries.lock_cases_whole([main_id, case_id])
    if len(locked) < 2:
        raise CaseNotFound(_("没有这个案件"))
    main, case = locked[main_id], locked[case_id]
    if Status(case.status) not in STAGE_OF:
        return None
    deed, target = (Deed.REFUSE, Status.REFUSED) if queries.was_refused(main) else (Deed.CLOSE, Status.CLOSED)

    def prepare(case: Case, known: Catalog) -> Change:
        case.organization_id, case.handler_id, case.level = main.organization_id, main.handler_id, main.level
        fact = {"level": main.level} if deed is Deed.CLOSE else {}
        return Change(fact=fact, columns=["organization", "handler_id", "level"])

    return carry_out(actor=actor, case=case, deed=deed, target=target, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def mark_case(
    *,
    actor: Actor,
    case_id: int,
    now: datetime,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    priority: int | None = None,
    voices: int | None = None,
) -> Case:
    """
    Set what lists show of a case besides its state: marks (values.Mark) put on and taken off, priority, voices.

    None leaves as it is. Raises CaseNotFound.
    """
    case = queries.lock_case(case_id)
    case.marks = sorted((set(case.marks) | set(add)) - set(remove))
    case.priority = case.priority if priority is None else priority
    case.voices = case.voices if voices is None else voices
    case.save(update_fields=["marks", "priority", "voices"])
    return case
