"""The clock's own work: whoever answers for a stage is told that its deadline is near, and that it was missed."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from haitang.cases import policies
from haitang.cases.actions import timing
from haitang.cases.facts import DeadlineMissed, DeadlineNear
from haitang.cases.models import Case, PendingWarning
from haitang.cases.queries.cases import KEY, CaseKey
from haitang.cases.queries.catalog import catalog
from haitang.core import copying, history
from haitang.core.access import Actor
from haitang.core.facts import Fact

_WARNED = 2_000
_BATCH = 20_000
_MISSED = f"""
SELECT {KEY}, c.stage, c.due_at FROM cases_pendingwarning w JOIN cases_case c ON c.id = w.case_id
WHERE w.at <= %s AND c.due_at < %s
ORDER BY w.at, w.case_id LIMIT %s FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - joins constants of this code, no input
_TELL_NO_MORE = "DELETE FROM cases_pendingwarning WHERE case_id = ANY(%s::bigint[])"
"""A statement of its own: joined with what it is to delete, and the statistics still from before many deadlines passed
at once, the server would compare every row with every other."""

_OVERDUE = f"""
SELECT {KEY}, c.stage, c.due_at FROM cases_case c
WHERE c.id = ANY(%s::bigint[]) AND c.due_at < %s AND c.paused_until IS NULL ORDER BY c.id
"""  # noqa: S608 - joins constants of this code, no input


@transaction.atomic
def tell_missed_deadlines(*, actor: Actor, now: datetime) -> int:
    """
    Record every warning that has come due (setting `warn_percents`) and every deadline missed; return how many cases.

    Warnings that came due together are told as one, the last. At most 20,000 missed deadlines and 2,000 warnings a
    call, in a few statements, those due first; cases that somebody is working on this instant come next time.
    """
    missed = _missed(now)
    warned, looked_at = _warned(now)
    history.record_each(actor=actor, facts=missed + warned, at=now)
    return len(missed) + looked_at


@transaction.atomic
def tell_overdue(*, actor: Actor, case_ids: Iterable[int], now: datetime) -> int:
    """
    Record of these cases that their deadline has passed, whatever was told before; return of how many.

    For cases that came overdue from another system. Those that are not overdue, or whose clock stands, are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [copying.numbers(case_ids), now])
        told = _told(cursor.fetchall())
    history.record_each(actor=actor, facts=told, at=now)
    return len(told)


def _missed(now: datetime) -> list[tuple[Fact, history.Audience]]:
    with connection.cursor() as cursor:
        cursor.execute(_MISSED, [now, now, _BATCH])
        missed = cursor.fetchall()
        cursor.execute(_TELL_NO_MORE, [copying.numbers(row[0] for row in missed)])
    return _told(missed)


def _told(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Fact, history.Audience]]:
    heard = cache(policies.audience_at)
    told: list[tuple[Fact, history.Audience]] = []
    for *key, stage, due_at in rows:
        case = CaseKey(*key)
        audience = heard(case.area_path, case.organization_id, is_confidential=case.is_confidential)
        told.append((DeadlineMissed(case.id, stage, due_at.isoformat()), audience))
    return told


def _warned(now: datetime) -> tuple[list[tuple[Fact, history.Audience]], int]:
    """Give the warnings of cases that are not overdue; return those that were given, and how many cases it looked at.

    How much of a stage has gone by is told without its pauses, so each is looked at by itself.
    """
    percents: list[int] = catalog().setting("warn_percents")
    cases = list(
        Case.objects.defer("search")
        .select_related("warning")
        .select_for_update(no_key=True, of=("self", "warning"), skip_locked=True)
        .filter(warning__at__lt=F("due_at"), warning__at__lte=now, due_at__gte=now)
        .order_by("warning__at", "id")[:_WARNED]
    )
    told: list[tuple[Fact, history.Audience]] = []
    for case in cases:
        assert case.stage is not None
        assert case.stage_started_at is not None
        assert case.due_at is not None
        given, case.warning.at = timing.next_telling(
            case.stage_started_at, case.due_at, percents, now, case.deadlines.get(case.stage)
        )
        if given > case.warning.given:
            near = DeadlineNear(case.pk, case.stage, case.due_at.isoformat(), percents[given - 1])
            told.append((near, policies.audience_of(case)))
        case.warning.given = max(given, case.warning.given)
    PendingWarning.objects.bulk_update([case.warning for case in cases], ["at", "given"])
    return told, len(cases)
