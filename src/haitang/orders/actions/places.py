"""Places of an hour and its day: taken, left, and given to the first of the wait list. All under the day's lock."""

from datetime import datetime, timedelta

from django.db.models import F

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.scoping import path_of
from haitang.orders.facts import OrderPromoted
from haitang.orders.lifecycle import Deed, check_move
from haitang.orders.models import Offer, Order, Quota, Slot
from haitang.orders.queries import ServiceView, accounts_told, next_waiting, order_rules
from haitang.orders.values import HelperRef, Permission


def audience_of(order: Order, *helpers: Offer | HelperRef) -> history.Audience:
    """Return who hears of news of the order on an open page: staff of its area, the orderer, and these helpers."""
    accounts = {*accounts_told(helpers), *([order.account_id] if order.account_id else [])}
    return history.Audience(path_of(order.area_ids), (), Permission.VIEW, tuple(sorted(accounts)))


def helper_of(order: Order) -> HelperRef:
    """Return who has accepted the order."""
    return HelperRef(volunteer_id=order.volunteer_id, organization_id=order.helper_id)


def hold_slot(service: ServiceView, begins_at: datetime) -> tuple[Quota, Slot]:
    """Return the day, locked, and the hour; both are made when the first order of the day comes."""
    row = service.service
    on = local_date(begins_at)
    Quota.objects.bulk_create([Quota(service=row, on=on, capacity=row.capacity_day)], ignore_conflicts=True)
    quota = Quota.objects.select_for_update(no_key=True).get(service=row, on=on)
    slot = Slot.objects.filter(quota=quota, begins_at=begins_at).first()
    if slot is None:
        ends_at = begins_at + timedelta(minutes=service.type.minutes)
        slot = Slot.objects.create(quota=quota, begins_at=begins_at, ends_at=ends_at, capacity=row.capacity_slot)
    return quota, slot


def has_room(quota: Quota, slot: Slot) -> bool:
    """Tell whether the hour and its day have a place. The day is locked."""
    return quota.taken < quota.capacity and slot.taken < slot.capacity


def take(quota: Quota, slot_id: int, change: int = 1) -> None:
    """Take a place of the hour and its day, or leave one (-1). The constraints keep either from being overfull."""
    Quota.objects.filter(pk=quota.pk).update(taken=F("taken") + change)
    Slot.objects.filter(pk=slot_id).update(taken=F("taken") + change)
    quota.taken += change


def promote(actor: Actor, quota: Quota, now: datetime) -> list[Order]:
    """Give the places that are free to those who have waited longest. The day is locked."""
    before, promoted = now + timedelta(hours=order_rules().setting("promote_before_hours")), []
    while (order := next_waiting(quota, before)) is not None:
        order.status = check_move(order.status, Deed.PROMOTE)
        order.save(update_fields=["status"])
        take(quota, order.slot_id)
        history.record(actor=actor, fact=OrderPromoted(order.pk), at=now, audience=audience_of(order))
        promoted.append(order)
    return promoted
