"""What every deed that takes an order away from its helpers shares. The order is locked."""

from datetime import datetime

from haitang.orders.lifecycle import OfferStatus
from haitang.orders.models import Engagement, Offer, Order


def close_offers(order: Order, now: datetime, *, but: int = 0) -> list[Offer]:
    """Withdraw the offers that are still open, but one; return those withdrawn."""
    rows = list(
        Offer.objects.select_for_update(no_key=True, of=("self",))
        .filter(order=order, status=OfferStatus.OPEN).exclude(pk=but).order_by("id")
    )  # fmt: skip
    Offer.objects.filter(pk__in=[row.pk for row in rows]).update(status=OfferStatus.WITHDRAWN, answered_at=now)
    return rows


def leave_helper(order: Order, now: datetime, status: str = OfferStatus.WITHDRAWN, reason: str = "") -> Offer | None:
    """Take the order away from who has accepted it: their hours are free again. The order is saved by the caller."""
    Engagement.objects.filter(order=order).delete()
    order.volunteer_id = order.helper_id = order.assured_at = None
    accepted = Offer.objects.filter(order=order, status=OfferStatus.ACCEPTED).first()
    if accepted is not None:
        accepted.status, accepted.reason, accepted.answered_at = status, reason, now
        accepted.save(update_fields=["status", "reason", "answered_at"])
    return accepted
