"""May they? Everybody signed in may look; changing is asked for over the organization or over what it serves."""

from collections.abc import Iterable

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.organizations.values import Permission


def check_can_manage(actor: Actor, organization_id: int | None, area_paths: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may change the organization.

    It is enough to hold the permission over the organization, or over every area that it serves.
    area_paths: those areas; an organization without any belongs to the whole tenant.
    organization_id: None for one that is only about to be entered.
    """
    if organization_id is not None and organization_id in actor.organizations(Permission.MANAGE):
        return
    for path in tuple(area_paths) or (EVERYWHERE,):
        require(actor, Permission.MANAGE, area_path=path)


def check_can_tie(actor: Actor, area_path: str) -> None:
    """Raise NotAllowed unless the actor may hand this area to organizations: that is how cases find their desk."""
    require(actor, Permission.MANAGE, area_path=area_path)
