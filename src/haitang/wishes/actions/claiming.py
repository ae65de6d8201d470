"""A wish claimed by exactly one; confirmed, declined, given back or released; and the contact shown."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.volunteers.queries import get_volunteer_of
from haitang.wishes import policies, queries
from haitang.wishes.actions.shared import audience_of, let_go, phone_of, reason_of, text_of
from haitang.wishes.facts import (
    ClaimConfirmed,
    ClaimDeclined,
    ClaimGivenBack,
    ClaimReleased,
    WishClaimed,
    WishContactSeen,
)
from haitang.wishes.lifecycle import TAKEN, ClaimStatus, Deed, Status, check_move
from haitang.wishes.models import CLAIMANT, Claim, Wish
from haitang.wishes.values import (
    AlreadyClaimed,
    BadWish,
    ClaimNotFound,
    Contact,
    OwnClaim,
    Permission,
    Revealed,
    TooManyClaims,
    WishNotFound,
)


@transaction.atomic
def claim_wish(
    *, actor: Actor, wish_id: int, phone: str, now: datetime, words: str = "", organization_id: int | None = None
) -> Claim:
    """
    Claim a wish, for oneself or for a unit; the first to press has it, once the community has confirmed them.

    phone: where the community reaches the claimant. organization_id: of a unit for which the actor holds CLAIM.
    Raises NotSignedIn, NotAllowed, WishNotFound, AlreadyClaimed (somebody was faster), OwnClaim (one's own wish),
    TooManyClaims, BadWish (telephone, words).
    """
    account_id = policies.check_signed_in(actor)
    words = text_of(words, "words")
    number = phone_of(phone, "phone", missing=_("请填写联系电话"))
    if organization_id is not None and not actor.holds(Permission.CLAIM, organization_id=organization_id):
        raise BadWish(_("您不能代表这个单位认领"), {"organization": _("您不能代表这个单位认领")})
    wish = queries.lock_wish(wish_id)
    _check_free(wish)
    if policies.is_family(actor, wish):
        raise OwnClaim(_("不能认领自己家的心愿"))
    _check_room(account_id, organization_id)
    volunteer = get_volunteer_of(account_id) if organization_id is None else None
    wish.status = check_move(wish.status, Deed.CLAIM)
    wish.save(update_fields=["status"])
    with refusing({"wishes_claimed_by_one": _taken()}):
        claim = Claim.objects.create(
            wish=wish, account_id=account_id, organization_id=organization_id,
            volunteer_id=volunteer.pk if volunteer else None, name=actor.name, words=words,
            phone_sealed=crypto.seal(number, CLAIMANT), status=ClaimStatus.WAITING, claimed_at=now,
            remind_at=queries.after("answer_limit", now),
        )  # fmt: skip
    fact = WishClaimed(wish.pk, claim.pk, organization_id, claim.volunteer_id)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    return claim


def _taken() -> AlreadyClaimed:
    return AlreadyClaimed(_("这个心愿刚刚有人先认领了，谢谢您的爱心；还有别的心愿等着您"))


def _check_free(wish: Wish) -> None:
    if wish.status in TAKEN:
        raise _taken()
    if wish.status == Status.GRANTED:
        raise AlreadyClaimed(_("这个心愿已经圆了，谢谢您的爱心；还有别的心愿等着您"))
    if wish.status != Status.OPEN:
        raise WishNotFound(_("没有这个心愿，或者它已经下架"))


def _check_room(account_id: int, organization_id: int | None) -> None:
    """Raise where the claimant has too much under way; two claims of one claimant are looked at one after the other."""
    party = f"wishes.claims:{organization_id or 0}:{0 if organization_id else account_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [party])
    most = queries.rules()["claims_max"]
    if queries.count_live_claims(account_id=account_id, organization_id=organization_id) >= most:
        raise TooManyClaims(_("您已有 %(n)d 个心愿正在办理，请圆了其中一个再认领") % {"n": most})


@transaction.atomic
def confirm_claim(*, actor: Actor, claim_id: int, now: datetime) -> Claim:
    """
    Confirm the claimant, who may see the contact from now on, and has the time of the settings to begin.

    Raises ClaimNotFound, WishNotFound, NotAllowed (no CHECK there), OwnClaim, WrongWishState.
    """
    wish, claim = queries.lock_claim(claim_id)
    policies.check_can_confirm(actor, wish, claim)
    _check_current(claim)
    wish.status = check_move(wish.status, Deed.CONFIRM)
    wish.save(update_fields=["status"])
    claim.status, claim.answered_at = ClaimStatus.CONFIRMED, now
    claim.remind_at, claim.due_at = queries.after("start_remind", now), queries.after("start_limit", now)
    claim.save(update_fields=["status", "answered_at", "remind_at", "due_at"])
    fact = ClaimConfirmed(wish.pk, claim.pk, claim.due_at.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    return claim


def _check_current(claim: Claim) -> None:
    if claim.status != ClaimStatus.WAITING:
        raise ClaimNotFound(_("这个认领已是“%(status)s”") % {"status": claim.get_status_display()})


@transaction.atomic
def decline_claim(*, actor: Actor, claim_id: int, reason: str, now: datetime) -> Claim:
    """
    Do not confirm the claimant, who reads why; the wish is open again.

    Raises ClaimNotFound, WishNotFound, NotAllowed (no CHECK there), OwnClaim, WrongWishState, BadWish (no reason).
    """
    wish, claim = queries.lock_claim(claim_id)
    policies.check_can_confirm(actor, wish, claim)
    _check_current(claim)
    reason = reason_of(reason)
    claim.answered_at = now
    claim.save(update_fields=["answered_at"])
    let_go(wish, claim, Deed.DECLINE, ClaimStatus.DECLINED, reason, now)
    fact = ClaimDeclined(wish.pk, claim.pk, reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    return claim


@transaction.atomic
def give_back_claim(*, actor: Actor, claim_id: int, reason: str, now: datetime) -> Claim:
    """
    Give a claimed wish back, as the claimant, before it is delivered; it is open again.

    Raises ClaimNotFound, WrongWishState, BadWish (no reason).
    """
    wish, claim = queries.lock_claim(claim_id)
    policies.check_is_claimant(actor, claim)
    check_under_way(claim)
    reason = reason_of(reason)
    let_go(wish, claim, Deed.GIVE_BACK, ClaimStatus.GIVEN_BACK, reason, now)
    fact = ClaimGivenBack(wish.pk, claim.pk, reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    return claim


@transaction.atomic
def release_claim(*, actor: Actor, claim_id: int, reason: str, now: datetime) -> Claim:
    """
    Open a wish again whose claimant cannot be reached, as the community.

    Raises ClaimNotFound, WishNotFound, NotAllowed (no CHECK there), WrongWishState, BadWish (no reason).
    """
    wish, claim = queries.lock_claim(claim_id)
    policies.check_can_check(actor, wish)
    check_under_way(claim)
    release(actor, wish, claim, reason_of(reason), now, by_clock=False)
    return claim


def release(actor: Actor, wish: Wish, claim: Claim, reason: str, now: datetime, *, by_clock: bool) -> None:
    """Open a wish again; both are locked."""
    let_go(wish, claim, Deed.RELEASE, ClaimStatus.RELEASED, reason, now)
    fact = ClaimReleased(wish.pk, claim.pk, reason, by_clock)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))


def check_under_way(claim: Claim) -> None:
    """Raise ClaimNotFound where the claim is over."""
    if claim.ended_at is not None:
        raise ClaimNotFound(_("这个认领已是“%(status)s”") % {"status": claim.get_status_display()})


@transaction.atomic
def see_wish_contact(*, actor: Actor, claim_id: int, now: datetime) -> Revealed:
    """
    Tell the claimant whom to call, once the community has confirmed them and until it is over; each look is recorded.

    That is who stands in between; the family itself only where it has agreed to it. Raises ClaimNotFound.
    """
    wish, claim = queries.lock_claim(claim_id)
    policies.check_is_claimant(actor, claim)
    if claim.status != ClaimStatus.CONFIRMED:
        raise ClaimNotFound(_("社区确认认领以后，才能看到联系方式"))
    fact = WishContactSeen(wish.pk, claim.pk)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    if wish.contact == Contact.FAMILY:
        return Revealed(wish.name, wish.phone, wish.address)
    return Revealed(wish.between_name, wish.between_phone)
