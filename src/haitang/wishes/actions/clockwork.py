"""What time does: reminds whose turn it is, opens wishes again, takes old ones off, forgets whose they were."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from haitang.core import history
from haitang.core.access import Actor
from haitang.wishes import queries
from haitang.wishes.actions.claiming import release
from haitang.wishes.actions.shared import audience_of
from haitang.wishes.facts import ClaimReminded, WishErased, WishExpired
from haitang.wishes.lifecycle import Deed, Status, check_move, leads
from haitang.wishes.models import Claim, Wish
from haitang.wishes.values import Side

_ROWS = 500
"""So many at one call; the clock's jobs call until there is nothing left."""
_TURN = {Status.CLAIMED: Side.COMMUNITY, Status.DELIVERED: Side.FAMILY}
"""Whose turn it is; in every other state it is the claimant's."""


def _each(ids: Iterable[int], deed: Callable[[int], bool]) -> int:
    """Do a deed for one after the other, each in a transaction of its own: one that fails keeps none of the others."""
    done = 0
    for each in ids:
        with transaction.atomic():
            done += deed(each)
    return done


def remind_of_wishes(*, actor: Actor, now: datetime) -> int:
    """
    Remind whose turn it is, once for each step: the community to answer, the claimant to move, the family to confirm.

    Returns how many; at most 500 a call. Who moves at the same moment is not reminded.
    """
    due = Claim.objects.filter(remind_at__lte=now).order_by("remind_at", "id").values_list("pk", flat=True)

    def remind(claim_id: int) -> bool:
        wish, claim = queries.lock_claim(claim_id)
        if claim.remind_at is None or claim.remind_at > now:
            return False
        claim.remind_at = None
        claim.save(update_fields=["remind_at"])
        fact = ClaimReminded(wish.pk, claim.pk, _TURN.get(Status(wish.status), Side.CLAIMANT).value)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
        return True

    return _each(list(due[:_ROWS]), remind)


def release_late_claims(*, actor: Actor, now: datetime) -> int:
    """
    Open the wishes again whose claimants have not moved by their deadline; return how many, at most 500 a call.

    A claimant who moves at the same moment wins or loses as a whole.
    """
    due = Claim.objects.filter(due_at__lte=now).order_by("due_at", "id").values_list("pk", flat=True)

    def let_go(claim_id: int) -> bool:
        wish, claim = queries.lock_claim(claim_id)
        if claim.due_at is None or claim.due_at > now or not leads(wish.status, Deed.RELEASE):
            return False
        release(actor, wish, claim, "", now, by_clock=True)
        return True

    return _each(list(due[:_ROWS]), let_go)


def expire_wishes(*, actor: Actor, now: datetime) -> int:
    """Take wishes off that nobody has claimed for the days of the setting; return how many, at most 500 a call."""
    due = Wish.objects.filter(status=Status.OPEN, expires_at__lte=now).order_by("expires_at", "id")

    def expire(wish_id: int) -> bool:
        wish = queries.lock_wish(wish_id)
        if not leads(wish.status, Deed.EXPIRE) or wish.expires_at is None or wish.expires_at > now:
            return False
        wish.status, wish.ended_at, wish.expires_at = check_move(wish.status, Deed.EXPIRE), now, None
        wish.save(update_fields=["status", "ended_at", "expires_at"])
        history.record(actor=actor, fact=WishExpired(wish.pk), at=now, audience=audience_of(wish))
        return True

    return _each(list(due.values_list("pk", flat=True)[:_ROWS]), expire)


def erase_wishes(*, actor: Actor, now: datetime) -> int:
    """
    Forget whose the wishes were that ended longer ago than the days of the setting, and how to reach who claimed them.

    What is public stays, and that the claimant granted it. Returns how many; at most 500 a call.
    Source: 《个人信息保护法》 art. 19, 47.
    """
    before = now - timedelta(days=queries.rules()["keep_days"])
    due = Wish.objects.filter(ended_at__lte=before, erased_at=None).order_by("ended_at", "id")

    def erase(wish_id: int) -> bool:
        wish = queries.lock_wish(wish_id)
        if wish.erased_at is not None or wish.ended_at is None or wish.ended_at > before:
            return False
        forget_family(actor, wish, now)
        return True

    return _each(list(due.values_list("pk", flat=True)[:_ROWS]), erase)


def forget_family(actor: Actor, wish: Wish, now: datetime) -> None:
    """Erase whose an ended wish was and how to reach its claimants, inside another deed; the caller has locked it."""
    wish.name_sealed = wish.phone_sealed = wish.phone_index = wish.address_sealed = wish.story_sealed = b""
    wish.between_phone_sealed, wish.between_name, wish.reason, wish.thanks = b"", "", "", ""
    wish.account_id, wish.erased_at = None, now
    wish.save()
    wish.claims.update(phone_sealed=b"", name="", words="", delivery="", feedback="", reason="")
    history.record(actor=actor, fact=WishErased(wish.pk), at=now, audience=audience_of(wish))
