"""May they? Questions about an actor and a subscription already loaded; they raise, and read nothing."""

from typing import Any

from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.scoping import path_of
from haitang.webhooks.values import Permission


def check_can_manage(actor: Actor, area_path: str) -> None:
    """Managing takes MANAGE over the whole of what is told: the subscription's area, or everywhere."""
    access.require(actor, Permission.MANAGE, area_path=area_path)


def path_told(subscription: Any) -> str:
    """Return the path of the area of whose events the subscription tells: "/" for everywhere."""
    return path_of(subscription.area_ids) if subscription.area_ids else EVERYWHERE
