"""The clock's own work: whoever answers for a stage is told that its deadline is near, and that it was missed."""

from datetime import datetime

from django.db import transaction

from haitang.cases.actions.moving import audience_of
from haitang.cases.facts import DeadlineMissed, DeadlineNear
from haitang.cases.models import Case
from haitang.core import history
from haitang.core.access import Actor

_BATCH = 500


@transaction.atomic
def tell_missed_deadlines(*, actor: Actor, now: datetime) -> int:
    """
    Record, once a stage, that its deadline is near and once that it was missed; return how many were recorded.

    At most 500 cases a call, those due first; cases that somebody is working on this instant come next time.
    """
    rows = (
        Case.objects.defer("search")
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .filter(warn_at__lte=now, due_at__isnull=False, told__lt=2)
        .extra(where=["(told < 1 OR due_at < %s)"], params=[now])
        .order_by("warn_at")[:_BATCH]
    )
    told = 0
    for case in rows:
        missed = case.due_at < now
        case.told = 2 if missed else 1
        case.save(update_fields=["told"])
        fact = (DeadlineMissed if missed else DeadlineNear)(case.pk, case.stage, case.due_at.isoformat())
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(case))
        told += 1
    return told
