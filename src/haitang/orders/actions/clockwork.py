"""What time does: offers run out, who has not confirmed to come is released, both sides are reminded, orders end."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.orders import queries
from haitang.orders.actions.finishing import confirm
from haitang.orders.actions.offering import return_if_unasked
from haitang.orders.actions.places import audience_of, helper_of, promote, take
from haitang.orders.actions.releasing import close_offers, leave_helper
from haitang.orders.facts import OfferExpired, OrderReleased, OrderReminded, OrderUnmet
from haitang.orders.lifecycle import PENDING, WITHOUT_PLACE, Deed, OfferStatus, Status, check_move
from haitang.orders.models import Offer, Order
from haitang.orders.queries import order_rules

_ROWS = 500
"""So many at one call; the clock's jobs call until there is nothing left."""


def _each(ids: Iterable[int], deed: Callable[[int], bool]) -> int:
    """Do a deed for one after the other, each in a transaction of its own: one that fails keeps none of the others."""
    done = 0
    for each in ids:
        with transaction.atomic():
            done += deed(each)
    return done


def expire_offers(*, actor: Actor, now: datetime) -> int:
    """
    Close the offers that nobody answered in time, and let their orders wait to be handed out again; return how many.

    At most 500 a call. An answer that comes at the same moment wins or loses as a whole.
    """
    due = Offer.objects.filter(status=OfferStatus.OPEN, expires_at__lte=now).order_by("expires_at", "id")

    def expire(offer_id: int) -> bool:
        row = queries.lock_offer(offer_id)
        if row.status != OfferStatus.OPEN:
            return False
        row.status, row.answered_at = OfferStatus.EXPIRED, now
        row.save(update_fields=["status", "answered_at"])
        audience = audience_of(row.order, row)
        history.record(actor=actor, fact=OfferExpired(row.order_id, row.pk), at=now, audience=audience)
        return_if_unasked(actor, row.order, now)
        return True

    return _each(list(due.values_list("pk", flat=True)[:_ROWS]), expire)


def release_unconfirmed(*, actor: Actor, now: datetime) -> int:
    """
    Release the orders whose helper has not confirmed to come by the hours of the setting; they are handed out again.

    Returns how many; at most 500 a call.
    """
    last = now + timedelta(hours=order_rules().setting("assure_hours"))
    due = Order.objects.filter(status=Status.ACCEPTED, assured_at__isnull=True, begins_at__lte=last, begins_at__gt=now)

    def release(order_id: int) -> bool:
        order = queries.lock_order(order_id)
        if order.status != Status.ACCEPTED or order.assured_at is not None:
            return False
        order.status = check_move(order.status, Deed.RELEASE)
        helper = helper_of(order)
        accepted = leave_helper(order, now, OfferStatus.EXPIRED)
        order.save(update_fields=["status", "volunteer", "helper", "assured_at"])
        fact = OrderReleased(order.pk, accepted.pk if accepted else 0)
        history.record(actor=actor, fact=fact, at=now, audience=audience_of(order, helper))
        return True

    return _each(_ids(due), release)


def _ids(due: QuerySet[Order]) -> list[int]:
    return list(due.order_by("begins_at", "id").values_list("pk", flat=True)[:_ROWS])


def remind_parties(*, actor: Actor, now: datetime) -> int:
    """
    Record which orders are to be reminded of, on the days of the setting before their day, each once a day.

    Only orders that somebody has accepted. Returns how many; at most 500 a call.
    """
    today, reminded = local_date(now), 0
    for days in order_rules().setting("remind_days"):
        day = today + timedelta(days=days)
        begin = datetime.combine(day, time(0), LOCAL)
        due = Order.objects.filter(
            status=Status.ACCEPTED, begins_at__gte=max(begin, now), begins_at__lt=begin + timedelta(days=1)
        ).exclude(reminded__contains=[days])

        def remind(order_id: int, days: int = days) -> bool:
            order = queries.lock_order(order_id)
            if order.status != Status.ACCEPTED or days in order.reminded:
                return False
            order.reminded = [*order.reminded, days]
            order.save(update_fields=["reminded"])
            history.record(actor=actor, fact=OrderReminded(order.pk, days), at=now)
            return True

        reminded += _each(_ids(due), remind)
    return reminded


def lapse_orders(*, actor: Actor, now: datetime) -> int:
    """
    End the orders whose hour has come while nobody had accepted: demands that nobody met.

    Returns how many; at most 500 a call.
    """
    due = Order.objects.filter(status__in=PENDING, begins_at__lte=now)

    def lapse(order_id: int) -> bool:
        quota = queries.lock_quota(queries.quota_id_of(order_id))
        order = queries.lock_order(order_id)
        if order.status not in PENDING:
            return False
        held = order.status not in WITHOUT_PLACE
        order.status, order.ended_at = check_move(order.status, Deed.LAPSE), now
        close_offers(order, now)
        order.save(update_fields=["status", "ended_at"])
        history.record(actor=actor, fact=OrderUnmet(order.pk), at=now, audience=audience_of(order))
        if held:
            take(quota, order.slot_id, -1)
            promote(actor, quota, now)
        return True

    return _each(_ids(due), lapse)


def confirm_silent(*, actor: Actor, now: datetime) -> int:
    """
    Confirm the orders to which nobody has objected within the days of the setting after they were said to be done.

    Returns how many; at most 500 a call.
    """
    last = now - timedelta(days=order_rules().setting("confirm_days"))
    due = Order.objects.filter(status=Status.DONE, finished_at__lte=last)

    def settle(order_id: int) -> bool:
        order = queries.lock_order(order_id)
        if order.status != Status.DONE:
            return False
        confirm(actor, order, now, by_clock=True)
        return True

    return _each(_ids(due), settle)
