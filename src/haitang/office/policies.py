"""May they? Pure questions over loaded rows; they raise."""

from typing import Any

from haitang.core.access import Actor, require
from haitang.people.values import Permission


def check_may_hand_over(actor: Actor, account_id: int, case: Any) -> None:
    """Raise unless it is the actor's own desk, or the actor arranges such things over the case's area or desk."""
    if actor.id == account_id and actor.standing_in_for is None:
        return
    path = "/" + "/".join(map(str, case.area_ids)) + "/"
    require(actor, Permission.DELEGATION_MANAGE, area_path=path, organization_id=case.organization_id)
