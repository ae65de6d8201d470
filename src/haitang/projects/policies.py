"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotAllowed
from haitang.core.scoping import path_of
from haitang.projects.lifecycle import MOVES, Deed
from haitang.projects.values import Permission, ProjectNotFound

if TYPE_CHECKING:
    from haitang.projects.models import Project


def _holds(actor: Actor, permission: str, project: "Project") -> bool:
    """Tell whether the permission is held over the project's area, or over a unit that takes part."""
    return actor.holds(permission, area_path=path_of(project.area_ids)) or not actor.organizations(
        permission
    ).isdisjoint(project.organization_ids)


def check_may_see(actor: Actor, project: "Project") -> None:
    """Raise ProjectNotFound unless the actor may see it, by its area or by a unit that takes part."""
    if not _holds(actor, Permission.VIEW, project):
        raise ProjectNotFound(_("没有这个项目"))


def check_can_start(actor: Actor, area_path: str, organization_id: int) -> None:
    """Beginning a project takes LEAD over its area or over the unit that leads it."""
    access.require(actor, Permission.LEAD, area_path=area_path, organization_id=organization_id)


def check_can_lead(actor: Actor, project: "Project") -> None:
    """Planning and moving a project on takes LEAD over its area or over the unit that leads it."""
    check_may_see(actor, project)
    check_can_start(actor, path_of(project.area_ids), project.organization_id)


def check_can_tell(actor: Actor, project: "Project") -> None:
    """Telling of progress takes LEAD over its area or over any unit that takes part."""
    check_may_see(actor, project)
    if not _holds(actor, Permission.LEAD, project):
        raise NotAllowed(_("只有项目所在区域和参与单位的负责人可以登记进展"))


def check_can_do(actor: Actor, deed: Deed, project: "Project") -> None:
    """Raise unless the actor holds the deed's permission there; nobody accepts what they delivered."""
    permission = MOVES[deed].permission
    if permission == Permission.LEAD:
        return check_can_lead(actor, project)
    check_may_see(actor, project)
    access.require(actor, permission, area_path=path_of(project.area_ids))
    if deed is Deed.ACCEPT and actor.id is not None and actor.id == project.delivered_by_id:
        raise NotAllowed(_("验收是您申请的，请由其他人验收"))
    return None


def check_can_publish(actor: Actor, project: "Project") -> None:
    """Letting everybody read of a project, and having it judged, takes PUBLISH over its area."""
    check_may_see(actor, project)
    access.require(actor, Permission.PUBLISH, area_path=path_of(project.area_ids))


def check_can_select(actor: Actor, area_path: str) -> None:
    """Holding a selection takes SELECT over its area."""
    access.require(actor, Permission.SELECT, area_path=area_path)


def check_can_score(actor: Actor, project: "Project", is_reviewer: bool) -> None:
    """Only the reviewers named mark projects, and none that their own organization takes part in (回避)."""
    if not is_reviewer:
        raise NotAllowed(_("您不是这次评选的评委"))
    if actor.organization_id in project.organization_ids:
        raise NotAllowed(_("本单位参与的项目，请回避"))
