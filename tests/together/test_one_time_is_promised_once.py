"""A person's time, whatever it is promised to: an order, a shift of a service day, a call-up. Apps that are strangers
to one another ask the same calendar under the same lock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from haitang.callups import actions as callups
from haitang.callups.queries import find_called
from haitang.callups.tests.cast import told
from haitang.callups.values import TimePromised as CallPromised
from haitang.core.errors import Refusal
from haitang.orders import actions as orders
from haitang.orders import queries as reads
from haitang.orders.lifecycle import Status
from haitang.orders.models import Engagement, Offer, Order
from haitang.orders.tests.cast import BEGINS, Helper, build_branch, member, offered, open_service, order
from haitang.orders.values import TimeTaken
from haitang.servicedays import actions as servicedays
from haitang.servicedays.models import Shift, SignUp
from haitang.servicedays.tests.cast import CLEANING, plan, shift_of, sign_up
from haitang.servicedays.values import TimePromised
from haitang.territory.queries import territory
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import Town, build_town
from haitang.volunteers.queries import list_calendar, promised_between
from haitang.wishes import actions as wishes
from haitang.wishes.tests.cast import claimed, opened

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


def call(town: Town, **more):
    """Call everybody of the community for the two hours in which the orders begin."""
    span = {"begins_at": BEGINS, "ends_at": BEGINS + 2 * HOUR, "answer_by": BEGINS}
    return callups.start_callup(actor=town.secretary, now=NOW, new=told(**span, **more))


def answer(helper: Helper, row, said="coming", reason=""):
    """Let the helper answer."""
    return callups.answer_call(actor=helper.actor, callup_id=row.pk, answer=said, reason=reason, now=NOW)


@pytest.mark.django_db
def test_who_has_an_order_or_a_shift_comes_to_no_call_of_that_time_but_late(town):
    wu, li = (member(town, name, branch=build_branch(town) if name == "吴师傅" else 0, wants_calls=True)
              for name in ("吴师傅", "李师傅"))  # fmt: skip
    row = call(town)
    accept(wu, ask(town, wu))
    with pytest.raises(CallPromised, match="小家电维修"):
        answer(wu, row)
    assert answer(wu, row, "late", "一小时后到").has_place  # the order is over when the second hour begins
    with pytest.raises(CallPromised):
        answer(wu, row)
    signed = sign_up(li.actor, shift(town))
    with pytest.raises(CallPromised, match="楼道清洁"):
        answer(li, row, "late", "晚点到")  # the shift lasts as long as the call-up
    servicedays.leave_shift(actor=li.actor, shift_id=signed.shift_id, reason="去救急", now=NOW)
    assert answer(li, row).has_place


@pytest.mark.django_db
def test_a_place_given_back_passes_over_who_has_promised_something_else_since(town):
    branch = build_branch(town)
    wu, li, han = (member(town, name, branch=branch, wants_calls=True) for name in ("吴师傅", "李师傅", "韩师傅"))
    row = call(town, places=1)
    for each in (wu, li, han):
        answer(each, row)
    accept(li, ask(town, li))
    answer(wu, row, "cannot", "有事")
    turns = {each.volunteer_id: each.turn for each in row.calls.all()}
    assert (turns[li.volunteer.pk], turns[han.volunteer.pk]) == (1, None)


@pytest.mark.django_db
def test_nobody_is_proposed_for_a_time_that_they_have_promised_in_another_app(town):
    branch = build_branch(town)
    wu, li = (member(town, name, branch=branch, wants_calls=True) for name in ("吴师傅", "李师傅"))
    placed = order(town.secretary, open_service(), BEGINS, channel="phone")
    assert {each.id for each in reads.candidates_for(placed)} == {wu.volunteer.pk, li.volunteer.pk}
    sign_up(wu.actor, shift(town))
    assert [each.id for each in reads.candidates_for(placed)] == [li.volunteer.pk]
    plan = reads.draw_plan(viewer=town.secretary, now=NOW, area_path=territory().area(town.areas["spring"]).path)
    assert [each.person for each in plan.found.proposals] == [li.volunteer.pk]
    span = {"begins_at": BEGINS, "ends_at": BEGINS + HOUR, "now": NOW}
    free = find_called(viewer=town.secretary, whom=replace(told().whom, only_free=True), **span)
    assert [each.id for each in free] == [li.volunteer.pk]
    answer(li, call(town))
    assert not reads.candidates_for(placed)


@pytest.mark.django_db
def test_a_wish_to_be_delivered_stands_in_the_calendar_and_keeps_nobody_from_anything(town):
    wu = member(town, branch=build_branch(town))
    claim = claimed(wu.actor, opened(town))
    wishes.confirm_claim(actor=town.secretary, claim_id=claim.pk, now=NOW)
    claim.refresh_from_db()
    (entry,) = list_calendar(wu.volunteer.pk, NOW, claim.due_at + HOUR)
    assert (entry.title, entry.ended_at, entry.is_due) == ("微心愿：想要一个双肩书包", claim.due_at, True)
    begins_at = claim.due_at.replace(minute=0) - HOUR
    assert promised_between([wu.volunteer.pk], begins_at, claim.due_at + HOUR) == {}


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
def test_accepting_an_order_and_coming_to_a_call_at_the_same_moment_promise_each_persons_time_once():
    town = build_town()
    branch = build_branch(town)
    helpers = [member(town, f"党员{n}", branch=branch, wants_calls=True) for n in range(20)]
    row = call(town, places=8)
    rows = [ask(town, who) for who in helpers]
    deeds = []
    for who, each in zip(helpers, rows, strict=True):
        pair = [lambda who=who, each=each: accept(who, each), lambda who=who: answer(who, row)]
        deeds += pair if who.volunteer.pk % 2 else pair[::-1]
    outcomes = at_once(*deeds)
    refusals = [each for each in outcomes if each is not None]
    assert all(isinstance(each, (TimeTaken, CallPromised)) for each in refusals), refusals
    row.refresh_from_db()
    assert row.taken <= 8
    for who in helpers:
        assert len(list_calendar(who.volunteer.pk, BEGINS, BEGINS + HOUR)) <= 1
        assert row.calls.get(volunteer=who.volunteer).answer or Engagement.objects.filter(volunteer=who.volunteer)


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
