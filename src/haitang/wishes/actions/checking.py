"""What the community does: publishes, denies, withdraws, and looks at whose wish it is."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.wishes import policies, queries
from haitang.wishes.actions.entering import check_tells_nobody
from haitang.wishes.actions.shared import audience_of, check_not_erased, end_claim, reason_of, recorded_as
from haitang.wishes.facts import WishDenied, WishPublished, WishUnmasked, WishWithdrawn
from haitang.wishes.lifecycle import ClaimStatus, Deed, check_move
from haitang.wishes.models import Wish
from haitang.wishes.values import BadWish, Contact, Revealed


@transaction.atomic
def publish_wishes(*, actor: Actor, wish_ids: Iterable[int], now: datetime) -> list[Wish]:
    """
    Publish wishes, all or none, for anybody to see and claim, without whose they are.

    Raises WishNotFound, NotAllowed (no CHECK there), WrongWishState, TellsWho, BadWish (nobody hands things over).
    """
    rows = queries.lock_wishes(wish_ids)
    expires_at = now + timedelta(days=queries.rules()["open_days"])
    for row in rows:
        policies.check_can_check(actor, row)
        row.status = check_move(row.status, Deed.PUBLISH)
        check_not_erased(row)
        check_tells_nobody(row)
        if row.contact == Contact.BETWEEN and not row.between_name:
            raise BadWish(_("请先修改心愿，填写转交联系人"), {"between_name": _("请填写转交联系人")})
        row.published_at, row.expires_at, row.ended_at, row.reason = now, expires_at, None, ""
    Wish.objects.bulk_update(rows, ["status", "published_at", "expires_at", "ended_at", "reason"])
    history.record_each(actor=actor, facts=[(WishPublished(row.pk), audience_of(row)) for row in rows], at=now)
    return rows


@transaction.atomic
def deny_wish(*, actor: Actor, wish_id: int, reason: str, now: datetime) -> Wish:
    """
    Keep a wish from being published, or take an unclaimed one off; the family reads why, and may change it.

    Raises WishNotFound, NotAllowed (no CHECK there), WrongWishState, BadWish (no reason).
    """
    wish = queries.lock_wish(wish_id)
    policies.check_can_check(actor, wish)
    wish.status, wish.reason = check_move(wish.status, Deed.DENY), reason_of(reason)
    wish.ended_at, wish.expires_at = now, None
    wish.save(update_fields=["status", "reason", "ended_at", "expires_at"])
    history.record(actor=actor, fact=WishDenied(wish.pk, wish.reason), at=now, audience=audience_of(wish))
    return wish


@transaction.atomic
def withdraw_wish(*, actor: Actor, wish_id: int, reason: str, now: datetime) -> Wish:
    """
    Take a wish back for good, as the family or in its place; whoever has claimed it is told.

    Raises WishNotFound, NotAllowed, WrongWishState (it was delivered already, or is over), BadWish (no reason).
    """
    wish = queries.lock_wish(wish_id)
    policies.check_speaks_for_family(actor, wish)
    wish.status, wish.reason = check_move(wish.status, Deed.WITHDRAW), reason_of(reason)
    wish.ended_at, wish.expires_at = now, None
    wish.save(update_fields=["status", "reason", "ended_at", "expires_at"])
    claim = queries.claim_holding(wish.pk)
    if claim is not None:
        end_claim(claim, ClaimStatus.CLOSED, "", now)
    fact = WishWithdrawn(wish.pk, claim.pk if claim else None, wish.reason)
    history.record(actor=recorded_as(actor, wish), fact=fact, at=now, audience=audience_of(wish))
    return wish


@transaction.atomic
def unmask_wish(*, actor: Actor, wish_id: int, reason: str, now: datetime) -> list[Revealed]:
    """
    Return in full whose wish it is, then who stands in between and who claims it as far as there is anybody.

    The reason is kept. Raises WishNotFound, NotAllowed (no UNMASK there), BadWish (no reason).
    """
    wish = queries.get_wish(viewer=actor, wish_id=wish_id)
    policies.check_can_unmask(actor, wish)
    fact = WishUnmasked(wish.pk, reason_of(reason))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(wish))
    found = [Revealed(wish.name, wish.phone, wish.address, wish.story)]
    if wish.between_name:
        found.append(Revealed(wish.between_name, wish.between_phone))
    claim = queries.claim_holding(wish.pk)
    if claim is not None:
        found.append(Revealed(claim.name, claim.phone))
    return found
