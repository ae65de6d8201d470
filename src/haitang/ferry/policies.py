"""May they? Whoever carries packages may carry all of them: what is inside, nobody sees on the way."""

from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.ferry.values import Permission


def check_can_carry(actor: Actor) -> None:
    """Making, fetching and bringing packages takes CARRY over everything: a package names areas by itself."""
    access.require(actor, Permission.CARRY, area_path=EVERYWHERE)


def check_can_manage(actor: Actor) -> None:
    """Saying which zones there are takes MANAGE over everything."""
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
