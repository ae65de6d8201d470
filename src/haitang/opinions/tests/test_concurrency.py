"""Many at once, each on a connection of their own: one answer each, none lost, none after the close."""

from collections import Counter
from functools import partial

import pytest

from haitang.opinions import actions, queries
from haitang.opinions.models import Standing, Statement, Vote
from haitang.opinions.tests.cast import answer, opened, resident, statements, two_camps
from haitang.opinions.values import NotOpenNow, SaidEnough
from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_hundred_people_who_press_five_times_have_one_answer_each():
    row = opened(build_town())
    first = statements(row)[0]
    deeds = [partial(answer, row, resident(number), first, said) for said in (1, -1, 0, 1, 1) for number in range(200)]
    assert at_once(*deeds) == [None] * 1000
    assert Counter(Vote.objects.values_list("participant", flat=True)).most_common(1)[0][1] == 1
    assert Vote.objects.count() == 200


def test_nothing_is_answered_after_the_close_and_nothing_before_it_is_lost():
    town = build_town()
    row = opened(town)
    two_camps(row)
    first = statements(row)[0]
    late = [partial(answer, row, resident(100 + number), first, 1) for number in range(60)]
    close = [lambda: actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)]
    outcomes = at_once(*late[:30], *close, *late[30:])
    assert all(outcome is None or isinstance(outcome, NotOpenNow) for outcome in outcomes)
    row.refresh_from_db()
    taken = outcomes.count(None) - 1
    assert row.people == 20 + taken
    assert Vote.objects.count() == row.votes == 120 + taken
    assert Standing.objects.count() == row.people
    assert {len(each) for each in Vote.objects.values_list("participant", flat=True)} == {2}


def test_groups_found_while_it_closes_do_not_bring_old_numbers_back():
    town = build_town()
    row = opened(town)
    two_camps(row)
    at_once(
        lambda: actions.find_opinion_groups(actor=town.secretary, conversation_id=row.pk, now=NOW),
        lambda: actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW),
        lambda: actions.find_opinion_groups(actor=town.secretary, conversation_id=row.pk, now=NOW),
    )
    row.refresh_from_db()
    assert {len(each) for each in Standing.objects.values_list("participant", flat=True)} == {2}
    assert queries.get_results(viewer=town.secretary, conversation=row).people == 20


def test_nobody_says_more_than_they_may_however_fast_they_press():
    row = opened(build_town())
    outcomes = at_once(
        *(
            lambda n=n: actions.say_statement(actor=resident(1), conversation_id=row.pk, words=f"第{n}条", now=NOW)
            for n in range(10)
        )
    )
    assert outcomes.count(None) == 3
    assert all(outcome is None or isinstance(outcome, SaidEnough) for outcome in outcomes)
    assert Statement.objects.filter(is_seed=False).count() == 3
