"""May they? The tree is public to whoever is signed in; changing it is asked for over the area itself."""

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.territory.values import Permission


def check_can_manage(actor: Actor, area_path: str = EVERYWHERE) -> None:
    """Raise NotAllowed unless the actor may change this area and all below it; "/" asks for the whole tenant."""
    require(actor, Permission.MANAGE, area_path=area_path)
