"""Hundreds at once: the last place of a shift, one person for two shifts, places given back and taken together."""

from datetime import time, timedelta

import pytest
from django.test import Client

from haitang.core import clock
from haitang.core.models import Entry
from haitang.people.models import Account
from haitang.servicedays import actions, jobs
from haitang.servicedays.models import ServiceDay, Shift, SignUp
from haitang.servicedays.tests.cast import BEGINS, ENDS, many, plan, report, rule, shift_of, sign_up
from haitang.servicedays.values import HOLDS, NewShift, ShiftFull, ShiftOver, TimePromised
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town
from haitang.volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 300
EARLY = BEGINS - timedelta(hours=60)


def check() -> None:
    """Assert that the places of every shift are counted right, none is too many, and nobody waits beside a free one."""
    for shift in Shift.objects.all():
        has = SignUp.objects.filter(shift=shift, state__in=HOLDS, turn=None).count()
        assert shift.taken == has <= shift.places
        assert has == shift.places or not SignUp.objects.filter(shift=shift, turn__isnull=False).exists()


def one(task: str, places: int, begin: int = 9) -> NewShift:
    return NewShift(task, "广场", time(begin), time(begin + 2), places)


def test_hundreds_of_requests_for_the_last_place(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    town = build_town()
    people = many(town, PEOPLE)
    shift = shift_of(plan(town, one("清洁", 1)))
    accounts = Account.objects.in_bulk([each.id for each in people])
    statuses = []

    def press(account: Account) -> None:
        browser = Client()
        browser.force_login(account)
        statuses.append(browser.post(f"/service-days/{shift.pk}/sign-up/").status_code)

    at_once(*(lambda account=account: press(account) for account in accounts.values()))
    assert statuses == [302] * PEOPLE
    check()
    turns = SignUp.objects.filter(turn__isnull=False).order_by("turn").values_list("turn", flat=True)
    assert list(turns) == list(range(1, 21))
    assert Entry.objects.filter(fact="ShiftSignedUp").count() == 21


def test_one_person_has_one_of_two_shifts_at_the_same_time():
    town = build_town()
    people = many(town, 12)
    day = plan(town, one("清洁", 12), one("劝导", 12))
    first, second = Shift.objects.filter(day=day).order_by("id")
    outcomes = at_once(
        *(lambda who=who, shift=shift: sign_up(who, shift) for who in people for shift in (first, second))
    )
    assert outcomes.count(None) == len(people)
    assert all(outcome is None or isinstance(outcome, TimePromised) for outcome in outcomes)
    assert SignUp.objects.count() == len(people)
    check()


def test_leaving_signing_up_releasing_and_more_places_at_once_leave_one_truth():
    town = build_town()
    people = many(town, 40)
    day = plan(town, one("清洁", 8), one("劝导", 8))
    shifts = list(Shift.objects.filter(day=day).order_by("id"))
    for n, each in enumerate(people[:30]):
        sign_up(each, shifts[n % 2], EARLY)
    due = BEGINS - timedelta(hours=12)
    at_once(
        *(
            lambda who=who, n=n: actions.leave_shift(actor=who, shift_id=shifts[n % 2].pk, reason="忙", now=EARLY)
            for n, who in enumerate(people[:10])
        ),
        *(lambda who=who, n=n: sign_up(who, shifts[n % 2], EARLY) for n, who in enumerate(people[30:])),
        *(lambda shift=shift: actions.change_shift(
            actor=town.secretary, shift_id=shift.pk, places=10, now=EARLY) for shift in shifts),
        *(lambda: actions.release_unassured(actor=jobs.CLOCK, now=due) for _each in range(2)),
    )  # fmt: skip
    check()


def test_settling_twice_and_calling_the_day_off_at_once_give_hours_once():
    town = build_town()
    (who,) = many(town, 1)
    for week in range(3):
        day = plan(town, one("清洁", 2), on=BEGINS.date() + timedelta(weeks=week))
        shift, later = shift_of(day), timedelta(weeks=week)
        report(who, shift, now=BEGINS + later)
        end = {"actor": town.secretary, "now": ENDS + later}
        outcomes = at_once(
            *(lambda end=end, shift=shift: actions.close_shift(shift_id=shift.pk, missed=[], **end) for _ in range(2)),
            lambda end=end, day=day: actions.cancel_day(day_id=day.pk, reason="下雨", **end),
        )
        assert outcomes.count(None) == 1
        assert all(outcome is None or isinstance(outcome, ShiftOver) for outcome in outcomes)
        day.refresh_from_db()
        assert ServiceRecord.objects.filter(source_id=str(shift.pk)).count() == (day.cancelled_at is None)


def test_the_last_place_on_the_spot_is_one_persons():
    town = build_town()
    people = many(town, 30)
    shift = shift_of(plan(town, one("清洁", 1)))
    outcomes = at_once(*(lambda who=who: report(who, shift) for who in people))
    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, ShiftFull) for outcome in outcomes)
    check()


def test_the_days_of_a_rule_are_made_once_whoever_is_faster():
    town = build_town()
    actions.plan_rule(actor=town.secretary, new=rule(repeat="weekly"), now=NOW)
    made = ServiceDay.objects.count()
    later = NOW + timedelta(days=21)
    at_once(*(lambda: actions.make_days(actor=jobs.CLOCK, now=later) for _each in range(6)))
    assert ServiceDay.objects.count() == made + 3
