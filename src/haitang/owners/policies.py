"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotSignedIn
from haitang.owners.lifecycle import PUBLIC
from haitang.owners.values import DecisionNotFound, EstateNotFound, Permission, TakesTwo

if TYPE_CHECKING:
    from haitang.owners.models import Decision, Estate

_STAFF = (Permission.VIEW, Permission.KEEP, Permission.PREPARE, Permission.CLOSE, Permission.ENTER)


def is_staff_of(actor: Actor, area_path: str) -> bool:
    """Tell whether the actor sees estates there as part of their work."""
    return any(actor.holds(permission, area_path=area_path) for permission in _STAFF)


def check_may_see(actor: Actor, estate: "Estate") -> None:
    """Raise EstateNotFound unless the estate lies where the actor works with estates."""
    if not is_staff_of(actor, estate.area_path):
        raise EstateNotFound(_("没有这个小区"))


def check_can_keep(actor: Actor, area_path: str) -> None:
    """Keeping the register, committees and meetings takes KEEP over the area."""
    access.require(actor, Permission.KEEP, area_path=area_path)


def check_can_unmask(actor: Actor, estate: "Estate") -> None:
    """Seeing an owner in full takes UNMASK over the area."""
    check_may_see(actor, estate)
    access.require(actor, Permission.UNMASK, area_path=estate.area_path)


def check_may_see_decision(actor: Actor, decision: "Decision") -> None:
    """Raise DecisionNotFound unless it is public or lies where the actor works."""
    if decision.status not in PUBLIC and not is_staff_of(actor, decision.area_path):
        raise DecisionNotFound(_("没有这项业主表决"))


def check_can_prepare(actor: Actor, area_path: str) -> None:
    """Drafting, announcing, codes and objections take PREPARE over the area."""
    access.require(actor, Permission.PREPARE, area_path=area_path)


def check_can_enter(actor: Actor, area_path: str) -> None:
    """Typing in paper ballots takes ENTER over the area."""
    access.require(actor, Permission.ENTER, area_path=area_path)


def check_can_close(actor: Actor, decision: "Decision") -> int:
    """Opening, closing and reconciling take CLOSE over the area. Returns the account's id: it must be somebody."""
    access.require(actor, Permission.CLOSE, area_path=decision.area_path)
    return check_is_somebody(actor)


def check_is_somebody(actor: Actor) -> int:
    """Return the id of the actor's account. Raises NotSignedIn: two people are told apart by it."""
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    return actor.id


def check_is_another(account_id: int, *former_ids: int | None) -> None:
    """Raise TakesTwo where it is the same account as one of those before."""
    if account_id in former_ids:
        raise TakesTwo(_("须由另一位工作人员确认"))
