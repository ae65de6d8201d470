"""Reads of the helper: offers to me, orders to pick, what I have promised, my calendar."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.rows import Joined
from haitang.orders.lifecycle import OfferStatus, Status
from haitang.orders.models import Offer, Order
from haitang.orders.queries.helpers import classes_for, names_sent, speaks_for, volunteer_id_of
from haitang.orders.queries.rules import TypeRef, order_rules
from haitang.orders.values import Dispatcher, OfferNotFound
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.volunteers.queries import get_volunteer_of, lock_calendar, who_fits
from haitang.volunteers.values import CalendarEntry

SHOWN_MAX = 100
_LOCKED = Joined(
    Offer, Order,
    "JOIN orders_order ON orders_order.id = orders_offer.order_id WHERE orders_offer.id = %s "
    "FOR NO KEY UPDATE OF orders_order, orders_offer",
    without=("name_sealed", "phone_sealed", "address_sealed", "words", "why"),
)  # fmt: skip
"""What is sealed or long stays where it is."""
_HELD = (Status.ACCEPTED, Status.DONE, Status.CONFIRMED, Status.REVIEWED)
_PROMISED = """
SELECT o.volunteer_id, o.id, s.name, o.begins_at, o.ends_at, o.area_ids, s.area_ids
FROM orders_order o JOIN orders_service s ON s.id = o.service_id
WHERE o.volunteer_id = ANY(%s) AND o.begins_at < %s AND o.ends_at > %s AND o.status = ANY(%s)
ORDER BY o.begins_at, o.id
"""


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as its helper sees it: area and kind of service, and nothing of who ordered.

    words, area_name of the grid: only after accepting, see `TaskView`. organization: in whose name it came, "" as self.
    """

    offer_id: int
    order_id: int
    type: TypeRef
    service: str
    area_name: str
    begins_at: datetime
    ends_at: datetime
    expires_at: datetime
    organization: str


@dataclass(frozen=True, slots=True)
class PickView:
    """An order that nobody hands out: area, kind and time."""

    order_id: int
    type: TypeRef
    service: str
    area_name: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TaskView:
    """An order that the viewer has accepted, or has done. sent: names of whom the organization says that it sent."""

    order: Order
    type: TypeRef
    service: str
    area_name: str
    organization: str
    sent: tuple[str, ...] = ()


def lock_offer(offer_id: int) -> Offer:
    """Return the offer with its order, both locked, the order first; raise OfferNotFound. For actions.

    One statement: PostgreSQL locks the tables of a row in the order in which they are named, and reads both anew where
    it had to wait.
    """
    for offer, order in _LOCKED.all(offer_id):
        offer.order = order
        return offer
    raise OfferNotFound(_("没有这份派单"))


def check_is_mine(viewer: Actor, row: Offer) -> None:
    """Raise OfferNotFound unless the offer is to the viewer, or to an organization that they answer for."""
    if row.organization_id in speaks_for(viewer):
        return
    if row.volunteer_id is None or row.volunteer_id != volunteer_id_of(viewer):
        raise OfferNotFound(_("没有这份派单"))


def check_is_my_task(viewer: Actor, order: Order) -> None:
    """Raise OfferNotFound unless the viewer, or an organization that they answer for, has accepted the order."""
    if order.helper_id is not None and order.helper_id in speaks_for(viewer):
        return
    if order.volunteer_id is None or order.volunteer_id != volunteer_id_of(viewer):
        raise OfferNotFound(_("没有这份派单"))


def _my_offers(viewer: Actor) -> QuerySet[Offer]:
    mine = Q(organization_id__in=speaks_for(viewer))
    volunteer_id = volunteer_id_of(viewer)
    if volunteer_id is not None:
        mine |= Q(volunteer_id=volunteer_id)
    return Offer.objects.filter(mine)


def _my_tasks(viewer: Actor) -> QuerySet[Order]:
    mine = Q(helper_id__in=speaks_for(viewer))
    volunteer_id = volunteer_id_of(viewer)
    if volunteer_id is not None:
        mine |= Q(volunteer_id=volunteer_id)
    return Order.objects.filter(mine).select_related("service")


def _community(order: Order) -> str:
    """Return the name of the area down to the service's level: of the orderer's grid nothing is told beforehand."""
    return _down_to(order.area_ids, order.service.area_ids)


def _down_to(area_ids: list[int], service_area_ids: list[int]) -> str:
    depth = max(len(service_area_ids), 1)
    return territory().full_name(area_ids[min(depth, len(area_ids)) - 1])


def list_my_offers(*, viewer: Actor, now: datetime) -> list[OfferView]:
    """Return the offers that wait for the viewer's answer, the first to run out first."""
    rows = _my_offers(viewer).filter(status=OfferStatus.OPEN, expires_at__gt=now).select_related("order__service")
    rules, registry, views = order_rules(), organizations(), []
    for row in rows.order_by("expires_at", "id")[:SHOWN_MAX]:
        office = registry.by_id(row.organization_id)
        order = row.order
        views.append(
            OfferView(
                row.pk, order.pk, rules.by_id[order.service.type_id], order.service.name, _community(order),
                order.begins_at, order.ends_at, row.expires_at, office.name if office else "",
            )
        )  # fmt: skip
    return views


def count_my_offers(*, viewer: Actor, now: datetime) -> int:
    """Return how many offers wait for the viewer's answer."""
    if viewer.id is None:
        return 0
    return _my_offers(viewer).filter(status=OfferStatus.OPEN, expires_at__gt=now).count()


def list_to_pick(*, viewer: Actor, now: datetime) -> list[PickView]:
    """Return the orders that the viewer could pick themselves, the soonest first."""
    volunteer = get_volunteer_of(viewer.id)
    if volunteer is None:
        return []
    rules = order_rules()
    open_ids = [kind.id for kind in rules.types if kind.dispatcher == Dispatcher.OPEN and kind.takes_people]
    rows = Order.objects.filter(
        status=Status.ORDERED, begins_at__gt=now, service__type_id__in=open_ids, service__area_id__in=volunteer.area_ids
    ).select_related("service")
    views = []
    for row in rows.order_by("begins_at", "id")[:SHOWN_MAX]:
        kind = rules.by_id[row.service.type_id]
        if not set(kind.skills) <= set(volunteer.skills) or not may_pick(volunteer.pk, row):
            continue
        views.append(PickView(row.pk, kind, row.service.name, _community(row), row.begins_at, row.ends_at))
    return views


def may_pick(volunteer_id: int, order: Order) -> bool:
    """Tell whether the volunteer is one whom the order could be offered to, by skill, area and class."""
    kind = order_rules().by_id[order.service.type_id]
    if not kind.takes_people:
        return False
    area = territory().area(order.service.area_id)
    found = who_fits(
        skills=kind.skills, languages=order.languages, area=area, classes=classes_for(kind), at=order.begins_at,
        until=order.ends_at, only=[volunteer_id],
    )  # fmt: skip
    return bool(found)


def list_my_tasks(*, viewer: Actor) -> list[TaskView]:
    """Return what the viewer has accepted: what is to come first, by time; then what was done, newest first."""
    if viewer.id is None:
        return []
    rows = list(_my_tasks(viewer).order_by("-begins_at", "-id")[:SHOWN_MAX])
    to_come = sorted((row for row in rows if row.status == Status.ACCEPTED), key=lambda row: (row.begins_at, row.pk))
    past = [row for row in rows if row.status != Status.ACCEPTED]
    return [_task(row) for row in to_come + past]


def _task(row: Order) -> TaskView:
    office = organizations().by_id(row.helper_id)
    kind = order_rules().by_id[row.service.type_id]
    return TaskView(row, kind, row.service.name, territory().full_name(row.area_id), office.name if office else "")


def get_my_task(*, viewer: Actor, order_id: int) -> TaskView:
    """Return one order that the viewer has accepted. Raises OfferNotFound."""
    row = Order.objects.select_related("service").filter(pk=order_id).first()
    if row is None:
        raise OfferNotFound(_("没有这份派单"))
    check_is_my_task(viewer, row)
    return replace(_task(row), sent=names_sent(row.pk))


def promised_then(volunteer_id: int, order: Order) -> CalendarEntry | None:
    """Return what else than orders somebody has promised at the time of one, their calendar locked. For actions.

    Orders are kept apart by the constraint of `Engagement`.
    """
    found = lock_calendar(volunteer_id, order.begins_at, order.ends_at, but=calendar_of)
    return found[0] if found else None


def calendar_of(volunteer_ids: Collection[int], began_at: datetime, ended_at: datetime) -> Iterable[CalendarEntry]:
    """Return which orders volunteers have promised between two instants: with the community, never an address."""
    with connection.cursor() as cursor:
        cursor.execute(_PROMISED, [list(volunteer_ids), ended_at, began_at, [status.value for status in _HELD]])
        rows = cursor.fetchall()
    return [
        CalendarEntry(
            who, f"order-{order_id}", service, begins_at, ends_at, _down_to(area_ids, service_area_ids),
            reverse("orders:task", args=[order_id]),
        )
        for who, order_id, service, begins_at, ends_at, area_ids, service_area_ids in rows
    ]  # fmt: skip
