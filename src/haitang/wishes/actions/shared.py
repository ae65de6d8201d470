"""What the actions of wishes share: texts taken in, who may hear of it, a claim that lets go of its wish."""

from datetime import datetime

from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.people.values import normalize_phone
from haitang.wishes import policies
from haitang.wishes.lifecycle import ClaimStatus, Deed, check_move
from haitang.wishes.models import Claim, Wish
from haitang.wishes.values import WORDS_LENGTH_MAX, BadWish, Permission, WrongWishState

_FAMILY = "家庭"


def audience_of(wish: Wish) -> history.Audience:
    """Return who may hear at once of what happens to a wish."""
    return history.Audience(wish.area_path, (), Permission.VIEW)


def recorded_as(actor: Actor, wish: Wish) -> Actor:
    """Return who is to stand in the history: of a family nothing but that it was the family.

    The history forgets nothing, and the row forgets whose the wish was after a term.
    """
    return Actor(_FAMILY) if policies.is_family(actor, wish) else actor


def text_of(given: str, name: str, length: int = WORDS_LENGTH_MAX, *, missing: str = "") -> str:
    """Return what was typed without outer spaces. Raises BadWish where it is too long, or missing and may not be."""
    given = given.replace("\x00", "").strip()
    wrong = missing if missing and not given else ""
    if len(given) > length:
        wrong = _("最多 %(n)d 字") % {"n": length}
    if wrong:
        raise BadWish(wrong, {name: wrong})
    return given


def phone_of(given: str, name: str, *, missing: str = "") -> str:
    """Return the telephone number as digits. Raises BadWish where it is none, or missing and may not be."""
    try:
        number = normalize_phone(given)
    except Invalid as wrong:
        raise BadWish(wrong.message, {name: wrong.message}) from wrong
    if missing and not number:
        raise BadWish(missing, {name: missing})
    return number


def check_not_erased(wish: Wish) -> None:
    """Raise WrongWishState where nobody knows any more whose wish it was."""
    if wish.erased_at is not None:
        raise WrongWishState(_("这个心愿的个人信息已经删除，请重新登记"))


def reason_of(given: str) -> str:
    """Return the reason. Raises BadWish without one."""
    return text_of(given, "reason", missing=_("请写明原因"))


def let_go(wish: Wish, claim: Claim, deed: Deed, status: ClaimStatus, reason: str, now: datetime) -> None:
    """Lead both, locked, to where the deed leads, and end the claim: its contact is shown no more."""
    wish.status = check_move(wish.status, deed)
    wish.save(update_fields=["status"])
    end_claim(claim, status, reason, now)


def end_claim(claim: Claim, status: ClaimStatus, reason: str, now: datetime) -> None:
    """End a claim that is locked."""
    claim.status, claim.reason, claim.ended_at, claim.remind_at, claim.due_at = status, reason, now, None, None
    claim.save(update_fields=["status", "reason", "ended_at", "remind_at", "due_at"])
