"""Ordering in three steps: which service, when, for whom. Residents for themselves, staff for those who telephone."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haitang.core import clock, idempotency
from haitang.core.access import ANYONE, SIGNED_IN, Actor, allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said
from haitang.core.ui.pages import respond
from haitang.orders import actions, forms, queries
from haitang.orders.queries import ServiceView
from haitang.orders.values import Channel, NewOrder, NoSuchSlot, Orderer, Permission
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

_AREA = "orders.area"
_PUBLIC = {"services": "orders:catalogue", "times": "orders:times", "contact": "orders:contact"}
_STAFF = {"services": "orders:catalogue_staff", "times": "orders:times_staff", "contact": "orders:contact_staff"}
_DAYS_SHOWN = 14


def _area(request: Request) -> AreaRef | None:
    """Return the community chosen in the address, else the one chosen last on this device."""
    area = territory().by_code(request.GET.get("area", "") or request.session.get(_AREA, ""))
    if area is not None and request.session.get(_AREA) != area.code:
        request.session[_AREA] = area.code
    return area


def _orderers(viewer: Actor, *, staff: bool, area: AreaRef) -> list[str]:
    """Return as whom the viewer can order there."""
    if not staff:
        return [Orderer.RESIDENT.value]
    found = []
    if viewer.holds(Permission.PLACE, area_path=area.path):
        found += [Orderer.RESIDENT.value, Orderer.COMMUNITY.value]
    if viewer.holds(Permission.SECRETARY, area_path=area.path):
        found.append(Orderer.SECRETARY.value)
    return found


@require_safe
@allow(ANYONE)
def catalogue(request: Request) -> HttpResponse:
    """Step one for residents: which service."""
    return _catalogue(request, staff=False)


@require_safe
@allow(Permission.PLACE)
def catalogue_staff(request: Request) -> HttpResponse:
    """Step one for staff: which service, for somebody who telephones or for the community."""
    return _catalogue(request, staff=True)


def _catalogue(request: Request, *, staff: bool) -> HttpResponse:
    area = _area(request)
    form = forms.AreaForm(initial={"area": area.code if area else ""}, viewer=request.actor if staff else None)
    found = queries.list_services(area_ids=area.ids if area else (), orderer="") if area else []
    if area is not None:
        may = set(_orderers(request.actor, staff=staff, area=area))
        found = [view for view in found if may & set(view.type.orderers)]
    groups: dict[str, list[ServiceView]] = {}
    for view in found:
        groups.setdefault(view.type.group, []).append(view)
    context = {"form": form, "area": area, "groups": list(groups.items()), **_frame(request, staff=staff)}
    return respond(request, "orders/catalogue.html", None, context)


def _frame(request: Request, *, staff: bool) -> dict[str, Any]:
    return {
        "base": "ui/staff.html" if staff else "orders/public.html", "staff": staff,
        "names": _STAFF if staff else _PUBLIC,
    }  # fmt: skip


@require_safe
@allow(ANYONE)
def times(request: Request, service_id: int) -> HttpResponse:
    """Step two for residents: when."""
    return _times(request, service_id, staff=False)


@require_safe
@allow(Permission.PLACE)
def times_staff(request: Request, service_id: int) -> HttpResponse:
    """Step two for staff: when."""
    return _times(request, service_id, staff=True)


def _times(request: Request, service_id: int, *, staff: bool, wrong: str = "") -> HttpResponse:
    service, area, now = queries.get_service(service_id), _area(request), clock.now()
    days = queries.bookable_days(service.service, now)[:_DAYS_SHOWN]
    chosen = _day(request.GET.get("day", ""))
    slots: list[Any] = []
    if chosen in days:
        slots = queries.list_slots(service=service, on=chosen, now=now)
    else:  # the first day with room, else the first with hours at all
        for day in days:
            found = queries.list_slots(service=service, on=day, now=now)
            if found and (chosen not in days or any(slot.free for slot in found)):
                chosen, slots = day, found
            if any(slot.free for slot in slots):
                break
    context = {
        "service": service, "area": area, "days": days, "chosen": chosen, "slots": slots, "wrong": wrong,
        **_frame(request, staff=staff),
    }  # fmt: skip
    return respond(request, "orders/times.html", None, context, 422 if wrong else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None  # type: ignore[assignment]  # refused below
    if at is None or at.tzinfo is None or not 2000 <= at.year <= 2200:
        raise NoSuchSlot(_("请选择时间"), {"begins_at": _("请选择时间")})
    return at


@never_cache
@form_page
@allow(SIGNED_IN)
def contact(request: Request, service_id: int) -> HttpResponse:
    """Step three for residents: for whom; then the order is placed."""
    return _contact(request, service_id, staff=False)


@never_cache
@form_page
@allow(Permission.PLACE)
def contact_staff(request: Request, service_id: int) -> HttpResponse:
    """Step three for staff: for whom; then the order is placed."""
    return _contact(request, service_id, staff=True)


def _contact(request: Request, service_id: int, *, staff: bool) -> HttpResponse:
    service, area = queries.get_service(service_id), _area(request)
    names = _STAFF if staff else _PUBLIC
    if area is None:
        return redirect(names["services"])
    try:
        begins_at = _instant(request.GET.get("at", ""))
        queries.check_slot(service, begins_at, clock.now())
    except NoSuchSlot as refusal:
        return _times(request, service_id, staff=staff, wrong=refusal.message)
    orderers = [each for each in _orderers(request.actor, staff=staff, area=area) if each in service.type.orderers]
    initial = {"name": "" if staff else request.actor.name}
    form, status = (
        forms.ContactForm(
            request.POST or None, orderers=orderers, takes_people=service.type.takes_people, initial=initial
        ),
        200,
    )
    if request.method == "POST":
        placed: list[int] = []
        status = attempt(form, lambda: placed.append(_place(request, service, area, begins_at, form, staff=staff)))
        if not status:
            if staff:
                return redirect("orders:order", placed[0])
            return redirect(f"{reverse('orders:my_order', args=[placed[0]])}?{urlencode({'new': 1})}")
    context = {
        "service": service, "area": area, "begins_at": begins_at, "form": form, "needs_orderer": not orderers,
        **_frame(request, staff=staff),
    }  # fmt: skip
    return respond(request, "orders/contact.html", None, context, status)


def _place(
    request: Request, service: ServiceView, area: AreaRef, begins_at: datetime, form: Any, *, staff: bool
) -> int:
    """Place the order, once however often the form is sent."""
    given = dict(form.cleaned_data)
    key, given["languages"] = given.pop("key"), tuple(given.get("languages", ()))
    orderer = given.pop("orderer", Orderer.RESIDENT.value)
    new = NewOrder(
        service_id=service.service.pk, begins_at=begins_at, area_code=area.code, orderer=orderer,
        channel=(Channel.PHONE if staff and orderer == Orderer.RESIDENT else Channel.PAGE).value, **given,
    )  # fmt: skip
    told = idempotency.once(
        actor=request.actor, key=f"orders:{key}", body=[new.service_id, begins_at.isoformat(), area.code],
        now=clock.now(), write=lambda: {"id": actions.place_order(new=new, **said(request)).pk},
    )  # fmt: skip
    if not told.get("id"):
        raise Invalid(_("下单没有成功，请重试"))
    return told["id"]
