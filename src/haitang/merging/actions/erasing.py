"""Forgetting who said "me too", at their wish; that somebody did goes on counting."""

from datetime import datetime

from django.db import transaction

from haitang.core.access import Actor
from haitang.merging.models import Voice
from haitang.merging.queries.own_data import old_voices, voices_of
from haitang.privacy.values import Asker, Erased


@transaction.atomic
def erase_voices(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Erase account, telephone and browser of the asker's voices: they are no longer told when it is solved."""
    rows = voices_of(asker)
    cases = tuple(("case", case_id) for case_id in rows.values_list("case_id", flat=True))
    n = rows.update(account_id=None, phone_sealed=None, phone_index=None, browser=None)
    return Erased(n, subjects=cases if asker.account_id is not None else ())


@transaction.atomic
def clean_old_voices(*, actor: Actor, before: datetime, limit: int, now: datetime) -> int:
    """Erase who stands in rows that have been kept for their time, at most so many; return how many."""
    ids = list(old_voices(before).values_list("pk", flat=True)[:limit])
    return Voice.objects.filter(pk__in=ids).update(phone_sealed=None, phone_index=None, browser=None)
