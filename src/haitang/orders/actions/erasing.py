"""Forgetting who ordered, at their wish: the service stays in the figures."""

from datetime import datetime

from django.db import transaction

from haitang.core.access import Actor
from haitang.orders.lifecycle import ONGOING
from haitang.orders.models import Offer, Order
from haitang.orders.queries.own_data import old_orders, orders_of
from haitang.privacy.values import Asker, Erased


@transaction.atomic
def erase_orders(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Erase who placed the asker's orders, where, and what was written in them; those still under way wait."""
    erased, hidden, later = [], [], 0
    for row in orders_of(asker).select_for_update(of=("self",)):
        if row.status in ONGOING:
            later += 1
            continue
        hidden += [text for text in (row.name, row.phone, row.address) if text]
        row.name_sealed = row.phone_sealed = row.address_sealed = b""
        row.words = row.review_words = row.finish_words = row.reason = ""
        if row.placed_by_id == row.account_id:
            row.placed_by_id = None
        row.account_id = None
        row.save()
        Offer.objects.filter(order=row).update(reason="")
        erased.append(("order", row.pk))
    return Erased(len(erased), later, subjects=tuple(erased), hidden=tuple(hidden))


@transaction.atomic
def clean_old_orders(*, actor: Actor, before: datetime, limit: int, now: datetime) -> int:
    """Erase who stands in rows that have been kept for their time, at most so many; return how many."""
    ids = list(old_orders(before).values_list("pk", flat=True)[:limit])
    return Order.objects.filter(pk__in=ids).update(
        name_sealed=b"", phone_sealed=b"", address_sealed=b"", words="", review_words=""
    )
