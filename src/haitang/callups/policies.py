"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.callups.values import CallUpNotFound, Permission
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.scoping import path_of

if TYPE_CHECKING:
    from haitang.callups.models import CallUp


def may_see(actor: Actor, row: "CallUp") -> bool:
    """Tell whether the actor sees the call-up, and who was called, as part of their work."""
    path = path_of(row.area_ids)
    return actor.holds(Permission.VIEW, area_path=path) or actor.holds(Permission.CALL, area_path=path)


def check_may_see(actor: Actor, row: "CallUp") -> None:
    """Raise CallUpNotFound unless the call-up lies where the actor works with call-ups."""
    if not may_see(actor, row):
        raise CallUpNotFound(_("没有这次召唤"))


def check_can_call(actor: Actor, area_path: str) -> None:
    """Calling takes CALL over the area where those called live."""
    access.require(actor, Permission.CALL, area_path=area_path)


def check_can_lead(actor: Actor, row: "CallUp") -> None:
    """Changing, closing, cancelling and taking answers down are of those who may call there."""
    check_may_see(actor, row)
    access.require(actor, Permission.CALL, area_path=path_of(row.area_ids))
