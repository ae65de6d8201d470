"""The door for whoever proposes helpers for many orders at once."""

from dataclasses import dataclass
from datetime import datetime

from haitang.core.access import Actor
from haitang.orders.lifecycle import OfferStatus, Status
from haitang.orders.models import Offer, Order
from haitang.orders.queries.rules import TypeRef, order_rules
from haitang.orders.values import HANDS_OUT, Dispatcher, Permission
from haitang.territory.queries import territory


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that waits to be handed out, as the matching needs it; nothing of who ordered.

    area_path: of the orderer's grid or community. service_area_path: within which helpers are looked for.
    not_to: volunteers who have it offered now, or have declined it, given it back or let it run out; organizations
    who have, as negative ids. languages: one of them is to be spoken. organization_id: sees to the service.
    """

    id: int
    type: TypeRef
    area_path: str
    service_area_path: str
    begins_at: datetime
    ends_at: datetime
    ordered_at: datetime
    not_to: frozenset[int]
    languages: frozenset[str]
    organization_id: int | None


def open_orders_for_matching(
    *, viewer: Actor | None, now: datetime, area_path: str = "", limit: int = 10_000, only_automatic: bool = False
) -> list[OpenOrder]:
    """Return the orders that wait to be handed out and that the viewer may hand out, the soonest first.

    viewer: None for the clock's own proposals. only_automatic: of types whose proposals are offered by themselves.
    """
    rules = order_rules()
    kinds = [
        kind for kind in rules.types
        if kind.dispatcher != Dispatcher.OPEN and (kind.is_automatic or not only_automatic)
    ]  # fmt: skip
    rows = Order.objects.none()
    if viewer is None:
        rows = Order.objects.filter(service__type_id__in=[kind.id for kind in kinds])
    else:
        for permission in (Permission.DISPATCH, Permission.HUB):
            ids = [kind.id for kind in kinds if HANDS_OUT[Dispatcher(kind.dispatcher)] == permission]
            rows = rows | Order.objects.within(viewer, permission).filter(service__type_id__in=ids)
    rows = rows.filter(status=Status.ORDERED, begins_at__gt=now).select_related("service")
    if area_path:
        rows = rows.below(area_path)
    found = list(rows.order_by("begins_at", "id")[:limit])
    asked: dict[int, set[int]] = {}
    answers = Offer.objects.filter(order__in=found).exclude(status=OfferStatus.WITHDRAWN)
    for order_id, volunteer_id, office_id in answers.values_list("order_id", "volunteer_id", "organization_id"):
        asked.setdefault(order_id, set()).add(volunteer_id or -office_id)
    tree = territory()
    return [
        OpenOrder(
            row.pk, rules.by_id[row.service.type_id], tree.area(row.area_id).path, tree.area(row.service.area_id).path,
            row.begins_at, row.ends_at, row.ordered_at, frozenset(asked.get(row.pk, ())),
            frozenset(row.languages), row.service.organization_id,
        )
        for row in found
    ]  # fmt: skip
