"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotAllowed
from haitang.core.scoping import path_of
from haitang.exchange.lifecycle import PUBLIC
from haitang.exchange.values import AgreementUnknown, NeedUnknown, Permission, ResourceUnknown, Side

if TYPE_CHECKING:
    from haitang.exchange.models import Agreement, Need, Resource


def check_can_enter(actor: Actor, area_path: str) -> None:
    """Entering needs for a community takes ENTER over the area."""
    access.require(actor, Permission.ENTER, area_path=area_path)


def check_can_ask(actor: Actor) -> None:
    """Whoever is signed in may say what they need; it goes on the list after somebody has looked at it."""
    if actor.id is None:
        raise access.NotSignedIn(_("请先登录"))


def check_can_offer(actor: Actor, organization_id: int, area_path: str) -> None:
    """A unit's resource is entered by the unit itself, or for it by whoever enters needs where it serves."""
    if not actor.holds(Permission.OFFER, organization_id=organization_id):
        access.require(actor, Permission.ENTER, area_path=area_path)


def check_can_publish(actor: Actor, area_path: str) -> None:
    """What goes on the public list is decided by those who hold PUBLISH over the area."""
    access.require(actor, Permission.PUBLISH, area_path=area_path)


def check_can_publish_resource(actor: Actor, area_path: str) -> None:
    """A resource for a wide area is published by whoever holds PUBLISH there, or anywhere within it."""
    if not any(held.startswith(area_path) for held in actor.areas(Permission.PUBLISH)):
        check_can_publish(actor, area_path)


def check_may_see_need(actor: Actor, need: "Need") -> None:
    """Raise NeedUnknown unless it is public, the actor's own, or lies where the actor sees the lists."""
    own = actor.id is not None and actor.id == need.entered_by_id
    if need.status not in PUBLIC and not own and not actor.holds(Permission.VIEW, area_path=path_of(need.area_ids)):
        raise NeedUnknown(_("没有这条需求"))


def check_may_see_resource(actor: Actor, resource: "Resource") -> None:
    """Raise ResourceUnknown unless it is public, of the actor's unit, seen on the lists there, or theirs to publish."""
    path = path_of(resource.area_ids)
    own = actor.holds(Permission.OFFER, organization_id=resource.organization_id)
    inside = actor.holds(Permission.VIEW, area_path=path) or access.allows(check_can_publish_resource, actor, path)
    if resource.status not in PUBLIC and not own and not inside:
        raise ResourceUnknown(_("没有这条资源"))


def check_may_see_agreement(actor: Actor, agreement: "Agreement") -> None:
    """Raise AgreementUnknown unless the actor sees the lists there or answers for the unit."""
    path = path_of(agreement.area_ids)
    own = actor.holds(Permission.OFFER, organization_id=agreement.organization_id)
    if not own and not actor.holds(Permission.VIEW, area_path=path):
        raise AgreementUnknown(_("没有这张对接单"))


def sides_of(actor: Actor, organization_id: int, area_path: str) -> tuple[Side, ...]:
    """Return for which sides the actor may speak: the community's, the unit's, both or none."""
    sides = []
    if actor.holds(Permission.ORDER, area_path=area_path):
        sides.append(Side.COMMUNITY)
    if actor.holds(Permission.OFFER, organization_id=organization_id):
        sides.append(Side.UNIT)
    return tuple(sides)


def check_side(actor: Actor, organization_id: int, area_path: str, side: str) -> None:
    """Raise unless the actor may speak for that side."""
    if side not in sides_of(actor, organization_id, area_path):
        if not actor.is_known:
            raise access.NotSignedIn(_("请先登录"))
        raise NotAllowed(_("这一步由%(side)s办理") % {"side": Side(side).label})


def check_can_unmask_need(actor: Actor, need: "Need") -> None:
    """Who asked is shown in full to those who enter needs there."""
    check_may_see_need(actor, need)
    access.require(actor, Permission.ENTER, area_path=path_of(need.area_ids))
