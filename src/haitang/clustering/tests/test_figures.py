"""Figures equal those worked out vote by vote; directions and divisions are the best there are."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from haitang.clustering import AGREE, DISAGREE, PASS, Rules, Votes, find_groups
from haitang.clustering.grouping import grouped
from haitang.clustering.projection import project
from haitang.clustering.tests import reference
from haitang.clustering.tests.made_up import camps, conversations

EASY = Rules(least_votes=1, least_people=1, named=100)


def members(found):
    return [
        {person for at, person in enumerate(found.people) if found.group[at] == number}
        for number in range(len(found.groups))
    ]


@given(conversations(max_people=20, max_statements=4))
def test_what_groups_stand_for_is_what_the_published_tests_say(votes):
    found = find_groups(Votes.of(votes), EASY)
    groups = members(found)
    assume(len(groups) > 1)

    for group, own in zip(found.groups, groups, strict=True):
        rest = set().union(*groups) - own
        expected = reference.representative(votes, [each.id for each in found.statements], own, rest)
        got = {(each.statement, 1 if each.agrees else -1): each.weight for each in group.telling}
        assert got == pytest.approx(expected)


@given(conversations())
def test_group_aware_consensus_is_the_product_over_groups(votes):
    found = find_groups(Votes.of(votes), EASY)
    groups = members(found)

    for statement in found.statements:
        assert statement.shared == pytest.approx(reference.shared(votes, statement.id, groups, 1))
        assert statement.refused == pytest.approx(reference.shared(votes, statement.id, groups, -1))


def test_bridges_are_shared_by_most_of_every_group():
    votes = [
        *camps(30, 20),
        *((person, 50, AGREE) for person in range(50)),
        *((who, 51, DISAGREE) for who in range(50)),
    ]
    # All of the larger group and none of the smaller one: agreed by most people, and yet no bridge.
    votes += [(person, 52, AGREE if person < 30 else DISAGREE) for person in range(50)]

    found = find_groups(Votes.of(votes))

    assert [(each.statement, each.agrees) for each in found.bridges] == [(50, True), (51, False)]
    assert found.bridges[0].score == pytest.approx(31 / 32 * 21 / 22)
    assert [(each.statement, each.agrees) for each in found.consensus] == [(50, True), (52, True), (51, False)]


def test_at_most_five_are_named_and_an_agreed_one_is_among_them():
    """Twelve statements that the larger group refuses and one that it shares: the shared one is named, and first."""
    votes = [(person, about, AGREE if person < 12 else DISAGREE) for person in range(42) for about in range(12)]
    votes += [(person, 12, AGREE if person >= 20 else PASS if person >= 12 else DISAGREE) for person in range(42)]

    larger = find_groups(Votes.of(votes)).groups[0]

    assert len(larger.telling) == 5
    assert [each.agrees for each in larger.telling] == [True, False, False, False, False]


def test_passing_is_having_voted():
    half = [(person, 0, AGREE if person < 10 else PASS) for person in range(20)]

    everybody = find_groups(Votes.of(half)).statements[0].everybody

    assert (everybody.agree, everybody.passed, everybody.seen) == (10, 10, 20)


def test_a_new_statement_is_asked_about_before_one_that_many_have_seen():
    votes = [(person, about, AGREE) for person in range(40) for about in range(2)] + [(0, 2, AGREE)]
    passed = [(person, 3, PASS) for person in range(40)]

    found = {each.id: each.priority for each in find_groups(Votes.of(votes + passed, statements=[4])).statements}

    assert found[4] > found[0]
    assert found[2] > found[0] > found[3]


@given(conversations(max_people=12, max_statements=5), st.data())
def test_no_direction_spreads_people_wider_than_the_first(votes, data):
    assume(votes)
    cast = Votes.of(votes)
    directions = st.lists(st.floats(-1, 1), min_size=len(cast.statements), max_size=len(cast.statements))
    other = data.draw(directions.filter(lambda axis: math.hypot(*axis) > 0.1))
    length = math.hypot(*other)
    other = {about: each / length for about, each in zip(cast.statements, other, strict=True)}
    place = project(cast.matrix, np.ones(len(cast.people))).place
    # Places are stretched by √(statements / votes): undo it to get at the direction's own spread.
    cast_by = [sum(who == person for who, _about, _vote in votes) for person in cast.people]
    first = sum(x * x * many / len(cast.statements) for (x, _y), many in zip(place, cast_by, strict=True))

    assert first >= reference.spread_along(votes, cast.people, cast.statements, other) - 1e-4


points = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=4, max_size=9, unique=True)


@given(points)
def test_fits_are_silhouettes_worked_out_by_pairs(places):
    group, fits = grouped(np.array(places, float), np.ones(len(places)), Rules())
    assume(fits)

    best = max(fits.values())
    assert reference.silhouette(places, group.tolist()) == pytest.approx(best)


def test_two_clouds_are_divided_as_well_as_can_be():
    places = [(0, 0), (1, 0), (0, 1), (1, 1), (9, 9), (9, 8), (8, 9), (5, 6)]

    group, _fits = grouped(np.array(places, float), np.ones(len(places)), Rules())

    one = [at for at in range(8) if group[at] == 0]
    other = [at for at in range(8) if group[at] == 1]
    assert reference.divided(places, one, other) == pytest.approx(reference.best_division(places))


def test_few_votes_move_outwards_as_published():
    """Who cast one of four votes stands √(4/1) times as far out as the vote alone would put them."""
    votes = [(0, about, AGREE) for about in range(4)] + [(1, about, DISAGREE) for about in range(4)] + [(2, 0, AGREE)]
    found = find_groups(Votes.of(votes), EASY)

    full, few = found.place[0], found.place[2]
    assert few[0] / full[0] == pytest.approx(0.5 * (2 / 3) / ((2 / 3) / 4 + 3 / 4), rel=0.2)
