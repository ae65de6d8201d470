"""What happens because of orders, and the clock's own work. Every job may run twice and does its work once."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.history import reacts_to
from haitang.core.scoping import path_of
from haitang.orders import actions, queries
from haitang.orders.facts import (
    DispatchFollowed,
    OrderAccepted,
    OrderCancelled,
    OrderConfirmed,
    OrderContested,
    OrderFinished,
    OrderGivenBack,
    OrderMissed,
    OrderOffered,
    OrderPlaced,
    OrderPromoted,
    OrderReleased,
    OrderReminded,
    OrderReturned,
    OrderUnmet,
)
from haitang.orders.values import HANDS_OUT, Dispatcher, Permission
from haitang.people.actions import send_notices
from haitang.people.queries import get_actor, list_accounts_holding
from haitang.territory.facts import AreaEnded, AreaReplaced
from haitang.volunteers.facts import VolunteerWithdrew

CLOCK = system("点单服务", Grant(Permission.VIEW, area_path=EVERYWHERE))
DISPATCHER = system(
    "自动派单",
    *(Grant(each, area_path=EVERYWHERE) for each in (Permission.VIEW, Permission.DISPATCH, Permission.HUB)),
)
NEWS = {
    "placed": gettext_noop("有新订单待派：{service}（{number}）"),
    "returned": gettext_noop("订单无人接单，请重新派单：{service}（{number}）"),
    "promoted": gettext_noop("候补成功，已为您排上：{service}（{at}）"),
    "offered": gettext_noop("有一单请您答复：{service}（{at}）"),
    "accepted": gettext_noop("已有人接单：{service}（{at}）"),
    "cancelled": gettext_noop("订单已取消：{service}（{at}）"),
    "finished": gettext_noop("服务已完成，请您确认：{service}"),
    "confirmed": gettext_noop("服务已确认，时长已计入您的记录：{service}"),
    "contested": gettext_noop("点单人反映服务没有完成：{service}（{number}）"),
    "missed": gettext_noop("服务未能成行：{service}（{number}）"),
    "released": gettext_noop("您未确认能到，订单已另派：{service}（{at}）"),
    "reminded": gettext_noop("服务提醒：{service}（{at}）"),
    "assure": gettext_noop("请确认您能到：{service}（{at}）"),
    "unmet": gettext_noop("很抱歉，您点的服务这次没能安排上：{service}（{at}）"),
}


def _tell(news: str, order: Any, accounts: Iterable[int | None], entry_id: int, url: str) -> None:
    """Tell these accounts, each once for the same entry and news."""
    at = order.begins_at.astimezone(clock.LOCAL)
    send_notices(
        actor=CLOCK, account_ids={each for each in accounts if each}, key=f"entry:{entry_id}:{news}", text=NEWS[news],
        parts={"service": order.service.name, "number": order.number, "at": f"{at:%m-%d %H:%M}"}, url=url,
        subject_type="order", subject_id=order.pk, now=clock.now(),
    )  # fmt: skip


def _office(order: Any) -> list[int]:
    """Return the accounts that hand the order out."""
    dispatcher = queries.order_rules().by_id[order.service.type_id].dispatcher
    permission = HANDS_OUT.get(Dispatcher(dispatcher), Permission.DISPATCH)
    return list(list_accounts_holding(permission, area_path=path_of(order.area_ids)))


def _helpers(volunteer: Any, organization_id: int | None) -> list[int | None]:
    """Return the accounts of a helper: the person's own, or those who answer for the organization."""
    if organization_id is not None:
        return list(list_accounts_holding(Permission.ANSWER, organization_id=organization_id))
    return [volunteer.account_id] if volunteer is not None else []


def _page(order: Any) -> str:
    return reverse("orders:order", args=[order.pk])


def _mine(order: Any) -> str:
    return reverse("orders:my_order", args=[order.pk])


def _task(order: Any) -> str:
    return reverse("orders:task", args=[order.pk])


@reacts_to(OrderPlaced, OrderPromoted)
@app.task(queue="notices", name="orders.tell_placed")
def tell_placed(*, order_id: int, entry_id: int, waits: bool = False, **more: object) -> None:
    """Tell those who hand out of a new order, and of the wait list its orderer that there is a place now."""
    order = queries.get_order_for_job(order_id)
    if order is None or waits:
        return
    if "begins_at" not in more:  # promoted
        _tell("promoted", order, [order.account_id], entry_id, _mine(order))
    if queries.order_rules().by_id[order.service.type_id].dispatcher != Dispatcher.OPEN:
        _tell("placed", order, _office(order), entry_id, _page(order))


@reacts_to(OrderOffered)
@app.task(queue="notices", name="orders.tell_offered")
def tell_offered(*, offer_id: int, entry_id: int, **_: object) -> None:
    """Tell the helper that an offer waits for their answer."""
    row = queries.get_offer_for_job(offer_id)
    if row is not None:
        accounts = _helpers(row.volunteer, row.organization_id)
        _tell("offered", row.order, accounts, entry_id, reverse("orders:offers"))


@reacts_to(OrderAccepted)
@app.task(queue="notices", name="orders.tell_accepted")
def tell_accepted(*, order_id: int, entry_id: int, **_: object) -> None:
    """Tell the orderer that somebody comes."""
    order = queries.get_order_for_job(order_id)
    if order is not None:
        _tell("accepted", order, [order.account_id], entry_id, _mine(order))


@reacts_to(OrderReturned, OrderGivenBack)
@app.task(queue="notices", name="orders.tell_returned")
def tell_returned(*, order_id: int, entry_id: int, **_: object) -> None:
    """Tell those who hand out that the order needs another helper."""
    order = queries.get_order_for_job(order_id)
    if order is not None:
        _tell("returned", order, _office(order), entry_id, _page(order))


@reacts_to(OrderReleased)
@app.task(queue="notices", name="orders.tell_released")
def tell_released(*, order_id: int, offer_id: int, entry_id: int, **_: object) -> None:
    """Tell those who hand out, and the helper who had not confirmed."""
    order, row = queries.get_order_for_job(order_id), queries.get_offer_for_job(offer_id)
    if order is None:
        return
    _tell("returned", order, _office(order), entry_id, _page(order))
    if row is not None:
        _tell("released", order, _helpers(row.volunteer, row.organization_id), entry_id, reverse("orders:offers"))


@reacts_to(OrderFinished, OrderUnmet)
@app.task(queue="notices", name="orders.tell_orderer")
def tell_orderer(*, order_id: int, entry_id: int, **more: object) -> None:
    """Ask the orderer to confirm, or tell them that nobody was found."""
    order = queries.get_order_for_job(order_id)
    if order is not None:
        _tell("finished" if "minutes" in more else "unmet", order, [order.account_id], entry_id, _mine(order))


@reacts_to(OrderCancelled)
@app.task(queue="notices", name="orders.tell_cancelled")
def tell_cancelled(*, order_id: int, entry_id: int, **_: object) -> None:
    """Tell whoever had accepted, or had it offered, that the order is no longer."""
    order = queries.get_order_for_job(order_id)
    if order is not None:
        accounts = [each for row in queries.list_last_offers(order_id) for each in
                    _helpers(row.volunteer, row.organization_id)]  # fmt: skip
        _tell("cancelled", order, accounts, entry_id, reverse("orders:offers"))


@reacts_to(OrderConfirmed, OrderContested)
@app.task(queue="notices", name="orders.tell_helper")
def tell_helper(*, order_id: int, entry_id: int, **more: object) -> None:
    """Tell the helper that it was confirmed, or the helper and the office that it was not done."""
    order = queries.get_order_for_job(order_id)
    if order is None:
        return
    helpers = _helpers(order.volunteer, order.helper_id)
    if "by_clock" in more:
        _tell("confirmed", order, helpers if order.volunteer_id else [], entry_id, _task(order))
    else:
        _tell("contested", order, helpers, entry_id, _task(order))
        _tell("contested", order, set(_office(order)) - set(helpers), entry_id, _page(order))


@reacts_to(OrderMissed)
@app.task(queue="notices", name="orders.tell_missed")
def tell_missed(*, order_id: int, entry_id: int, **_: object) -> None:
    """Tell those who hand out that one side was not there."""
    order = queries.get_order_for_job(order_id)
    if order is not None:
        _tell("missed", order, _office(order), entry_id, _page(order))


@reacts_to(OrderReminded)
@app.task(queue="notices", name="orders.tell_reminded")
def tell_reminded(*, order_id: int, entry_id: int, **_: object) -> None:
    """Remind both sides; a helper who has not confirmed yet is asked to."""
    order = queries.get_order_for_job(order_id)
    if order is None:
        return
    _tell("reminded", order, [order.account_id], entry_id, _mine(order))
    word = "assure" if order.assured_at is None else "reminded"
    helpers = set(_helpers(order.volunteer, order.helper_id)) - {order.account_id}
    _tell(word, order, helpers, entry_id, _task(order))


@reacts_to(DispatchFollowed)
@app.task(queue="default", name="orders.follow_plan")
def follow_plan(*, dispatch_id: int, account_id: int, in_place_of: int | None = None, **_: object) -> None:
    """Offer every order of a plan, in the name of who confirmed it."""
    actor = get_actor(account_id, standing_in_for=in_place_of)
    actions.follow_plan(actor=actor, dispatch_id=dispatch_id, now=clock.now())


@reacts_to(VolunteerWithdrew)
@app.task(queue="default", name="orders.forget_volunteer")
def forget_volunteer(*, volunteer_id: int, **_: object) -> None:
    """Hand out again what somebody had promised who has left the register."""
    actions.forget_volunteer(actor=CLOCK, volunteer_id=volunteer_id, now=clock.now())


@reacts_to(AreaReplaced)
@app.task(queue="default", name="orders.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_orders(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="orders.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_orders(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="clock", name="orders.watch_orders", queueing_lock="orders.watch_orders", pass_context=False)
def watch_orders(timestamp: int) -> None:
    """Once a minute: offers run out, who has not confirmed is released, orders whose hour has come end."""
    now = clock.now()
    for deed in (actions.expire_offers, actions.release_unconfirmed, actions.lapse_orders):
        while deed(actor=CLOCK, now=now):
            pass


@app.periodic(cron="*/10 * * * *")
@app.task(queue="clock", name="orders.dispatch", queueing_lock="orders.dispatch", pass_context=False)
def dispatch(timestamp: int) -> None:
    """Every ten minutes: hand out the orders of the types for which that is automatic."""
    actions.dispatch_automatically(actor=DISPATCHER, now=clock.now())


@app.periodic(cron="0 * * * *")
@app.task(queue="clock", name="orders.remind", queueing_lock="orders.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Hourly: from 08:00 to 20:00 in Shanghai remind both sides, on the days of the setting; confirm what is old."""
    now = clock.now()
    if 8 <= now.astimezone(clock.LOCAL).hour <= 20:
        while actions.remind_parties(actor=CLOCK, now=now):
            pass
    while actions.confirm_silent(actor=CLOCK, now=now):
        pass
