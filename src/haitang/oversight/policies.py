"""May they? Questions about an actor and a case that they may know of; they raise, and read nothing."""

from typing import Any

from django.utils.translation import gettext as _

from haitang.cases.values import Permission as CasePermission
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotAllowed
from haitang.oversight.models import Request
from haitang.oversight.values import OwnRequest, Permission, Wish


def check_can_decide(actor: Actor, request: Request, case: Any) -> None:
    """Deciding takes DECIDE over the case's area, a return DISPATCH as well; nobody decides what they asked for."""
    access.require(actor, Permission.DECIDE, area_path=case.area_path)
    if request.wish == Wish.RETURN:
        access.require(actor, CasePermission.DISPATCH, area_path=case.area_path)
    if actor.id is not None and request.asked_by_id == actor.id:
        raise OwnRequest(_("不能审批本人提出的申请"))


def check_can_urge(actor: Actor, case: Any) -> None:
    """Whoever dispatches or supervises in the area may ask the desk to get on."""
    path = case.area_path
    if not actor.holds(Permission.SUPERVISE, area_path=path):
        access.require(actor, CasePermission.DISPATCH, area_path=path)


def check_can_supervise(actor: Actor, case: Any) -> None:
    """Demanding an answer, and being satisfied with it, takes SUPERVISE over the case's area."""
    access.require(actor, Permission.SUPERVISE, area_path=case.area_path)


def check_can_answer(actor: Actor, case: Any) -> None:
    """Only the desk that has the case answers; before it has one, whoever dispatches."""
    path, desk = case.area_path, case.organization_id
    if desk is None:
        access.require(actor, CasePermission.DISPATCH, area_path=path)
        return
    held_here = actor.holds(CasePermission.HANDLE, area_path=path) and actor.organization_id in (None, desk)
    if not (held_here or actor.holds(CasePermission.HANDLE, organization_id=desk)):
        raise NotAllowed(_("此案件由其他单位承办，只有承办单位可以答复"))


def check_can_tie(actor: Actor, case: Any) -> None:
    """Splitting a case, and tying cases together, takes DISPATCH over the areas of both."""
    access.require(actor, CasePermission.DISPATCH, area_path=case.area_path)
