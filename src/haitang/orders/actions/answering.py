"""What a helper does: accepts, declines, picks, confirms to come, gives back."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.prepared import Prepared
from haitang.orders import policies, queries
from haitang.orders.actions.offering import return_if_unasked
from haitang.orders.actions.places import audience_of
from haitang.orders.actions.placing import clean
from haitang.orders.actions.releasing import leave_helper
from haitang.orders.facts import OfferDeclined, OrderAccepted, OrderAssured, OrderGivenBack
from haitang.orders.lifecycle import Deed, OfferStatus, Status, check_move
from haitang.orders.models import Offer, Order
from haitang.orders.queries import order_rules
from haitang.orders.values import Dispatcher, HelperRef, NotAFit, OfferClosed, OfferNotFound, OrderTaken, TimeTaken

_ACCEPTED = f"""
WITH promised AS (
    INSERT INTO orders_engagement (volunteer_id, begins_at, ends_at, order_id)
    SELECT %(volunteer)s::bigint, %(begins)s, %(ends)s, %(order)s WHERE %(volunteer)s::bigint IS NOT NULL
), moved AS (
    UPDATE orders_order SET status = '{Status.ACCEPTED.value}', volunteer_id = %(volunteer)s, helper_id = %(helper)s,
        accepted_at = %(at)s, assured_at = %(assured)s
    WHERE id = %(order)s
)
UPDATE orders_offer
SET status = CASE WHEN id = %(offer)s THEN '{OfferStatus.ACCEPTED.value}' ELSE '{OfferStatus.WITHDRAWN.value}' END,
    answered_at = %(at)s
WHERE order_id = %(order)s AND status = '{OfferStatus.OPEN.value}'
RETURNING id, volunteer_id, organization_id
"""  # noqa: S608 - joins constants of this code, no input
_ACCEPT = Prepared("orders_accept", _ACCEPTED)


@transaction.atomic
def accept_offer(*, actor: Actor, offer_id: int, now: datetime) -> Order:
    """
    Accept an offer: as oneself, for one's organization, or as staff who hand out there and were told by telephone.

    Every other offer of the order is withdrawn.

    Raises OfferNotFound, OfferClosed (answered, withdrawn, run out or somebody was faster), TimeTaken (another promise
    at that time, whatever it is: an order, a shift of a service day, a call-up).
    """
    row = queries.lock_offer(offer_id)
    _check_speaks(actor, row.order, lambda: queries.check_is_mine(actor, row))
    _check_open(row, now)
    _accept(actor, row.order, row, now, picked=False)
    return row.order


def _check_speaks(actor: Actor, order: Order, is_mine: Callable[[], None]) -> None:
    """Let through the helper, and staff who hand the order out and were told by telephone."""
    try:
        is_mine()
    except OfferNotFound:
        kind = order_rules().by_id[order.service.type_id]
        if not access.allows(policies.check_can_hand_out, actor, order, kind.dispatcher):
            raise


def _check_open(row: Offer, now: datetime) -> None:
    if row.status == OfferStatus.WITHDRAWN and row.order.status not in (Status.ORDERED, Status.OFFERED):
        raise OfferClosed(_("这个订单已由他人接单或已取消，谢谢您"))
    if row.status != OfferStatus.OPEN:
        raise OfferClosed(_("这份派单已是“%(status)s”，不能再答复") % {"status": row.get_status_display()})
    if row.expires_at <= now:
        raise OfferClosed(_("这份派单已过答复期限"))


def _accept(actor: Actor, order: Order, row: Offer, now: datetime, *, picked: bool) -> None:
    order.status = check_move(order.status, Deed.ACCEPT)
    if row.volunteer_id is not None:
        busy = queries.promised_then(row.volunteer_id, order)
        if busy is not None:
            raise TimeTaken(_("这个时段已经答应了“%(what)s”，不能同时接单") % {"what": busy.title})
    order.volunteer_id, order.helper_id, order.accepted_at = row.volunteer_id, row.organization_id, now
    window = timedelta(hours=order_rules().setting("assure_window_hours"))
    order.assured_at = now if order.begins_at - now <= window else None
    row.status, row.answered_at = OfferStatus.ACCEPTED, now
    others = _write(order, row)
    fact = OrderAccepted(order.pk, row.pk, row.volunteer_id, row.organization_id, picked)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order, *others))


def _write(order: Order, row: Offer) -> list[HelperRef]:
    """Write a yes down, as one statement; return to whom else the order was offered."""
    taken = TimeTaken(_("这个时段您已有别的安排"))
    with refusing({"orders_engagement_no_overlap": taken}, savepoint=False), connection.cursor() as cursor:
        _ACCEPT.execute(cursor, {
            "order": order.pk, "offer": row.pk, "volunteer": order.volunteer_id, "helper": order.helper_id,
            "at": order.accepted_at, "assured": order.assured_at, "begins": order.begins_at, "ends": order.ends_at,
        })  # fmt: skip
        closed = sorted(cursor.fetchall())
    return [HelperRef(volunteer_id, office_id) for pk, volunteer_id, office_id in closed if pk != row.pk]


@transaction.atomic
def pick_order(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """
    Take an order that nobody hands out (the type's dispatcher is `open`); the first to press has it.

    Raises OfferNotFound (the actor is no volunteer), NotAFit, OrderTaken, TimeTaken.
    """
    volunteer_id = queries.volunteer_id_of(actor)
    if volunteer_id is None:
        raise OfferNotFound(_("请先登记为志愿者"))
    order = queries.lock_order(order_id)
    kind = order_rules().by_id[order.service.type_id]
    if kind.dispatcher != Dispatcher.OPEN or not queries.may_pick(volunteer_id, order):
        raise NotAFit(_("这个订单不能由您直接认领"))
    if order.status not in (Status.ORDERED, Status.OFFERED) or order.begins_at <= now:
        raise OrderTaken(_("这个订单已被他人认领，谢谢您"))
    row = Offer.objects.filter(order=order, volunteer_id=volunteer_id, status=OfferStatus.OPEN).first()
    if row is None:
        row = Offer.objects.create(order=order, volunteer_id=volunteer_id, offered_at=now, expires_at=order.begins_at)
    _accept(actor, order, row, now, picked=True)
    return order


@transaction.atomic
def decline_offer(*, actor: Actor, offer_id: int, reason: str, now: datetime) -> Offer:
    """
    Decline an offer with the reason; once nobody else has it offered, the order waits to be handed out again.

    Raises OfferNotFound, OfferClosed, Invalid (no reason).
    """
    row = queries.lock_offer(offer_id)
    _check_speaks(actor, row.order, lambda: queries.check_is_mine(actor, row))
    _check_open(row, now)
    row.reason = clean(reason, "reason", missing=_("请说明原因，方便另派他人"))
    row.status, row.answered_at = OfferStatus.DECLINED, now
    row.save(update_fields=["status", "answered_at", "reason"])
    fact = OfferDeclined(row.order_id, row.pk, row.reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row.order))
    return_if_unasked(actor, row.order, now)
    return row


@transaction.atomic
def assure_order(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """
    Confirm to come. Confirmed before, nothing changes.

    Raises OfferNotFound (not theirs), OfferClosed (it is no longer to come).
    """
    order = _task(actor, order_id)
    if order.status != Status.ACCEPTED:
        raise OfferClosed(_("这个订单已不是待服务状态"))
    if order.assured_at is None:
        order.assured_at = now
        order.save(update_fields=["assured_at"])
        history.record(actor=actor, fact=OrderAssured(order.pk), at=now, audience=audience_of(order))
    return order


@transaction.atomic
def give_back_order(*, actor: Actor, order_id: int, reason: str, now: datetime) -> Order:
    """
    Give back what one has accepted, before it begins; it waits to be handed out again.

    Raises OfferNotFound, WrongOrderState, OfferClosed (it has begun), Invalid (no reason).
    """
    order = _task(actor, order_id)
    target = check_move(order.status, Deed.RELEASE)
    if order.begins_at <= now:
        raise OfferClosed(_("服务时间已到，不能退回；如未能成行，请据实登记"))
    reason = clean(reason, "reason", missing=_("请说明原因，方便另派他人"))
    accepted = leave_helper(order, now, OfferStatus.GIVEN_BACK, reason)
    order.status = target
    order.save(update_fields=["status", "volunteer", "helper", "assured_at"])
    fact = OrderGivenBack(order.pk, accepted.pk if accepted else 0, reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order))
    return order


def _task(actor: Actor, order_id: int) -> Order:
    """Return the order, locked, that the actor has accepted, or hands out."""
    order = queries.lock_order(order_id)
    _check_speaks(actor, order, lambda: queries.check_is_my_task(actor, order))
    return order
