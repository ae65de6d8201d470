"""May they? Questions about an actor and a case already loaded; they raise, and read nothing."""

from typing import Any

from haitang.callbacks.values import Permission
from haitang.cases.values import Permission as CasePermission
from haitang.core import access
from haitang.core.access import Actor


def check_can_answer(actor: Actor, case: Any) -> None:
    """Calling back takes ANSWER over the case's area or its desk; that they may see the case is asked elsewhere."""
    access.require(actor, Permission.ANSWER, area_path=case.area_path, organization_id=case.organization_id)


def may_unmask(actor: Actor, case: Any) -> bool:
    """Tell whether the actor may see the reporter's telephone in full, by the door of the cases."""
    return actor.holds(CasePermission.UNMASK, area_path=case.area_path, organization_id=case.organization_id)
