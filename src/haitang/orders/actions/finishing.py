"""How an order ends: done, confirmed by both, reviewed; or one side was not there."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.scoping import path_of
from haitang.orders import policies, queries
from haitang.orders.actions.places import audience_of, helper_of
from haitang.orders.actions.placing import clean
from haitang.orders.facts import (
    OrderConfirmed,
    OrderContested,
    OrdererContactSeen,
    OrderFinished,
    OrderMissed,
    OrderReviewed,
)
from haitang.orders.lifecycle import Deed, Status, check_move
from haitang.orders.models import Engagement, Order, Sent
from haitang.orders.values import MINUTES_MAX, STARS_MAX, OfferNotFound, TooEarly
from haitang.volunteers.actions import record_services
from haitang.volunteers.values import Service


def _is_helper(actor: Actor, order: Order) -> bool:
    try:
        queries.check_is_my_task(actor, order)
    except OfferNotFound:
        return False
    return True


def _for_helper(actor: Actor, order_id: int) -> Order:
    """Return the order, locked, for whoever has accepted it, or for staff who hand out there and say it for them."""
    order = queries.lock_order(order_id)
    if not _is_helper(actor, order):
        kind = queries.order_rules().by_id[order.service.type_id]
        policies.check_can_hand_out(actor, order, kind.dispatcher)
    return order


@transaction.atomic
def finish_order(
    *, actor: Actor, order_id: int, minutes: int, words: str, now: datetime, people: Collection[int] = ()
) -> Order:
    """
    Say that the service was done: the helper's confirmation, or by staff who heard it from them.

    minutes: how long it took, 1 to 720. people: whom an organization sent, of its own volunteers; nobody need be named,
    whoever is gets the hours. Raises OrderNotFound, NotAllowed, WrongOrderState, TooEarly (it has not begun), Invalid.
    """
    order = _for_helper(actor, order_id)
    target = check_move(order.status, Deed.FINISH)
    if now < order.begins_at:
        raise TooEarly(_("服务还没有开始，不能报告完成"))
    if not 1 <= minutes <= MINUTES_MAX:
        wrong = _("时长应为 1 至 %(n)d 分钟") % {"n": MINUTES_MAX}
        raise Invalid(wrong, {"minutes": wrong})
    order.finish_words = clean(words, "words")
    _name_sent(order, set(people), now)
    order.status, order.finished_at, order.minutes = target, now, minutes
    order.save(update_fields=["status", "finished_at", "minutes", "finish_words"])
    fact = OrderFinished(order.pk, minutes, order.finish_words, len(people))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order))
    return order


def _name_sent(order: Order, people: set[int], now: datetime) -> None:
    """Keep whom the organization sent, in place of what was said before. Raises Invalid for who is none of theirs."""
    if people - {each for each, _name in queries.people_to_send(order, now)}:
        wrong = _("只能选本单位登记的志愿者")
        raise Invalid(wrong, {"people": wrong})
    Sent.objects.filter(order=order).exclude(volunteer_id__in=people).delete()
    Sent.objects.bulk_create([Sent(order=order, volunteer_id=each) for each in sorted(people)], ignore_conflicts=True)


@transaction.atomic
def confirm_order(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """
    Confirm for the orderer that it was done; the hours are the helper's from now on.

    Raises OrderNotFound, NotAllowed, WrongOrderState.
    """
    order = queries.lock_order(order_id)
    policies.check_speaks_for_orderer(actor, order)
    return confirm(actor, order, now, by_clock=False)


def confirm(actor: Actor, order: Order, now: datetime, *, by_clock: bool) -> Order:
    """Confirm an order that is locked; see `confirm_order`. by_clock: since nobody has objected."""
    order.status = check_move(order.status, Deed.CONFIRM)
    order.confirmed_at, order.ended_at, order.is_silent = now, now, by_clock
    order.save(update_fields=["status", "confirmed_at", "ended_at", "is_silent"])
    ended_at = min(order.begins_at + timedelta(minutes=order.minutes or 1), now)
    served = [order.volunteer_id] if order.volunteer_id is not None else queries.list_sent(order.pk)
    services = [Service("orders", str(order.pk), each, order.service.name, order.begins_at, ended_at)
                for each in served]  # fmt: skip
    if services:
        record_services(actor=actor, services=services, now=now)
    fact = OrderConfirmed(order.pk, by_clock)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order, helper_of(order)))
    return order


@transaction.atomic
def contest_order(*, actor: Actor, order_id: int, reason: str, now: datetime) -> Order:
    """
    Say for the orderer that it was not done; it stands with the helper and the office again.

    Raises OrderNotFound, NotAllowed, WrongOrderState, Invalid (no reason).
    """
    order = queries.lock_order(order_id)
    policies.check_speaks_for_orderer(actor, order)
    order.status = check_move(order.status, Deed.CONTEST)
    reason = clean(reason, "reason", missing=_("请说明情况"))
    order.finished_at, order.minutes, order.finish_words = None, None, ""
    order.save(update_fields=["status", "finished_at", "minutes", "finish_words"])
    audience = audience_of(order, helper_of(order))
    history.record(actor=actor, fact=OrderContested(order.pk, reason), at=now, audience=audience)
    return order


@transaction.atomic
def review_order(*, actor: Actor, order_id: int, stars: int, words: str, now: datetime) -> Order:
    """
    Review the service for the orderer, one to five stars and a few words; figures are of services, never of helpers.

    Raises OrderNotFound, NotAllowed, WrongOrderState, Invalid.
    """
    order = queries.lock_order(order_id)
    policies.check_speaks_for_orderer(actor, order)
    order.status = check_move(order.status, Deed.REVIEW)
    if not 1 <= stars <= STARS_MAX:
        raise Invalid(_("请选择一至五星"), {"stars": _("请选择一至五星")})
    order.review_words = clean(words, "words")
    order.stars, order.reviewed_at = stars, now
    order.save(update_fields=["status", "stars", "review_words", "reviewed_at"])
    history.record(actor=actor, fact=OrderReviewed(order.pk, stars), at=now, audience=audience_of(order))
    return order


@transaction.atomic
def report_missed(*, actor: Actor, order_id: int, side: str, reason: str, now: datetime) -> Order:
    """
    Take down that one side was not there, so that the service could not be done.

    side: "orderer" is said by the helper, "helper" by the orderer; staff who hand out say either.
    Raises OrderNotFound, NotAllowed, WrongOrderState, TooEarly, Invalid.
    """
    order = queries.lock_order(order_id)
    if side == "helper" and not _is_staff(actor, order):
        policies.check_speaks_for_orderer(actor, order)
    elif side == "orderer" and not _is_staff(actor, order):
        queries.check_is_my_task(actor, order)
    elif side not in ("helper", "orderer"):
        raise Invalid(_("请选择哪一方未到"), {"side": _("请选择哪一方未到")})
    target = check_move(order.status, Deed.MISS)
    if now < order.begins_at:
        raise TooEarly(_("服务时间还没有到"))
    order.reason = clean(reason, "reason", missing=_("请说明情况"))
    order.status, order.missed_side, order.ended_at = target, side, now
    order.save(update_fields=["status", "missed_side", "reason", "ended_at"])
    Engagement.objects.filter(order=order).delete()
    fact = OrderMissed(order.pk, side, order.reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order))
    return order


def _is_staff(actor: Actor, order: Order) -> bool:
    kind = queries.order_rules().by_id[order.service.type_id]
    return access.allows(policies.check_can_hand_out, actor, order, kind.dispatcher)


@transaction.atomic
def see_contact(*, actor: Actor, order_id: int, now: datetime) -> tuple[str, str, str]:
    """
    Return name, telephone and address of who ordered to the helper who has accepted, and record that they looked.

    Only until the service is confirmed. Raises OfferNotFound.
    """
    order = queries.lock_order(order_id)
    queries.check_is_my_task(actor, order)
    if order.status not in (Status.ACCEPTED, Status.DONE):
        raise OfferNotFound(_("订单已结束，不再显示联系方式"))
    fact, area = OrdererContactSeen(order.pk, ""), history.Audience(path_of(order.area_ids))
    history.record(actor=actor, fact=fact, at=now, audience=area)
    return order.name, order.phone, order.address


@transaction.atomic
def unmask_orderer(*, actor: Actor, order_id: int, reason: str, now: datetime) -> tuple[str, str, str]:
    """
    Return name, telephone and address of who ordered to staff, and record who looked and why.

    Raises OrderNotFound, NotAllowed (no UNMASK), Invalid (no reason).
    """
    order = queries.get_order(viewer=actor, order_id=order_id)
    policies.check_may_unmask(actor, order)
    reason = clean(reason, "reason", missing=_("请填写查看理由"))
    fact, area = OrdererContactSeen(order.pk, reason), history.Audience(path_of(order.area_ids))
    history.record(actor=actor, fact=fact, at=now, audience=area)
    return order.name, order.phone, order.address
