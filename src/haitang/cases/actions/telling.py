"""The clock's own work: whoever answers for a stage is told that its deadline is near, and that it was missed."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q

from haitang.cases.actions import timing
from haitang.cases.actions.moving import audience_of
from haitang.cases.facts import DeadlineMissed, DeadlineNear
from haitang.cases.models import Case
from haitang.cases.queries.catalog import catalog
from haitang.cases.values import MISSED
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.facts import Fact

_BATCH = 2000


@transaction.atomic
def tell_missed_deadlines(*, actor: Actor, now: datetime) -> int:
    """
    Record every warning that has come due (setting `warn_percents`) and every deadline missed; return how many cases.

    Warnings that came due together are told as one, the last. At most 2,000 cases a call, in three statements, those
    due first; cases that somebody is working on this instant come next time.
    """
    percents: list[int] = catalog().setting("warn_percents")
    cases = list(
        Case.objects.defer("search")
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .filter(Q(warn_at__lt=F("due_at")) | Q(due_at__lt=now), warn_at__lte=now, due_at__isnull=False, told__lt=MISSED)
        .order_by("warn_at", "id")[:_BATCH]
    )
    told: list[tuple[Fact, history.Audience]] = []
    for case in cases:
        assert case.stage is not None
        assert case.stage_started_at is not None
        assert case.due_at is not None
        if case.due_at < now:
            case.told, case.warn_at = MISSED, case.due_at
            told.append((DeadlineMissed(case.pk, case.stage, case.due_at.isoformat()), audience_of(case)))
            continue
        given, case.warn_at = timing.next_telling(
            case.stage_started_at, case.due_at, percents, now, case.deadlines.get(case.stage)
        )
        if given > case.told:
            near = DeadlineNear(case.pk, case.stage, case.due_at.isoformat(), percents[given - 1])
            told.append((near, audience_of(case)))
        case.told = max(given, case.told)
    if cases:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_case AS c SET told = t.told, warn_at = t.warn_at "
                "FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS t(id, told, warn_at) WHERE c.id = t.id",
                [[case.pk for case in cases], [case.told for case in cases], [case.warn_at for case in cases]],
            )
        history.record_each(actor=actor, facts=told, at=now)
    return len(cases)
