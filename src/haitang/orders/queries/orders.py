"""Reads over orders: of staff by area, of the orderer by account, one order with all that its page shows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.paging import Page
from haitang.core.privacy import mask_address, mask_name, mask_phone
from haitang.orders import policies
from haitang.orders.lifecycle import ONGOING, OfferStatus, Status
from haitang.orders.models import Offer, Order
from haitang.orders.queries.helpers import Possible, list_possible, names_sent
from haitang.orders.queries.rules import TypeRef, order_rules
from haitang.orders.values import OrderNotFound
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

PAGE_ROWS, TOTAL_MAX, MINE_MAX = 50, 10_000, 200


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders are wanted; "" for all. soon_before: begins before that instant and nobody has accepted."""

    status: str = ""
    type_code: str = ""
    area_path: str = ""
    soon_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as lists show it; who ordered is masked. helper: who has accepted, "" for nobody."""

    order: Order
    type: TypeRef
    service: str
    area_name: str
    name: str
    helper: str


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer as the order's page shows it to staff."""

    offer: Offer
    name: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """What the page of one order shows.

    place: where on the wait list, 0 for an order that is not there. possible: whom it can be offered to.
    sent: names of whom the organization says that it sent.
    may: the words of what the viewer may do beside the helper's deeds.
    """

    view: OrderView
    phone: str
    address: str
    place: int
    offers: list[OfferLine]
    entries: list[Entry]
    possible: list[Possible] = field(default_factory=list)
    sent: tuple[str, ...] = ()
    may: frozenset[str] = frozenset()


def lock_order(order_id: int) -> Order:
    """Return the order, locked; raise OrderNotFound. For actions, which check what the actor may do with it."""
    found = Order.objects.select_for_update(no_key=True, of=("self",)).filter(pk=order_id).first()
    if found is None:
        raise OrderNotFound(_("没有这个订单"))
    return found


def quota_id_of(order_id: int) -> int:
    """Return the id of the day of a service that the order stands in; raise OrderNotFound. It never changes."""
    found = Order.objects.filter(pk=order_id).values_list("slot__quota_id", flat=True).first()
    if found is None:
        raise OrderNotFound(_("没有这个订单"))
    return found


def get_order(*, viewer: Actor, order_id: int) -> Order:
    """Return the order. Raises OrderNotFound, also where the viewer may not know of it."""
    found = Order.objects.select_related("service").filter(pk=order_id).first()
    if found is None:
        raise OrderNotFound(_("没有这个订单"))
    policies.check_may_see(viewer, found)
    return found


def list_orders(*, viewer: Actor, wanted: OrderFilter, cursor: str = "") -> Page[Order]:
    """Return a page of orders that the viewer may see as staff, newest first."""
    return page_by_instant(
        _wanted(viewer, wanted), instant="ordered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX
    )


def _wanted(viewer: Actor, wanted: OrderFilter) -> Any:
    rows = Order.objects.visible_to(viewer).select_related("service", "volunteer")
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.status == "ongoing":
        rows = rows.filter(status__in=ONGOING)
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.type_code:
        rows = rows.filter(service__type__code=wanted.type_code)
    if wanted.soon_before is not None:
        rows = rows.filter(begins_at__lt=wanted.soon_before, status__in=(Status.ORDERED, Status.OFFERED))
    return rows


def count_orders(*, viewer: Actor, area_path: str = "") -> dict[str, int]:
    """Return how many orders the viewer may see as staff stand at each state."""
    rows = Order.objects.visible_to(viewer)
    if area_path:
        rows = rows.below(area_path)
    counted = dict(rows.order_by().values_list("status").annotate(n=Count("id")))
    return {status.value: counted.get(status.value, 0) for status in Status}


def count_to_hand_out(*, viewer: Actor) -> int:
    """Return how many orders wait to be handed out where the viewer sees them, for the menu; 100 is 99 and more."""
    rows = Order.objects.visible_to(viewer).filter(status=Status.ORDERED)
    return len(rows.order_by().values_list("pk", flat=True)[:100])


def list_mine(*, viewer: Actor) -> list[OrderView]:
    """Return the viewer's own orders, what is still to come first, then newest first; at most 200."""
    if viewer.id is None:
        return []
    rows = Order.objects.filter(account_id=viewer.id).select_related("service", "volunteer")
    found = list(rows.order_by("-ordered_at", "-id")[:MINE_MAX])
    found.sort(key=lambda row: row.status not in (*ONGOING, Status.CONFIRMED))
    return describe_orders(found)


def describe_orders(rows: Any) -> list[OrderView]:
    """Return the orders with the words that lists show of them; rows come with `service` and `volunteer`."""
    rules, tree, registry = order_rules(), territory(), organizations()
    views = []
    for row in rows:
        helper = registry.by_id(row.helper_id)
        name = helper.name if helper else (row.volunteer.name if row.volunteer_id else "")
        views.append(
            OrderView(
                row, rules.by_id[row.service.type_id], row.service.name, tree.full_name(row.area_id),
                mask_name(row.name), name,
            )
        )  # fmt: skip
    return views


def get_order_page(*, viewer: Actor, order_id: int, now: datetime) -> OrderPage:
    """Return the order with all that its page shows this viewer; raise OrderNotFound as `get_order` does.

    The orderer sees their own words in full; staff see name, telephone and address in part.
    """
    row = Order.objects.select_related("service", "volunteer").filter(pk=order_id).first()
    if row is None:
        raise OrderNotFound(_("没有这个订单"))
    policies.check_may_see(viewer, row)
    view = describe_orders([row])[0]
    own, staff = policies.is_orderer(viewer, row), policies.is_staff_of(viewer, row)
    phone, address = row.phone, row.address
    if not own:
        phone, address = mask_phone(phone), mask_address(address)
    may = _may(viewer, row, view.type)
    pending = row.status in (Status.ORDERED, Status.OFFERED)
    return OrderPage(
        view, phone, address, _place(row),
        offers=_offers(row) if staff else [],
        entries=history.timeline("order", row.pk) if staff else [],
        possible=list_possible(row, now) if pending and "hand_out" in may else [],
        may=may, sent=names_sent(row.pk) if staff and row.helper_id is not None else (),
    )  # fmt: skip


def _may(viewer: Actor, row: Order, kind: TypeRef) -> frozenset[str]:
    checks: dict[str, tuple[Any, ...]] = {
        "hand_out": (policies.check_can_hand_out, viewer, row, kind.dispatcher),
        "speak": (policies.check_speaks_for_orderer, viewer, row),
        "unmask": (policies.check_may_unmask, viewer, row),
    }
    return frozenset(word for word, (check, *given) in checks.items() if access.allows(check, *given))


def _place(row: Order) -> int:
    if row.status != Status.WAITING:
        return 0
    before = Q(ordered_at__lt=row.ordered_at) | Q(ordered_at=row.ordered_at, pk__lt=row.pk)
    return Order.objects.filter(before, slot_id=row.slot_id, status=Status.WAITING).count() + 1


def _offers(row: Order) -> list[OfferLine]:
    registry, lines = organizations(), []
    for offer in Offer.objects.filter(order=row).select_related("volunteer").order_by("id"):
        office = registry.by_id(offer.organization_id)
        lines.append(OfferLine(offer, office.name if office else getattr(offer.volunteer, "name", "")))
    return lines


def late_cancels(*, account_id: int, since: datetime) -> int:
    """Return how often the account cancelled late or was not there since then; for the rule of `late_cancels_max`."""
    rows = Order.objects.filter(account_id=account_id, ended_at__gte=since)
    return rows.filter(
        Q(status=Status.CANCELLED, is_late=True) | Q(status=Status.MISSED, missed_side="orderer")
    ).count()


def count_ongoing(*, account_id: int) -> int:
    """Return how many orders of the account are under way."""
    return Order.objects.filter(account_id=account_id, status__in=ONGOING).count()


def get_order_for_job(order_id: int) -> Order | None:
    """Return an order with its service and helper, or None. For jobs only, which show nobody anything."""
    return Order.objects.select_related("service", "volunteer").filter(pk=order_id).first()


def get_offer_for_job(offer_id: int) -> Offer | None:
    """Return an offer with its order and volunteer, or None. For jobs only."""
    return Offer.objects.select_related("order__service", "volunteer").filter(pk=offer_id).first()


def list_last_offers(order_id: int) -> list[Offer]:
    """Return the offers of a cancelled order that had stood until then. For jobs only."""
    rows = Offer.objects.filter(order_id=order_id, status=OfferStatus.WITHDRAWN, answered_at=F("order__ended_at"))
    return list(rows.select_related("volunteer").order_by("id"))


def soon(now: datetime) -> datetime:
    """Return the instant before which an order without a helper is pressing: within two days."""
    return now + timedelta(days=2)
