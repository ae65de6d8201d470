"""Reads over the catalogue: what is to be had in an area, on which days, at which hours, and whether there is room."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.orders import policies
from haitang.orders.lifecycle import WITHOUT_PLACE, Status
from haitang.orders.models import Order, Quota, Service, Slot
from haitang.orders.queries.rules import TypeRef, order_rules
from haitang.orders.values import NoSuchSlot, ServiceNotFound, starts_on
from haitang.territory.queries import territory


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service with its type and the name of its area; reviews: how many, and their mean."""

    service: Service
    type: TypeRef
    area_name: str
    reviews: int = 0
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class SlotView:
    """An hour to be ordered. free: places left, of the hour and of its day. waiting: who is on its list."""

    begins_at: datetime
    ends_at: datetime
    free: int
    waiting: int
    takes_waiting: bool


def list_services(*, area_ids: tuple[int, ...], orderer: str = "") -> list[ServiceView]:
    """Return the services to be had in an area, by group, name and id; with `orderer` those that such a party orders.

    Public. area_ids: the chain of the orderer's area.
    """
    rules = order_rules()
    found = [
        _view(row, rules.by_id[row.type_id])
        for row in Service.objects.offered_in(area_ids)
        if not orderer or orderer in rules.by_id[row.type_id].orderers
    ]
    return sorted(_reviewed(found), key=lambda view: (view.type.id, view.service.name, view.service.pk))


def list_kept_services(*, viewer: Actor) -> list[ServiceView]:
    """Return the services that the viewer looks after, active or not, by type and name."""
    rules = order_rules()
    found = [_view(row, rules.by_id[row.type_id]) for row in Service.objects.visible_to(viewer)]
    return sorted(_reviewed(found), key=lambda view: (view.type.id, view.service.name, view.service.pk))


def get_service(service_id: int) -> ServiceView:
    """Return a service that is to be had. Public. Raises ServiceNotFound."""
    row = Service.objects.filter(pk=service_id, is_active=True, type__is_active=True).first()
    if row is None:
        raise ServiceNotFound(_("没有这项服务，或者已经停办"))
    return _reviewed([_view(row, order_rules().by_id[row.type_id])])[0]


def get_kept_service(*, viewer: Actor, service_id: int) -> ServiceView:
    """Return a service that the viewer looks after. Raises ServiceNotFound, NotAllowed."""
    row = Service.objects.filter(pk=service_id).first()
    if row is None:
        raise ServiceNotFound(_("没有这项服务"))
    policies.check_may_know_service(viewer, row)
    return _view(row, order_rules().by_id[row.type_id])


def _view(row: Service, kind: TypeRef) -> ServiceView:
    return ServiceView(row, kind, territory().full_name(row.area_id))


def _reviewed(views: list[ServiceView]) -> list[ServiceView]:
    """Add how services were reviewed, as a whole; a helper has no such figure."""
    rows = Order.objects.filter(service__in=[view.service for view in views], stars__isnull=False)
    counted: dict[int, dict[int, int]] = {}
    for service_id, stars, n in rows.order_by().values_list("service_id", "stars").annotate(n=Count("id")):
        counted.setdefault(service_id, {})[stars] = n
    shown = []
    for view in views:
        stars = counted.get(view.service.pk, {})
        number = sum(stars.values())
        mean = round(sum(star * n for star, n in stars.items()) / number, 1) if number else None
        shown.append(ServiceView(view.service, view.type, view.area_name, number, mean))
    return shown


def bookable_days(service: Service, now: datetime) -> list[date]:
    """Return the days on which the service can be ordered now, the first to come first."""
    weekdays = {each.weekday for each in service.hour_list}
    first, ahead = local_date(now), order_rules().setting("book_days")
    days = (first + timedelta(days=n) for n in range(ahead + 1))
    return [day for day in days if day.weekday() in weekdays and day not in service.closed_on]


def list_slots(*, service: ServiceView, on: date, now: datetime) -> list[SlotView]:
    """Return the hours of that day that can still be ordered, with the places left. Public."""
    row, rules = service.service, order_rules()
    if on not in bookable_days(row, now):
        return []
    earliest = now + timedelta(hours=rules.setting("book_before_hours"))
    quota = Quota.objects.filter(service=row, on=on).first()
    slots = {slot.begins_at: slot for slot in Slot.objects.filter(quota=quota)} if quota else {}
    waiting = dict(
        Order.objects.filter(slot__in=slots.values(), status=Status.WAITING)
        .order_by().values_list("slot_id").annotate(n=Count("id"))
    )  # fmt: skip
    day_free = quota.capacity - quota.taken if quota else row.capacity_day
    views = []
    for begins_at in starts_on(on, row.hour_list, service.type.minutes):
        if begins_at < earliest:
            continue
        slot = slots.get(begins_at)
        free = min(slot.capacity - slot.taken if slot else row.capacity_slot, day_free)
        n = waiting.get(slot.pk, 0) if slot else 0
        ends_at = begins_at + timedelta(minutes=service.type.minutes)
        views.append(SlotView(begins_at, ends_at, max(free, 0), n, n < rules.setting("waiting_max")))
    return views


def check_slot(service: ServiceView, begins_at: datetime, now: datetime) -> None:
    """Raise NoSuchSlot unless the service is done at that instant and can still be ordered for it."""
    row, rules = service.service, order_rules()
    known = now <= begins_at <= now + timedelta(days=rules.setting("book_days") + 1)
    if known:
        on = local_date(begins_at)
        known = on in bookable_days(row, now) and begins_at in starts_on(on, row.hour_list, service.type.minutes)
    if not known:
        raise NoSuchSlot(_("这个时间不能预约，请另选"), {"begins_at": _("这个时间不能预约，请另选")})
    if begins_at < now + timedelta(hours=rules.setting("book_before_hours")):
        wrong = _("最迟要在服务前 %(n)d 小时下单，请另选时间") % {"n": rules.setting("book_before_hours")}
        raise NoSuchSlot(wrong, {"begins_at": wrong})


def lock_quota(quota_id: int) -> Quota:
    """Return the day of a service, locked. For actions: taken before any order of that day."""
    return Quota.objects.select_for_update(no_key=True).get(pk=quota_id)


def next_waiting(quota: Quota, before: datetime) -> Order | None:
    """Return the order that has waited longest of those for which there is a place now, locked. For actions.

    before: hours that begin before it are left alone.
    """
    if quota.taken >= quota.capacity:
        return None
    rows = Order.objects.filter(
        slot__quota=quota, status=Status.WAITING, begins_at__gte=before, slot__taken__lt=F("slot__capacity")
    )
    return rows.select_for_update(of=("self",), no_key=True).order_by("ordered_at", "id").first()


def recount(slots: Iterable[Slot]) -> dict[int, int]:
    """Return by slot how many orders hold a place, counted anew. For checks and tests."""
    rows = Order.objects.filter(~Q(status__in=WITHOUT_PLACE), slot__in=list(slots))
    return dict(rows.order_by().values_list("slot_id").annotate(n=Count("id")))
