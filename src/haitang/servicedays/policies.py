"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.scoping import path_of
from haitang.servicedays.values import DayNotFound, Permission

if TYPE_CHECKING:
    from haitang.servicedays.models import ServiceDay, ServiceRule


def check_may_see(actor: Actor, row: "ServiceDay | ServiceRule") -> None:
    """Raise DayNotFound unless it lies where the actor works with service days."""
    path = path_of(row.area_ids)
    if not (actor.holds(Permission.VIEW, area_path=path) or actor.holds(Permission.MANAGE, area_path=path)):
        raise DayNotFound(_("没有这个服务日"))


def check_can_plan(actor: Actor, area_path: str) -> None:
    """Planning takes MANAGE over the area."""
    access.require(actor, Permission.MANAGE, area_path=area_path)


def check_can_lead(actor: Actor, row: "ServiceDay | ServiceRule") -> None:
    """Changing, closing, calling off and signing others up are of those who may plan there."""
    check_may_see(actor, row)
    access.require(actor, Permission.MANAGE, area_path=path_of(row.area_ids))
