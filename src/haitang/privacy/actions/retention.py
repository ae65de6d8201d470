"""Carrying out how long personal data are kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Invalid
from haitang.privacy.facts import RetentionCarriedOut, RetentionChanged
from haitang.privacy.models import Request, RetentionRun
from haitang.privacy.queries import retention as queries
from haitang.privacy.values import CLEANERS, Permission

BATCH = 500
BATCHES_MAX = 20
"""A night takes at most 10,000 rows of a rule; the next goes on."""
MONTHS_MAX = 1200


def carry_out_retention(*, actor: Actor, now: datetime) -> int:
    """Erase what has been kept for its months, in batches that each are a transaction; return how many rows.

    What was erased is noted by rule, and recorded. A batch that was cut off is done again the next night.
    """
    total = 0
    months = queries.TERMS.get()
    for cleaner in CLEANERS:
        until, erased, n = queries.before(months[cleaner.code], now), 0, 0
        for _batch in range(BATCHES_MAX):
            with transaction.atomic():
                n = cleaner.clean(actor=actor, before=until, limit=BATCH, now=now)
            erased += n
            if n < BATCH:
                break
        _note(actor, cleaner.code, months[cleaner.code], until, erased, n < BATCH, now)
        total += erased
    return total


@transaction.atomic
def _note(actor: Actor, rule: str, months: int, until: datetime, erased: int, is_done: bool, now: datetime) -> None:
    run = RetentionRun.objects.create(rule=rule, months=months, before=until, erased=erased, is_done=is_done, at=now)
    if erased:
        history.record(actor=actor, fact=RetentionCarriedOut(run.pk, rule, months, erased), at=now)


@transaction.atomic
def change_retention_months(*, actor: Actor, key: str, value: int, now: datetime) -> None:
    """Set for how many months a rule keeps. Raises NotAllowed, NotFound, Invalid (fewer than the law asks)."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    least = queries.least_months(key)
    if value < least:
        text = _("不能少于 %(n)d 个月") % {"n": least}
        raise Invalid(text, {key: text})
    if change := queries.MONTHS.change(key, value, lambda given, _like: 1 <= given <= MONTHS_MAX):
        queries.TERMS.touch()
        fact = RetentionChanged(change.row.pk, key, change.before, value)
        history.record(actor=actor, fact=fact, at=now)


@transaction.atomic
def clean_old_requests(*, actor: Actor, before: datetime, limit: int, now: datetime) -> int:
    """Erase the words and the answers of requests that ended before."""
    ids = list(queries.old_requests(before).values_list("pk", flat=True)[:limit])
    return Request.objects.filter(pk__in=ids).update(words="", answer="")
