"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotSignedIn
from haitang.wishes.values import ClaimNotFound, OwnClaim, Permission, WishNotFound

if TYPE_CHECKING:
    from haitang.wishes.models import Claim, Wish

_STAFF = (Permission.VIEW, Permission.ENTER, Permission.CHECK)


def is_family(actor: Actor, wish: "Wish") -> bool:
    """Tell whether it is the actor's own wish."""
    return actor.id is not None and actor.id == wish.account_id


def is_staff_of(actor: Actor, wish: "Wish") -> bool:
    """Tell whether the actor sees the wish as part of their work."""
    return any(actor.holds(permission, area_path=wish.area_path) for permission in _STAFF)


def check_may_see(actor: Actor, wish: "Wish") -> None:
    """Raise WishNotFound unless it is the actor's own or lies where they work with wishes."""
    if not (is_family(actor, wish) or is_staff_of(actor, wish)):
        raise WishNotFound(_("没有这个心愿"))


def check_signed_in(actor: Actor) -> int:
    """Return the id of the actor's account. Raises NotSignedIn."""
    if not actor.is_known or actor.id is None:
        raise NotSignedIn(_("请先登录；没有账号的，请联系社区"))
    return actor.id


def check_can_enter(actor: Actor, area_path: str) -> None:
    """Entering wishes of others takes ENTER over the area."""
    access.require(actor, Permission.ENTER, area_path=area_path)


def check_can_change(actor: Actor, wish: "Wish") -> None:
    """A wish is changed by the family, or by who enters wishes there."""
    check_may_see(actor, wish)
    if not is_family(actor, wish):
        check_can_enter(actor, wish.area_path)


def check_can_check(actor: Actor, wish: "Wish") -> None:
    """Publishing, and confirming claimants, takes CHECK over the area."""
    check_may_see(actor, wish)
    access.require(actor, Permission.CHECK, area_path=wish.area_path)


def check_can_confirm(actor: Actor, wish: "Wish", claim: "Claim") -> None:
    """Whoever checks wishes there confirms or declines claimants, but never themselves."""
    check_can_check(actor, wish)
    if claim.account_id == actor.id:
        raise OwnClaim(_("自己认领的心愿，请由其他工作人员确认"))


def check_speaks_for_family(actor: Actor, wish: "Wish") -> None:
    """The family speaks for itself, or whoever checks wishes there in its place."""
    check_may_see(actor, wish)
    if not is_family(actor, wish):
        access.require(actor, Permission.CHECK, area_path=wish.area_path)


def is_claimant(actor: Actor, claim: "Claim") -> bool:
    """Tell whether the claim is the actor's own, or that of a unit for which they speak."""
    if claim.organization_id is not None:
        return actor.holds(Permission.CLAIM, organization_id=claim.organization_id)
    return actor.id is not None and actor.id == claim.account_id


def check_is_claimant(actor: Actor, claim: "Claim") -> None:
    """Raise ClaimNotFound unless the claim is the actor's or of a unit for which they speak."""
    if not is_claimant(actor, claim):
        raise ClaimNotFound(_("没有这个认领"))


def check_can_unmask(actor: Actor, wish: "Wish") -> None:
    """Seeing in full whose wish it is takes UNMASK over the area."""
    check_may_see(actor, wish)
    access.require(actor, Permission.UNMASK, area_path=wish.area_path)
