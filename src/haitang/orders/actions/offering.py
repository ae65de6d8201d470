"""Orders handed out: offered to one or several helpers, taken back, offered again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.orders import policies, queries
from haitang.orders.actions.places import audience_of
from haitang.orders.actions.releasing import close_offers
from haitang.orders.facts import OffersWithdrawn, OrderOffered, OrderReturned
from haitang.orders.lifecycle import Deed, OfferStatus, Status, check_move
from haitang.orders.models import Offer, Order
from haitang.orders.queries import order_rules
from haitang.orders.values import HelperRef, NotAFit, TooEarly


@transaction.atomic
def offer(*, actor: Actor, order_id: int, helpers: Sequence[HelperRef], now: datetime) -> list[Offer]:
    """
    Offer an order to helpers; the first to accept has it. Whoever has it offered already is not asked twice.

    helpers: each a volunteer or an organization that fits (see `queries.list_possible`), with the reasons to show.
    An offer runs out after the hours of the setting, and before the service begins.
    Raises OrderNotFound, NotAllowed (who hands out is said by the type), WrongOrderState, NotAFit, TooEarly
    (it begins too soon), Invalid (nobody named, or more at once than the setting allows).
    """
    order = queries.lock_order(order_id)
    kind = order_rules().by_id[order.service.type_id]
    policies.check_can_hand_out(actor, order, kind.dispatcher)
    target = check_move(order.status, Deed.OFFER)
    helpers = list(dict.fromkeys(helpers))
    if not helpers:
        raise Invalid(_("请选择派给谁"), {"helpers": _("请选择派给谁")})
    standing = list(Offer.objects.filter(order=order, status=OfferStatus.OPEN))
    has = {(row.volunteer_id, row.organization_id) for row in standing}
    new = [each for each in helpers if (each.volunteer_id, each.organization_id) not in has]
    most = order_rules().setting("offers_at_once")
    if len(standing) + len(new) > most:
        wrong = _("一个订单最多同时派给 %(n)d 方") % {"n": most}
        raise Invalid(wrong, {"helpers": wrong})
    _check_fit(order, new, now)
    expires_at = _expires_at(order, now)
    rows = Offer.objects.bulk_create(
        Offer(
            order=order, volunteer_id=each.volunteer_id, organization_id=each.organization_id, offered_at=now,
            expires_at=expires_at, why=list(each.why),
        )
        for each in new
    )  # fmt: skip
    if order.status != target:
        order.status = target
        order.save(update_fields=["status"])
    facts = [
        OrderOffered(order.pk, row.pk, row.volunteer_id, row.organization_id, expires_at.isoformat(), list(row.why))
        for row in rows
    ]
    if facts:
        history.record_many(actor=actor, facts=facts, at=now, audience=audience_of(order, *rows))
    return rows


def _check_fit(order: Order, helpers: Sequence[HelperRef], now: datetime) -> None:
    """Raise NotAFit where one of the helpers cannot take the order."""
    if any((each.volunteer_id is None) == (each.organization_id is None) for each in helpers):
        raise NotAFit(_("派给个人或者单位，二者选一"))
    people = {each.volunteer_id for each in helpers if each.volunteer_id is not None}
    offices = {each.organization_id for each in helpers if each.organization_id is not None}
    if people and not people <= {each.id for each in queries.candidates_for(order, people)}:
        raise NotAFit(_("所选的人不符合这项服务的要求，或者该时段已有安排"))
    if offices and not offices <= {each.id for each in queries.offices_for(order, local_date(now))}:
        raise NotAFit(_("所选的单位不能承接这项服务"))


def _expires_at(order: Order, now: datetime) -> datetime:
    rules = order_rules()
    last = order.begins_at - timedelta(minutes=rules.setting("offer_before_minutes"))
    expires_at = min(now + timedelta(hours=rules.setting("offer_hours")), last)
    if expires_at <= now:
        raise TooEarly(_("离服务开始太近，来不及派单；请联系点单人另约时间"))
    return expires_at


@transaction.atomic
def withdraw_offers(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """
    Take back the offers that nobody has answered, to hand the order out anew.

    Raises OrderNotFound, NotAllowed, WrongOrderState.
    """
    order = queries.lock_order(order_id)
    policies.check_can_hand_out(actor, order, order_rules().by_id[order.service.type_id].dispatcher)
    order.status = check_move(order.status, Deed.RETURN)
    withdrawn = close_offers(order, now)
    order.save(update_fields=["status"])
    fact = OffersWithdrawn(order.pk, len(withdrawn))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(order, *withdrawn))
    return order


def return_if_unasked(actor: Actor, order: Order, now: datetime) -> None:
    """Let the order wait to be handed out again once none of its offers is open. The order is locked."""
    if order.status != Status.OFFERED or Offer.objects.filter(order=order, status=OfferStatus.OPEN).exists():
        return
    order.status = check_move(order.status, Deed.RETURN)
    order.save(update_fields=["status"])
    history.record(actor=actor, fact=OrderReturned(order.pk), at=now, audience=audience_of(order))
