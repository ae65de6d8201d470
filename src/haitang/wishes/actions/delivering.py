"""How a wish is granted: begun, delivered, confirmed by the family or in its place, thanked for."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.volunteers.actions import record_service
from haitang.wishes import policies, queries
from haitang.wishes.actions.claiming import check_under_way
from haitang.wishes.actions.shared import audience_of, end_claim, reason_of, recorded_as, text_of
from haitang.wishes.facts import (
    ClaimFedBack,
    ClaimStarted,
    DeliveryContested,
    WishDelivered,
    WishFulfilled,
    WishThanked,
)
from haitang.wishes.lifecycle import ClaimStatus, Deed, Status, check_move
from haitang.wishes.models import Claim, Wish
from haitang.wishes.values import MINUTES_MAX, BadWish, ClaimNotFound, WrongWishState


def _for_claimant(actor: Actor, claim_id: int) -> tuple[Wish, Claim]:
    """Return a claim under way with its wish, locked, for its claimant, or for staff who say it for them."""
    wish, claim = queries.lock_claim(claim_id)
    if not policies.is_claimant(actor, claim):
        policies.check_can_check(actor, wish)
    check_under_way(claim)
    return wish, claim


@transaction.atomic
def start_claim(*, actor: Actor, claim_id: int, now: datetime) -> Claim:
    """
    Say that one has begun: there is the time of the settings to deliver.

    Raises ClaimNotFound, WishNotFound, WrongWishState.
    """
    wish, claim = _for_claimant(actor, claim_id)
    wish.status = check_move(wish.status, Deed.START)
    wish.save(update_fields=["status"])
    claim.started_at = now
    _give_time(claim, now)
    fact = ClaimStarted(wish.pk, claim.pk, claim.due_at.isoformat() if claim.due_at else "")
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    return claim


def _give_time(claim: Claim, now: datetime) -> None:
    claim.remind_at, claim.due_at = queries.after("deliver_remind", now), queries.after("deliver_limit", now)
    claim.save(update_fields=["started_at", "delivered_at", "remind_at", "due_at"])


@transaction.atomic
def deliver_wish(*, actor: Actor, claim_id: int, now: datetime, words: str = "", minutes: int | None = None) -> Claim:
    """
    Say that it was delivered; the family, or the community in its place, confirms.

    minutes: what a volunteer has spent on it, 1 to 720, None where not said; counted once it is confirmed.
    Raises ClaimNotFound, WishNotFound, WrongWishState, BadWish.
    """
    wish, claim = _for_claimant(actor, claim_id)
    if minutes is not None and not 1 <= minutes <= MINUTES_MAX:
        wrong = _("用时应为 1 至 %(n)d 分钟") % {"n": MINUTES_MAX}
        raise BadWish(wrong, {"minutes": wrong})
    claim.delivery = text_of(words, "words")
    wish.status = check_move(wish.status, Deed.DELIVER)
    wish.save(update_fields=["status"])
    claim.delivered_at, claim.minutes, claim.due_at = now, minutes, None
    claim.remind_at = queries.after("receive_remind", now)
    claim.save(update_fields=["delivered_at", "minutes", "delivery", "remind_at", "due_at"])
    fact = WishDelivered(wish.pk, claim.pk, minutes)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    return claim


def _delivered(actor: Actor, wish_id: int) -> tuple[Wish, Claim]:
    """Return a wish with the claim that holds it, locked, for whoever speaks for the family."""
    wish = queries.lock_wish(wish_id)
    policies.check_speaks_for_family(actor, wish)
    claim = queries.claim_holding(wish.pk)
    if claim is None:
        raise ClaimNotFound(_("这个心愿还没有人认领"))
    return wish, claim


@transaction.atomic
def receive_wish(*, actor: Actor, wish_id: int, now: datetime) -> Wish:
    """
    Confirm as the family, or in its place, that the wish is granted; a volunteer's hours are theirs from now on.

    Raises WishNotFound, NotAllowed, ClaimNotFound, WrongWishState, OwnClaim (staff who delivered it themselves).
    """
    wish, claim = _delivered(actor, wish_id)
    if not policies.is_family(actor, wish):
        policies.check_can_confirm(actor, wish, claim)
    wish.status = check_move(wish.status, Deed.RECEIVE)
    wish.ended_at, wish.is_on_behalf, wish.expires_at = now, not policies.is_family(actor, wish), None
    wish.save(update_fields=["status", "ended_at", "is_on_behalf", "expires_at"])
    end_claim(claim, ClaimStatus.DONE, "", now)
    if claim.volunteer_id is not None and claim.minutes and claim.delivered_at is not None:
        record_service(
            actor=recorded_as(actor, wish), source="wishes", source_id=str(claim.pk), volunteer_id=claim.volunteer_id,
            what=f"圆微心愿：{wish.title}",
            began_at=claim.delivered_at - timedelta(minutes=claim.minutes), ended_at=claim.delivered_at, now=now,
        )  # fmt: skip
    fact = WishFulfilled(wish.pk, claim.pk, wish.is_on_behalf)
    history.record(actor=recorded_as(actor, wish), fact=fact, at=now, audience=audience_of(wish))
    return wish


@transaction.atomic
def contest_delivery(*, actor: Actor, wish_id: int, reason: str, now: datetime) -> Wish:
    """
    Say as the family, or in its place, that nothing came; the claimant has the time of the settings once more.

    Raises WishNotFound, NotAllowed, ClaimNotFound, WrongWishState, BadWish (no reason).
    """
    wish, claim = _delivered(actor, wish_id)
    wish.status = check_move(wish.status, Deed.CONTEST)
    reason = reason_of(reason)
    wish.save(update_fields=["status"])
    claim.started_at, claim.delivered_at = claim.started_at or now, None
    _give_time(claim, now)
    fact = DeliveryContested(wish.pk, claim.pk, reason)
    history.record(actor=recorded_as(actor, wish), fact=fact, at=now, audience=audience_of(wish))
    return wish


@transaction.atomic
def thank_for_wish(*, actor: Actor, wish_id: int, words: str, now: datetime) -> Wish:
    """
    Say thank you as the family, or pass it on; the claimant and the community read it, and nobody else.

    Said again, the later words stand. Raises WishNotFound, NotAllowed, WrongWishState (not granted), BadWish.
    """
    wish = queries.lock_wish(wish_id)
    policies.check_speaks_for_family(actor, wish)
    if wish.status != Status.GRANTED or wish.erased_at is not None:
        raise WrongWishState(_("心愿圆了以后才能致谢"))
    wish.thanks, wish.thanked_at = text_of(words, "words", missing=_("请写下想说的话")), now
    wish.save(update_fields=["thanks", "thanked_at"])
    fact = WishThanked(wish.pk, not policies.is_family(actor, wish))
    history.record(actor=recorded_as(actor, wish), fact=fact, at=now, audience=audience_of(wish))
    return wish


@transaction.atomic
def feed_back_claim(*, actor: Actor, claim_id: int, words: str, now: datetime) -> Claim:
    """
    Say as the claimant how it was, once it is granted; the community reads it. Said again, the later words stand.

    Raises ClaimNotFound, WrongWishState (not granted), BadWish.
    """
    wish, claim = queries.lock_claim(claim_id)
    policies.check_is_claimant(actor, claim)
    if claim.status != ClaimStatus.DONE or wish.erased_at is not None:
        raise WrongWishState(_("心愿圆了以后才能反馈"))
    claim.feedback = text_of(words, "words", missing=_("请写下想说的话"))
    claim.save(update_fields=["feedback"])
    history.record(actor=actor, fact=ClaimFedBack(wish.pk, claim.pk), at=now, audience=audience_of(wish))
    return claim
