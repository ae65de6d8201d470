"""Forgetting who answered a survey under their name, at their wish; what was answered goes on counting."""

from datetime import datetime

from django.db import transaction

from haitang.core.access import Actor
from haitang.privacy.values import Asker, Erased
from haitang.surveys.lifecycle import Status
from haitang.surveys.models import Answer
from haitang.surveys.queries.own_data import answers_of, old_answers


@transaction.atomic
def erase_answerer(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Part the asker's answers from who they are, once the survey is closed."""
    rows = answers_of(asker)
    done = rows.filter(survey__status=Status.CLOSED).update(account_id=None)
    return Erased(done, rows.count())


@transaction.atomic
def clean_old_answers(*, actor: Actor, before: datetime, limit: int, now: datetime) -> int:
    """Erase who stands in rows that have been kept for their time, at most so many; return how many."""
    ids = list(old_answers(before).values_list("pk", flat=True)[:limit])
    return Answer.objects.filter(pk__in=ids).update(account_id=None)
