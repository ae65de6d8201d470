"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from haitang.cases.values import Permission as CasePermission
from haitang.core import access
from haitang.core.access import Actor
from haitang.whistles.lifecycle import MOVES, Deed, Status
from haitang.whistles.values import NotYourCall, Permission, WhistleNotFound

if TYPE_CHECKING:
    from haitang.whistles.models import Call, Whistle


def check_may_know(actor: Actor, whistle: "Whistle", case: Any, called: list[int]) -> None:
    """Raise WhistleNotFound unless the actor may know of the whistle; the twin of `visible_to`.

    called: the ids of the departments called; before it is blown they know nothing of it.
    """
    heard = called if Status(whistle.status) not in (Status.PENDING, Status.DECLINED, Status.WITHDRAWN) else []
    needed = [Permission.VIEW.value] + ([CasePermission.VIEW_CONFIDENTIAL.value] if case.is_confidential else [])
    for permission in needed:
        if actor.holds(permission, area_path=case.area_path):
            continue
        if not actor.organizations(permission) & set(heard):
            raise WhistleNotFound(_("没有这张哨单"))


def check_can_draft(actor: Actor, case: Any) -> None:
    """Drafting takes DRAFT over the case's area, and of a denunciation the right to read it."""
    access.require(actor, Permission.DRAFT, area_path=case.area_path)
    if case.is_confidential:
        access.require(actor, CasePermission.VIEW_CONFIDENTIAL, area_path=case.area_path)


def check_can_decide(actor: Actor, case: Any) -> None:
    """Approving or declining takes APPROVE over the case's area; which post besides is for the action to ask."""
    access.require(actor, Permission.APPROVE, area_path=case.area_path)


def check_can_withdraw(actor: Actor, whistle: "Whistle", case: Any) -> None:
    """Whoever drafted it takes it back, or whoever may approve it."""
    if actor.id is None or whistle.drafted_by_id != actor.id:
        check_can_decide(actor, case)


def check_can(actor: Actor, deed: Deed, call: "Call", case: Any) -> None:
    """Raise unless the actor holds the deed's permission: over the department called, or over the case's area.

    What a department answers is asked over that department; a grant over the area suffices only for the department's
    own people and for integrations.
    """
    permission, desk = MOVES[deed].permission, call.organization_id
    if permission is Permission.RESPOND:
        check_can_respond(actor, desk, case)
    else:
        access.require(actor, permission, area_path=case.area_path)


def check_can_respond(actor: Actor, desk: int, case: Any) -> None:
    """Raise NotYourCall unless the actor answers for that department."""
    if actor.holds(Permission.RESPOND, organization_id=desk):
        return
    held_here = actor.holds(Permission.RESPOND, area_path=case.area_path)
    if held_here and actor.organization_id in (None, desk):
        return
    if held_here or actor.holds(Permission.RESPOND):
        raise NotYourCall(_("此单位由其他人员应哨，只有被召集的单位可以操作"))
    access.require(actor, Permission.RESPOND, area_path=case.area_path, organization_id=desk)


def check_can_settle(actor: Actor, desk: int, case: Any) -> None:
    """Say that a meeting's task was done may whoever convenes meetings there, and the unit whose task it is.

    That is a department called, or the street or community that blew the whistle.
    """
    if actor.holds(Permission.EVALUATE, area_path=case.area_path):
        return
    if actor.organization_id == desk and actor.holds(Permission.DRAFT, area_path=case.area_path):
        return
    check_can_respond(actor, desk, case)


def check_can_convene(actor: Actor, case: Any) -> None:
    """Holding a joint meeting is the street's: EVALUATE over the case's area."""
    access.require(actor, Permission.EVALUATE, area_path=case.area_path)
