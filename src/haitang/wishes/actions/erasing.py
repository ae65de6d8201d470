"""Forgetting a family or a claimant at their wish, before the days of the settings are over."""

from datetime import datetime

from django.db import transaction

from haitang.core.access import Actor
from haitang.privacy.values import Asker, Erased
from haitang.wishes import queries
from haitang.wishes.actions.clockwork import forget_family
from haitang.wishes.queries.own_data import NOBODY, claims_of, wishes_of


@transaction.atomic
def erase_wisher(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Erase whose the asker's wishes were, and how to reach who claimed one; what has not ended waits."""
    done, later = [], 0
    for wish_id in wishes_of(asker).values_list("pk", flat=True):
        wish = queries.lock_wish(wish_id)
        if wish.ended_at is None:
            later += 1
            continue
        forget_family(actor, wish, now)
        done.append(("wish", wish.pk))
    claims = claims_of(asker)
    later += claims.filter(ended_at=None).count()
    ended = claims.exclude(ended_at=None)
    done += [("wish", pk) for pk in ended.values_list("wish_id", flat=True)]
    ended.update(
        account_id=NOBODY, volunteer=None, phone_sealed=b"", name="", words="", delivery="", feedback="", reason=""
    )
    return Erased(len(done), later, subjects=tuple(dict.fromkeys(done)))
