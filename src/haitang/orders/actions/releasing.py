"""What every deed that takes an order away from its helpers shares. The order is locked."""

from datetime import datetime

from django.db import connection

from haitang.orders.lifecycle import OfferStatus
from haitang.orders.models import Engagement, Offer, Order
from haitang.orders.values import HelperRef

_CLOSE = f"""
UPDATE orders_offer SET status = '{OfferStatus.WITHDRAWN.value}', answered_at = %s
WHERE order_id = %s AND status = '{OfferStatus.OPEN.value}'
RETURNING id, volunteer_id, organization_id
"""  # noqa: S608 - joins constants of this code, no input


def close_offers(order: Order, now: datetime) -> list[HelperRef]:
    """Withdraw the offers that are still open; return to whom they were."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [now, order.pk])
        closed = sorted(cursor.fetchall())
    return [HelperRef(volunteer_id, office_id) for _pk, volunteer_id, office_id in closed]


def leave_helper(order: Order, now: datetime, status: str = OfferStatus.WITHDRAWN, reason: str = "") -> Offer | None:
    """Take the order away from who has accepted it: their hours are free again. The order is saved by the caller."""
    Engagement.objects.filter(order=order).delete()
    order.volunteer_id = order.helper_id = order.assured_at = None
    accepted = Offer.objects.filter(order=order, status=OfferStatus.ACCEPTED).first()
    if accepted is not None:
        accepted.status, accepted.reason, accepted.answered_at = status, reason, now
        accepted.save(update_fields=["status", "reason", "answered_at"])
    return accepted
