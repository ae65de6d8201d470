"""Many at once, each on a connection of their own: the last place, the same offer, an answer as it runs out."""

from datetime import timedelta

import pytest

from haitang.core.access import Actor
from haitang.orders import actions, jobs, queries
from haitang.orders.lifecycle import WITHOUT_PLACE, OfferStatus, Status
from haitang.orders.models import Engagement, Offer, Order, Quota, Slot
from haitang.orders.tests import cast
from haitang.orders.tests.cast import BEGINS, member, offered, open_service, order
from haitang.orders.values import OfferClosed, OrderTaken, SlotFull
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 500


def check_places() -> None:
    """Assert that every hour and day counts just the orders that hold a place, and none is overfull."""
    held = queries.recount(Slot.objects.all())
    for slot in Slot.objects.all():
        assert slot.taken == held.get(slot.pk, 0) <= slot.capacity
    for day in Quota.objects.all():
        rows = Order.objects.filter(slot__quota=day).exclude(status__in=WITHOUT_PLACE)
        assert day.taken == rows.count() <= day.capacity


def test_five_hundred_want_the_last_place_and_one_has_it():
    build_town()
    service = open_service()
    people = [Actor(f"居民{n}", id=10_000 + n) for n in range(PEOPLE)]
    outcomes = at_once(*(lambda who=who: order(who, service) for who in people))
    assert Order.objects.filter(status=Status.ORDERED).count() == 1
    assert Order.objects.filter(status=Status.WAITING).count() == 20
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert len(refused) == PEOPLE - 21
    assert all(isinstance(outcome, SlotFull) for outcome in refused)
    check_places()


def test_five_hundred_helpers_pick_the_same_order_and_one_has_it():
    town = build_town()
    service = open_service("phone_lesson", name="手机辅导")
    placed = order(cast.elder(), service)
    helpers = [member(town, f"志愿者{n}", ("phone_help",)) for n in range(25)]
    deeds = [
        lambda who=who: actions.pick_order(actor=who.actor, order_id=placed.pk, now=NOW)
        for _again in range(PEOPLE // len(helpers)) for who in helpers
    ]  # fmt: skip
    outcomes = at_once(*deeds)
    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, OrderTaken) for outcome in outcomes)
    placed.refresh_from_db()
    assert placed.volunteer_id == Engagement.objects.get().volunteer_id
    assert Offer.objects.filter(status=OfferStatus.ACCEPTED).count() == 1


def test_of_those_who_accept_the_same_order_one_has_it_and_no_answer_is_lost():
    town = build_town()
    branch, service = cast.build_branch(town), open_service()
    helpers = [member(town, f"党员{n}", branch=branch) for n in range(5)]
    for round_ in range(3):
        placed = order(town.secretary, service, BEGINS + timedelta(days=round_), channel="phone")
        rows = offered(town, placed, *helpers)
        deeds = [
            lambda row=row, who=who: actions.accept_offer(actor=who.actor, offer_id=row.pk, now=NOW)
            for row, who in zip(rows, helpers, strict=True)
        ]  # fmt: skip
        outcomes = at_once(*deeds)
        assert outcomes.count(None) == 1
        assert all(outcome is None or isinstance(outcome, OfferClosed) for outcome in outcomes)
        states = sorted(Offer.objects.filter(order=placed).values_list("status", flat=True))
        assert states == [OfferStatus.ACCEPTED] + [OfferStatus.WITHDRAWN] * 4


def test_accepting_declining_running_out_and_cancelling_at_once_leave_one_truth():
    town = build_town()
    branch, service = cast.build_branch(town), open_service()
    first, second = (member(town, name, branch=branch) for name in ("甲", "乙"))
    seen = set()
    for round_ in range(8):
        placed = order(town.secretary, service, BEGINS + timedelta(days=round_), channel="phone")
        rows = offered(town, placed, first, second)
        due = rows[0].expires_at
        at_once(
            lambda row=rows[0], due=due: actions.accept_offer(
                actor=first.actor, offer_id=row.pk, now=due - timedelta(seconds=1)
            ),
            lambda row=rows[1]: actions.decline_offer(actor=second.actor, offer_id=row.pk, reason="忙", now=NOW),
            lambda due=due: actions.expire_offers(actor=jobs.CLOCK, now=due),
            lambda placed=placed: actions.cancel_order(
                actor=town.secretary, order_id=placed.pk, reason="不用了", now=NOW
            ),
        )  # fmt: skip
        placed.refresh_from_db()
        seen.add(placed.status)
        assert placed.status == Status.CANCELLED
        assert not Engagement.objects.filter(order=placed).exists()
        assert not Offer.objects.filter(order=placed, status__in=(OfferStatus.OPEN, OfferStatus.ACCEPTED)).exists()
    check_places()


def test_cancelling_and_ordering_at_once_never_lose_or_double_a_place():
    town = build_town()
    service = open_service(capacity_slot=2, capacity_day=4)
    for round_ in range(3):
        day = BEGINS + timedelta(days=round_)
        placed = [
            order(town.secretary, service, day + timedelta(hours=n % 3), channel="phone") for n in range(8)
        ]  # fmt: skip
        cancelling = [
            lambda row=row: actions.cancel_order(actor=town.secretary, order_id=row.pk, reason="改天", now=NOW)
            for row in placed[::2]
        ]
        ordering = [
            lambda n=n, day=day: order(town.secretary, service, day + timedelta(hours=n % 3), channel="phone")
            for n in range(8)
        ]
        outcomes = at_once(*(deed for pair in zip(cancelling * 2, ordering, strict=True) for deed in pair))
        assert sum(outcome is None for outcome in outcomes) == len(ordering) + len(cancelling)
        check_places()
        for slot in Slot.objects.filter(quota__on=day.date(), taken=0):
            assert not Order.objects.filter(slot=slot, status=Status.WAITING).exists() or slot.quota.taken == 4
