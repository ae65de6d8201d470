"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.scoping import path_of
from haitang.points.values import Permission, PointsNotFound

if TYPE_CHECKING:
    from haitang.points.models import Redemption, Reward


def check_can_hand(actor: Actor, reward: "Reward") -> None:
    """Handing out takes HAND over the area of the place."""
    access.require(actor, Permission.HAND, area_path=path_of(reward.area_ids))


def check_can_cancel(actor: Actor, redemption: "Redemption", own_id: int | None) -> None:
    """An exchange is cancelled by whose it is (own_id: the actor's account), or by who hands out there."""
    if own_id == redemption.holder_id:
        return
    if not access.allows(check_can_hand, actor, redemption.reward):
        raise PointsNotFound(_("没有这个兑换单"))
