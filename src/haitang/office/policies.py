"""May they? Pure questions over loaded rows; they raise."""

from haitang.core.access import Actor, require
from haitang.core.scoping import path_of
from haitang.office.values import InHand
from haitang.people.values import Permission


def is_own(actor: Actor, account_id: int) -> bool:
    """Tell whether it is the actor's own desk; a deputy hands nothing of the other's over."""
    return actor.id == account_id and actor.standing_in_for is None


def check_may_hand_over(actor: Actor, account_id: int, thing: InHand) -> None:
    """Raise unless it is the actor's own desk, or the actor arranges such things over the area or desk."""
    if is_own(actor, account_id):
        return
    path = path_of(thing.area_ids)
    require(actor, Permission.DELEGATION_MANAGE, area_path=path, organization_id=thing.organization_id)
