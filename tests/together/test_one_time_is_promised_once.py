"""A person's time, whatever it is promised to: an order, a shift of a service day, a call-up. Apps that are strangers
to one another ask the same calendar under the same lock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from haitang.callups import actions as callups
from haitang.callups.tests.cast import told
from haitang.core.errors import Refusal
from haitang.orders import actions as orders
from haitang.orders.lifecycle import Status
from haitang.orders.models import Engagement, Offer, Order
from haitang.orders.tests.cast import BEGINS, Helper, build_branch, member, offered, open_service, order
from haitang.orders.values import TimeTaken
from haitang.servicedays import actions as servicedays
from haitang.servicedays.models import Shift, SignUp
from haitang.servicedays.tests.cast import CLEANING, plan, shift_of, sign_up
from haitang.servicedays.values import TimePromised
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import Town, build_town
from haitang.volunteers.queries import list_calendar

HOUR = timedelta(hours=1)


def shift(town: Town, places: int = 9) -> Shift:
    """Return a shift of the morning in which the orders begin, from nine to eleven."""
    return shift_of(plan(town, replace(CLEANING, places=places), on=BEGINS.date()))


def ask(town: Town, helper: Helper, at=BEGINS) -> Offer:
    """Offer an order of that hour to the helper."""
    service = open_service(capacity_slot=20, capacity_day=60)
    (row,) = offered(town, order(town.secretary, service, at, channel="phone"), helper)
    return row


def accept(helper: Helper, row: Offer) -> Order:
    """Let the helper accept."""
    return orders.accept_offer(actor=helper.actor, offer_id=row.pk, now=NOW)


@pytest.mark.django_db
def test_who_has_a_shift_or_comes_to_a_call_accepts_no_order_of_that_time(town):
    wu = member(town, branch=build_branch(town), wants_calls=True)
    row, beside = ask(town, wu, BEGINS + HOUR), ask(town, wu, BEGINS + 2 * HOUR)
    signed = sign_up(wu.actor, shift(town))
    with pytest.raises(TimeTaken, match="楼道清洁"):
        accept(wu, row)
    row.refresh_from_db()
    assert (row.status, row.order.status) == ("open", Status.OFFERED)
    assert not Engagement.objects.exists()
    assert accept(wu, beside).status == Status.ACCEPTED  # from eleven on, when the shift is over
    servicedays.leave_shift(actor=wu.actor, shift_id=signed.shift_id, reason="改期", now=NOW)
    call = callups.start_callup(
        actor=town.secretary, now=NOW, new=told(begins_at=BEGINS + HOUR, ends_at=BEGINS + 2 * HOUR, answer_by=BEGINS)
    )
    callups.answer_call(actor=wu.actor, callup_id=call.pk, answer="coming", reason="", now=NOW)
    with pytest.raises(TimeTaken, match="寻找走失老人"):
        accept(wu, row)
    callups.answer_call(actor=wu.actor, callup_id=call.pk, answer="cannot", reason="有事", now=NOW)
    assert accept(wu, row).status == Status.ACCEPTED


@pytest.mark.django_db
def test_a_day_called_off_leaves_the_time_free_and_an_order_takes_it(town):
    wu = member(town, branch=build_branch(town))
    row, other = ask(town, wu), shift(town)
    sign_up(wu.actor, other)
    servicedays.cancel_day(actor=town.secretary, day_id=other.day_id, reason="下雨", now=NOW)
    assert accept(wu, row).status == Status.ACCEPTED
    again = shift_of(plan(town, CLEANING, on=BEGINS.date(), theme="另一服务日"))
    with pytest.raises(TimePromised):
        sign_up(wu.actor, again)


@pytest.mark.django_db(transaction=True)
def test_accepting_and_signing_up_at_the_same_moment_promise_each_persons_time_once():
    town = build_town()
    branch = build_branch(town)
    helpers = [member(town, f"党员{n}", branch=branch) for n in range(20)]
    where = shift(town, places=len(helpers))
    rows = [ask(town, who) for who in helpers]
    deeds = []
    for who, row in zip(helpers, rows, strict=True):
        pair = [lambda who=who, row=row: accept(who, row), lambda who=who: sign_up(who.actor, where)]
        deeds += pair if who.volunteer.pk % 2 else pair[::-1]
    outcomes = at_once(*deeds)
    refusals = [each for each in outcomes if each is not None]
    assert all(isinstance(each, (TimeTaken, TimePromised)) for each in refusals), refusals
    assert len(refusals) == len(helpers)
    for who in helpers:
        assert len(list_calendar(who.volunteer.pk, BEGINS, BEGINS + HOUR)) == 1
    assert Engagement.objects.count() + SignUp.objects.count() == len(helpers)
    assert Order.objects.filter(status=Status.ACCEPTED).count() == Engagement.objects.count()


@pytest.mark.django_db(transaction=True)
def test_places_given_back_and_orders_accepted_at_once_do_not_wait_for_each_other():
    """A shift locks whoever waits for it, an order locks its helper: both after their own rows, so none is a knot."""
    town = build_town()
    branch = build_branch(town)
    helpers = [member(town, f"党员{n}", branch=branch) for n in range(12)]
    where = shift(town, places=4)
    rows = [ask(town, who) for who in helpers]
    for who in helpers:
        sign_up(who.actor, where)
    leaving = [
        lambda who=who: servicedays.leave_shift(actor=who.actor, shift_id=where.pk, reason="忙", now=NOW)
        for who in helpers[:4]
    ]
    outcomes = at_once(
        *leaving, *(lambda who=who, row=row: accept(who, row) for who, row in zip(helpers, rows, strict=True))
    )
    assert all(each is None or isinstance(each, Refusal) for each in outcomes)
    for who in helpers:
        assert len(list_calendar(who.volunteer.pk, BEGINS, BEGINS + HOUR)) <= 1
