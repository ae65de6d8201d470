"""Many at once, each on a connection of their own: a resolution carried out once, a topic on one agenda, no more asked
than may be."""

from functools import partial

import pytest

from haitang.cases.models import Case
from haitang.councils import actions
from haitang.councils.models import DrawCandidate, Resolution, Session, Topic
from haitang.councils.tests.cast import accepted, announced, called, held, raised, resident, set_up
from haitang.councils.values import (
    AskedEnough,
    EnteredAlready,
    NewResolution,
    NewSession,
    SettledAlready,
    WrongTopicState,
)
from haitang.testing.actors import NOW
from haitang.testing.cases import build_town
from haitang.testing.crowds import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town():
    """The town, kept while several connections look at it."""
    actions.ship_council_kinds()
    return build_town()


def test_a_resolution_becomes_one_case(town):
    council = set_up(town, "tea")
    held(town, called(town, council), 2, NewResolution("路灯不亮，请修"))
    row = Resolution.objects.get()
    deed = {"actor": town.secretary, "resolution_id": row.pk, "now": NOW}
    outcomes = at_once(*[lambda: actions.make_resolution_case(**deed)] * 6)
    assert sum(isinstance(each, SettledAlready) for each in outcomes) == 5
    assert Case.objects.count() == 1


def test_a_topic_stands_on_one_agenda(town):
    council = set_up(town)
    topic = accepted(town, resident())
    new = NewSession(council.pk, "五月议事", NOW, "", (topic.pk,))
    outcomes = at_once(*[lambda: actions.call_sessions(actor=town.secretary, news=[new], now=NOW)] * 5)
    assert sum(isinstance(each, WrongTopicState) for each in outcomes) == 4
    assert Session.objects.count() == 1


def test_nobody_raises_more_than_they_may_however_fast_they_press(town):
    who = resident()
    outcomes = at_once(*[lambda: raised(town, who)] * 8)
    assert sum(isinstance(each, AskedEnough) for each in outcomes) == 5
    assert Topic.objects.count() == 3


def test_nobody_is_on_a_list_twice(town):
    row, who = announced(town, set_up(town), people=0), resident()
    enter = [lambda: actions.enter_oneself(actor=who, draw_id=row.pk, now=NOW)] * 6
    people = [resident(f"居{n}") for n in range(5)]
    others = [partial(actions.enter_oneself, actor=one, draw_id=row.pk, now=NOW) for one in people]
    outcomes = at_once(*enter, *others)
    assert sum(isinstance(each, EnteredAlready) for each in outcomes) == 5
    assert sorted(DrawCandidate.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
