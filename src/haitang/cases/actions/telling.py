"""The clock's own work: whoever answers for a stage is told that its deadline is near, and that it was missed."""

from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.db.models import F

from haitang.cases import policies
from haitang.cases.actions import timing
from haitang.cases.facts import DeadlineMissed, DeadlineNear
from haitang.cases.models import Case
from haitang.cases.queries.cases import KEY, CaseKey
from haitang.cases.queries.catalog import catalog
from haitang.cases.values import MISSED
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.facts import Fact

_WARNED = 2_000
_BATCH = 20_000
_MISS = f"""
WITH missed AS (
    SELECT id FROM cases_case WHERE due_at < %s AND warn_at <= %s AND told < %s
    ORDER BY warn_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE cases_case c SET told = %s, warn_at = c.due_at FROM missed WHERE c.id = missed.id
RETURNING {KEY}, c.stage, c.due_at
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


def _missed(now: datetime) -> list[tuple[Fact, history.Audience]]:
    with connection.cursor() as cursor:
        cursor.execute(_MISS, [now, now, MISSED, _BATCH, MISSED])
        rows = cursor.fetchall()
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
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .filter(warn_at__lt=F("due_at"), warn_at__lte=now, due_at__gte=now, told__lt=MISSED)
        .order_by("warn_at", "id")[:_WARNED]
    )
    told: list[tuple[Fact, history.Audience]] = []
    for case in cases:
        assert case.stage is not None
        assert case.stage_started_at is not None
        assert case.due_at is not None
        given, case.warn_at = timing.next_telling(
            case.stage_started_at, case.due_at, percents, now, case.deadlines.get(case.stage)
        )
        if given > case.told:
            near = DeadlineNear(case.pk, case.stage, case.due_at.isoformat(), percents[given - 1])
            told.append((near, policies.audience_of(case)))
        case.told = max(given, case.told)
    if cases:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_case AS c SET told = t.told, warn_at = t.warn_at "
                "FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS t(id, told, warn_at) WHERE c.id = t.id",
                [[case.pk for case in cases], [case.told for case in cases], [case.warn_at for case in cases]],
            )
    return told, len(cases)
