"""May they? Questions about an actor and a case already loaded; they raise, and read nothing."""

from typing import Any

from haitang.core import access
from haitang.core.access import Actor
from haitang.indicators.values import Permission


def check_can(actor: Actor, permission: Permission, case: Any) -> None:
    """Ask the permission over the case's area or its desk; that they may see the case is asked elsewhere."""
    access.require(actor, permission, area_path=case.area_path, organization_id=case.organization_id)
