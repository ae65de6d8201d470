"""Many at once, each on a connection of their own: one balance, the last thing, one cancellation, one code."""

import pytest

from haitang.points import actions, jobs
from haitang.points.models import Posting, Redemption
from haitang.points.tests.cast import check_ledger, helper, reward, served, turn_on
from haitang.points.values import RedemptionClosed, SoldOut, TooFewPoints, WrongPickupCode
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_balance_is_spent_once_however_many_press():
    town = build_town()
    turn_on()
    wu = helper(town)
    served(wu, hours=3)
    actions.agree_to_points(actor=wu.actor, now=NOW)
    things = [reward(price=10, stock=100, title=f"第{n}件") for n in range(3)]
    deeds = [
        lambda row=row: actions.order_reward(actor=wu.actor, reward_id=row.pk, now=NOW) for row in things * 40
    ]  # fmt: skip
    outcomes = at_once(*deeds)
    assert outcomes.count(None) == 3
    assert all(outcome is None or isinstance(outcome, TooFewPoints) for outcome in outcomes)
    assert wu.holder.balance == 0
    check_ledger()


def test_the_last_thing_goes_to_one_and_a_cancellation_gives_back_once():
    town = build_town()
    turn_on()
    thing, people = reward(price=10, stock=1), [helper(town, f"志愿者{n}") for n in range(12)]
    for who in people:
        served(who, hours=1)
        actions.agree_to_points(actor=who.actor, now=NOW)
    outcomes = at_once(
        *(lambda who=who: actions.order_reward(actor=who.actor, reward_id=thing.pk, now=NOW) for who in people)
    )
    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, SoldOut) for outcome in outcomes)
    row, winner = Redemption.objects.get(), people[outcomes.index(None)]
    code = row.code
    outcomes = at_once(
        *[lambda: actions.cancel_redemption(actor=winner.actor, redemption_id=row.pk, now=NOW)] * 10,
        *[lambda: actions.hand_out_reward(actor=town.secretary, code=code, now=NOW)] * 10,
    )
    assert outcomes.count(None) == 1
    assert all(each is None or isinstance(each, RedemptionClosed | WrongPickupCode) for each in outcomes)
    row.refresh_from_db()
    assert Posting.objects.filter(kind="given_back").count() == (row.status == "cancelled")
    thing.refresh_from_db()
    assert thing.stock == (row.status == "cancelled")
    check_ledger()


def test_a_service_is_credited_once_whoever_is_faster():
    town = build_town()
    turn_on()
    wu = helper(town)
    for _each in range(5):
        served(wu, hours=1)
    at_once(
        *[lambda: actions.agree_to_points(actor=wu.actor, now=NOW)] * 6,
        *[lambda: actions.credit_services(actor=jobs.CLOCK, volunteer_id=wu.volunteer.pk, now=NOW)] * 6,
        *[lambda: actions.recount_points(actor=jobs.CLOCK, now=NOW)] * 3,
    )
    assert (wu.holder.balance, Posting.objects.count()) == (50, 5)
    check_ledger()
