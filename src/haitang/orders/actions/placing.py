"""Orders placed, on the page, by telephone through staff or by a system; and cancelled."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.orders import policies, queries
from haitang.orders.actions.places import audience_of, has_room, helper_of, hold_slot, promote, take
from haitang.orders.actions.releasing import close_offers, leave_helper
from haitang.orders.facts import OrderCancelled, OrderPlaced
from haitang.orders.lifecycle import WITHOUT_PLACE, Deed, Status, check_move
from haitang.orders.models import Order
from haitang.orders.models.order import ADDRESS, NAME, PHONE
from haitang.orders.queries import ServiceView, order_rules
from haitang.orders.values import (
    ADDRESS_LENGTH_MAX,
    NAME_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Channel,
    NewOrder,
    Orderer,
    OrderingPaused,
    SlotFull,
)
from haitang.people.values import normalize_phone
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.volunteers.queries import rules as register
from haitang.volunteers.values import ItemKind


def clean(given: str, name: str, length: int = WORDS_LENGTH_MAX, *, missing: str = "") -> str:
    """Return the text without surrounding space; raise Invalid at its field where it is too long, or missing."""
    given = given.replace("\x00", "").strip()
    wrong = missing if missing and not given else ""
    if len(given) > length:
        wrong = _("最多 %(n)d 字") % {"n": length}
    if wrong:
        raise Invalid(wrong, {name: wrong})
    return given


@transaction.atomic
def place_order(*, actor: Actor, new: NewOrder, now: datetime) -> Order:
    """
    Order a service for one hour; when the hour or its day is full, the order goes to the wait list.

    Whoever orders as staff orders for somebody without account; a resident orders for themselves, under their account.
    Raises NotSignedIn, NotAllowed, ServiceNotFound, NoSuchSlot, SlotFull (the wait list is full too), OrderingPaused
    (too many late cancellations: the community orders on their behalf), Invalid (area, name, telephone, address).
    """
    service = queries.get_service(new.service_id)
    area = _area(service, new.area_code)
    in_person = new.orderer == Orderer.RESIDENT and new.channel != Channel.PHONE
    policies.check_can_place(actor, new.orderer, area.path, in_person=in_person)
    if new.orderer not in service.type.orderers:
        raise Invalid(_("这项服务不接受这一方点单"), {"orderer": _("这项服务不接受这一方点单")})
    name = clean(new.name, "name", NAME_LENGTH_MAX, missing=_("请填写称呼"))
    phone = normalize_phone(new.phone)
    if not phone:
        raise Invalid(_("请填写联系电话"), {"phone": _("请填写联系电话")})
    address = clean(new.address, "address", ADDRESS_LENGTH_MAX, missing=_("请填写上门地址"))
    words = clean(new.words, "words")
    if set(new.languages) - {item.code for item in register().of(ItemKind.LANGUAGE)}:
        raise Invalid(_("目录中没有所选的语言"), {"languages": _("目录中没有所选的语言")})
    queries.check_slot(service, new.begins_at, now)
    quota, slot = hold_slot(service, new.begins_at)
    if in_person:
        _check_account(actor, now)
    waits = not has_room(quota, slot)
    waiting = Order.objects.filter(slot=slot, status=Status.WAITING).count() if waits else 0
    if waiting >= order_rules().setting("waiting_max") and waits:
        raise SlotFull(_("这个时段已约满，候补也已满，请另选时间"))
    order = Order.objects.create(
        service=service.service, slot=slot, area_id=area.id, area_ids=list(area.ids), begins_at=slot.begins_at,
        ends_at=slot.ends_at, status=Status.WAITING if waits else Status.ORDERED, orderer=new.orderer,
        channel=new.channel, account_id=actor.id if in_person else None, placed_by_id=actor.id,
        organization_id=None if new.orderer == Orderer.RESIDENT else actor.organization_id,
        name_sealed=crypto.seal(name, NAME), phone_sealed=crypto.seal(phone, PHONE),
        address_sealed=crypto.seal(address, ADDRESS), words=words, languages=list(dict.fromkeys(new.languages)),
        ordered_at=now,
    )  # fmt: skip
    if not waits:
        take(quota, slot.pk)
    fact = OrderPlaced(order.pk, order.service_id, order.begins_at.isoformat(), order.orderer, order.channel, waits)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order))
    return order


def _area(service: ServiceView, code: str) -> AreaRef:
    """Return where the orderer lives, which must lie where the service is done."""
    area = territory().by_code(code)
    if area is None:
        raise Invalid(_("请选择所在社区"), {"area": _("请选择所在社区")})
    if service.service.area_id not in area.ids:
        wrong = _("这项服务只面向%(area)s") % {"area": service.area_name}
        raise Invalid(wrong, {"area": wrong})
    return area


def _check_account(actor: Actor, now: datetime) -> None:
    """Raise where the account has too much under way, or has cancelled late too often. The day is locked."""
    rules = order_rules()
    if actor.id is None:
        return
    since = now - timedelta(days=rules.setting("late_cancels_days"))
    if queries.late_cancels(account_id=actor.id, since=since) >= rules.setting("late_cancels_max"):
        raise OrderingPaused(_("近期临时取消较多，暂不能自助点单；请致电社区，由社区为您下单"))
    if queries.count_ongoing(account_id=actor.id) >= rules.setting("ongoing_max"):
        raise SlotFull(_("您已有 %(n)d 个进行中的订单，请等其中一个完成后再点单") % {"n": rules.setting("ongoing_max")})


@transaction.atomic
def cancel_order(*, actor: Actor, order_id: int, reason: str, now: datetime) -> Order:
    """
    Cancel an order that nobody has done yet; its place goes to the first of the wait list.

    A cancellation within the hours of the setting counts as late, unless nobody had accepted.
    Raises OrderNotFound, NotAllowed, WrongOrderState, Invalid (no reason).
    """
    quota = queries.lock_quota(queries.quota_id_of(order_id))
    order = queries.lock_order(order_id)
    policies.check_speaks_for_orderer(actor, order)
    target = check_move(order.status, Deed.CANCEL)
    reason = clean(reason, "reason", missing=_("请说明取消原因"))
    free_until = order.begins_at - timedelta(hours=order_rules().setting("cancel_free_hours"))
    late = order.status == Status.ACCEPTED and now > free_until
    held = order.status not in WITHOUT_PLACE
    accepted, asked = helper_of(order), close_offers(order, now)
    leave_helper(order, now)
    order.status, order.reason, order.is_late, order.ended_at = target, reason, late, now
    order.save(update_fields=["status", "reason", "is_late", "ended_at", "volunteer", "helper", "assured_at"])
    fact = OrderCancelled(order.pk, reason, late)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order, accepted, *asked))
    if held:
        take(quota, order.slot_id, -1)
        promote(actor, quota, now)
    return order
