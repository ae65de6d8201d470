"""Hundreds at once, each on a connection of their own or by a request of their own: the last places, no answer lost."""

from datetime import timedelta

import pytest
from django.test import Client

from haitang.callups import actions
from haitang.callups.lifecycle import Status
from haitang.callups.models import Call, CallUp
from haitang.callups.tests.cast import BEGINS, answer, call_up, many, report
from haitang.callups.values import COMES, NoPlaceLeft
from haitang.core import clock
from haitang.core.models import Entry
from haitang.people.models import Account
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town
from haitang.volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 500


def check(row: CallUp) -> None:
    """Assert that places are counted right, none is too many, and nobody waits while one is free."""
    row.refresh_from_db()
    has = Call.objects.filter(callup=row, answer__in=COMES, turn__isnull=True).count()
    assert row.taken == has
    if row.places is not None:
        assert has <= row.places
        assert has == row.places or not Call.objects.filter(callup=row, turn__isnull=False).exists()


def test_five_hundred_requests_for_the_last_places_leave_none_too_many_and_lose_no_answer(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    town = build_town()
    people = many(town, PEOPLE)
    row = call_up(town, places=30)
    accounts = Account.objects.in_bulk([each.id for each in people])
    statuses = []

    def press(account: Account) -> None:
        browser = Client()
        browser.force_login(account)
        statuses.append(browser.post(f"/calls/{row.pk}/answer/", {"answer": "coming"}).status_code)

    at_once(*(lambda account=account: press(account) for account in accounts.values()))
    assert statuses == [302] * PEOPLE
    check(row)
    assert row.taken == 30
    turns = Call.objects.filter(callup=row, turn__isnull=False).order_by("turn").values_list("turn", flat=True)
    assert list(turns) == list(range(1, PEOPLE - 30 + 1))
    assert Entry.objects.filter(fact="CallAnswered").count() == PEOPLE
    first = Call.objects.filter(callup=row, turn__lte=3).order_by("turn").values_list("pk", flat=True)
    waiting, held = list(first), Call.objects.filter(callup=row, turn__isnull=True)[:3]
    givers = {each.volunteer_id: each for each in held.select_related("volunteer")}
    at_once(
        *(
            lambda call=call: actions.take_down_answer(
                actor=town.secretary, callup_id=row.pk, call_id=call.pk, answer="cannot", reason="", now=NOW
            )
            for call in givers.values()
        )
    )
    check(row)
    assert set(Call.objects.filter(pk__in=waiting, turn__isnull=True).values_list("pk", flat=True)) == set(waiting)


def test_coming_giving_back_reporting_and_more_places_at_once_leave_one_truth():
    town = build_town()
    people = many(town, 60)
    row = call_up(town, places=20)
    for each in people[:30]:
        answer(each, row)
    report_at = BEGINS - timedelta(minutes=30)
    at_once(
        *(lambda who=who: answer(who, row, "cannot", "临时有事") for who in people[:10]),
        *(lambda who=who: answer(who, row) for who in people[30:45]),
        *(lambda who=who: report(who, row, now=report_at) for who in people[40:60]),
        *(lambda who=who: report(who, row, now=report_at) for who in people[10:20]),
        lambda: actions.change_callup(
            actor=town.secretary, callup_id=row.pk, places=25, answer_by=BEGINS, now=NOW
        ),
    )  # fmt: skip
    check(row)
    assert row.taken == 25
    assert Call.objects.filter(callup=row, here_at__isnull=False).count() >= 10


def test_the_same_person_reporting_from_many_telephones_is_there_once():
    town = build_town()
    (one,) = many(town, 1)
    row = call_up(town, places=1)
    stranger_outcomes = at_once(*(lambda: report(one, row) for _each in range(20)))
    assert stranger_outcomes == [None] * 20
    assert Call.objects.get().here_at == BEGINS
    assert Entry.objects.filter(fact="CallReported").count() == 1


def test_the_last_place_on_the_spot_is_one_persons():
    town = build_town()
    people = many(town, 40)
    row = call_up(town, places=1)
    outcomes = at_once(*(lambda who=who: report(who, row) for who in people))
    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, NoPlaceLeft) for outcome in outcomes)
    check(row)


def test_closing_and_cancelling_at_once_end_it_once():
    town = build_town()
    (one,) = many(town, 1)
    for _round in range(4):
        row = call_up(town)
        report(one, row)
        later = BEGINS + timedelta(hours=1)
        end = {"actor": town.secretary, "callup_id": row.pk, "now": later}
        outcomes = at_once(
            lambda end=end: actions.close_callup(summary="好了", ended_at=end["now"], **end),
            lambda end=end: actions.cancel_callup(reason="不用了", **end),
            lambda end=end: actions.close_callup(summary="好了", ended_at=end["now"], **end),
        )
        assert outcomes.count(None) == 1
        row.refresh_from_db()
        recorded = ServiceRecord.objects.filter(source_id=str(row.pk)).count()
        assert recorded == (row.status == Status.CLOSED)
