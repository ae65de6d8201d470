"""May they? The official account is the whole city's: so is the permission."""

from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.wechat.values import Permission


def check_can_manage(actor: Actor) -> None:
    """Managing takes MANAGE over everything."""
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
