"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotAllowed, NotSignedIn
from haitang.core.scoping import path_of
from haitang.orders.values import HANDS_OUT, Dispatcher, Orderer, OrderNotFound, Permission

if TYPE_CHECKING:
    from haitang.orders.models import Order, Service

_STAFF = (Permission.VIEW, Permission.PLACE, Permission.DISPATCH, Permission.HUB)


def is_staff_of(actor: Actor, order: "Order") -> bool:
    """Tell whether the actor sees the order as part of their work."""
    path = path_of(order.area_ids)
    return any(actor.holds(permission, area_path=path) for permission in _STAFF)


def is_orderer(actor: Actor, order: "Order") -> bool:
    """Tell whether the actor ordered it, for themselves."""
    return actor.id is not None and actor.id == order.account_id


def check_may_see(actor: Actor, order: "Order") -> None:
    """Raise OrderNotFound unless the order is the actor's own or lies where they work with orders."""
    if not (is_orderer(actor, order) or is_staff_of(actor, order)):
        raise OrderNotFound(_("没有这个订单"))


def check_can_place(actor: Actor, orderer: str, area_path: str, *, in_person: bool) -> None:
    """Raise unless the actor may order as that party there. in_person: a resident for themselves."""
    if orderer == Orderer.RESIDENT and in_person:
        if not actor.is_known or actor.id is None:
            raise NotSignedIn(_("请先登录再点单；没有账号的，请致电社区代为下单"))
        return
    permission = Permission.SECRETARY if orderer == Orderer.SECRETARY else Permission.PLACE
    access.require(actor, permission, area_path=area_path)


def check_can_hand_out(actor: Actor, order: "Order", dispatcher: str) -> None:
    """Handing out takes the permission of the type's dispatcher over the order's area; of an open one, DISPATCH."""
    check_may_see(actor, order)
    permission = HANDS_OUT.get(Dispatcher(dispatcher), Permission.DISPATCH)
    access.require(actor, permission, area_path=path_of(order.area_ids))


def check_speaks_for_orderer(actor: Actor, order: "Order") -> None:
    """Confirming, contesting, reviewing and cancelling are the orderer's, or of staff who order on behalf there."""
    check_may_see(actor, order)
    if is_orderer(actor, order):
        return
    if order.orderer == Orderer.SECRETARY and actor.holds(Permission.SECRETARY, area_path=path_of(order.area_ids)):
        return
    access.require(actor, Permission.PLACE, area_path=path_of(order.area_ids))


def check_may_unmask(actor: Actor, order: "Order") -> None:
    """Seeing who ordered, in full, takes UNMASK over the area."""
    check_may_see(actor, order)
    access.require(actor, Permission.UNMASK, area_path=path_of(order.area_ids))


def check_can_manage(actor: Actor, area_path: str) -> None:
    """Keeping the catalogue takes MANAGE over the service's area."""
    access.require(actor, Permission.MANAGE, area_path=area_path)


def check_may_know_service(actor: Actor, service: "Service") -> None:
    """A service is looked after by those who hold MANAGE over its area."""
    access.require(actor, Permission.MANAGE, area_path=path_of(service.area_ids))


def check_speaks_for(actor: Actor, organization_id: int | None) -> None:
    """Answering for an organization takes ANSWER over it."""
    if organization_id is None or not actor.holds(Permission.ANSWER, organization_id=organization_id):
        raise NotAllowed(_("您没有此项权限，请联系本单位的系统管理员"))
