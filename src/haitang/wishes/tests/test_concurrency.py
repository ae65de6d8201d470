"""Many at once, each on a connection of their own: one wish, one claimant; a claimant who moves as time runs out."""

from datetime import timedelta

import pytest

from haitang.core.access import Actor
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town
from haitang.wishes import actions, jobs
from haitang.wishes.lifecycle import HOLDING, LIVE, ClaimStatus, Status
from haitang.wishes.models import Claim, Wish
from haitang.wishes.tests.cast import claimed, confirmed, opened
from haitang.wishes.values import AlreadyClaimed, TooManyClaims

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 500


def test_five_hundred_claim_the_same_wish_and_one_has_it():
    wish = opened(build_town())
    people = [Actor(f"居民{n}", id=10_000 + n) for n in range(PEOPLE)]
    outcomes = at_once(*(lambda who=who: claimed(who, wish) for who in people))
    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, AlreadyClaimed) for outcome in outcomes)
    assert Claim.objects.get().account_id == people[outcomes.index(None)].id


def test_nobody_has_more_under_way_than_the_settings_allow_however_fast_they_press():
    town = build_town()
    wishes, who = [opened(town, title=f"第{n}个") for n in range(12)], Actor("林阿姨", id=10_000)
    outcomes = at_once(*(lambda wish=wish: claimed(who, wish) for wish in wishes))
    assert outcomes.count(None) == 3
    assert all(outcome is None or isinstance(outcome, TooManyClaims) for outcome in outcomes)


def test_moving_running_out_giving_back_and_withdrawing_at_once_leave_one_truth():
    town = build_town()
    seen = set()
    for round_ in range(8):
        wish, who = opened(town, title=f"第{round_}个"), Actor("林阿姨", id=10_000)
        claim = confirmed(town, who, wish)
        at_once(
            lambda claim=claim, who=who: actions.start_claim(actor=who, claim_id=claim.pk, now=NOW),
            lambda claim=claim: actions.release_late_claims(actor=jobs.CLOCK, now=claim.due_at),
            lambda claim=claim, who=who: actions.give_back_claim(
                actor=who, claim_id=claim.pk, reason="忙", now=NOW + timedelta(hours=1)
            ),
            lambda claim=claim, who=who: actions.deliver_wish(actor=who, claim_id=claim.pk, now=NOW),
        )
        wish.refresh_from_db()
        claim.refresh_from_db()
        seen.add(wish.status)
        held = Claim.objects.filter(wish=wish, status__in=HOLDING).count()
        assert held == (wish.status != Status.OPEN)
        assert (claim.status in LIVE) == (wish.status != Status.OPEN)
        if claim.status in LIVE:
            actions.withdraw_wish(
                actor=town.secretary, wish_id=wish.pk, reason="不用了", now=NOW
            ) if wish.status != Status.DELIVERED else actions.receive_wish(
                actor=town.secretary, wish_id=wish.pk, now=NOW
            )
        claim.refresh_from_db()
        assert claim.status not in (ClaimStatus.WAITING, ClaimStatus.CONFIRMED)
    assert seen <= {Status.OPEN, Status.PREPARING, Status.DELIVERED}
    assert not Wish.objects.filter(status__in=(Status.CLAIMED, Status.CONFIRMED)).exists()
