"""What groups must be whatever people say: the same on every run, nobody alone, made of votes and nothing else."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.clustering import AGREE, DISAGREE, PASS, Rules, Votes, find_groups
from haitang.clustering.terms import OUTSIDE
from haitang.clustering.tests.made_up import camps, circle, conversations

EASY = Rules(least_votes=1, least_people=1)


def groups_of(votes, rules=None, statements=()):
    found = find_groups(Votes.of(votes, statements), rules)
    return {person: int(found.group[at]) for at, person in enumerate(found.people)}


@pytest.mark.parametrize(
    ("sizes", "votes"),
    [
        ((30, 20), camps(30, 20)),
        ((40, 30, 20), camps(40, 30, 20)),
        ((20, 18, 16, 14, 12, 10, 8), circle(20, 18, 16, 14, 12, 10, 8)),
    ],
)
def test_camps_are_found_however_many_there_are(sizes, votes):
    """Seven camps are seven groups: there is no cap of five."""
    found = find_groups(Votes.of(votes))

    assert sorted((group.people for group in found.groups), reverse=True) == list(sizes)
    start = 0
    for size in sizes:
        assert len(set(found.group[start : start + size].tolist())) == 1
        start += size


def test_one_person_against_all_others_is_no_group():
    votes = [(person, about, AGREE if person else DISAGREE) for person in range(58) for about in range(12)]

    found = find_groups(Votes.of(votes))

    assert [group.people for group in found.groups] == [58]
    assert not found.bridges, "nothing is bridged where nobody is apart"


def test_a_lone_voice_between_two_camps_goes_with_one_of_them():
    votes = [*camps(30, 20), *((50, about, PASS if about % 2 else DISAGREE) for about in range(20))]

    found = find_groups(Votes.of(votes))

    assert sorted(group.people for group in found.groups) in ([20, 31], [21, 30])


def test_who_votes_the_same_throughout_is_one_group():
    found = find_groups(Votes.of((person, about, AGREE) for person in range(20) for about in range(8)))

    assert [group.people for group in found.groups] == [20]
    assert found.fits == {}
    assert {each.statement for each in found.consensus} <= set(range(8))


@pytest.mark.parametrize("votes", [[], [(1, 1, AGREE)], [(1, 1, AGREE), (2, 1, DISAGREE)]])
def test_next_to_nothing_is_answered_too(votes):
    found = find_groups(Votes.of(votes, statements=[1, 2]))

    assert len(found.groups) <= 1
    assert len(found.statements) == 2


def test_who_has_voted_too_little_is_in_no_group_and_yet_counted():
    votes = [*camps(30, 20), *((50, about, DISAGREE) for about in range(3))]

    found = find_groups(Votes.of(votes))

    assert found.group[50] == OUTSIDE
    assert sum(group.people for group in found.groups) == 50
    assert found.statements[0].everybody.seen == 51
    assert sum(each.seen for each in found.statements[0].groups) == 50


def test_a_young_conversation_counts_those_with_fewer_votes_as_well():
    votes = [(person, about, AGREE if person % 2 else DISAGREE) for person in range(16) for about in range(20)]
    young = [each for each in votes if each[1] < (8 if each[0] < 10 else 4)]

    assert OUTSIDE not in groups_of(young).values()


def test_the_largest_group_comes_first():
    votes = Votes.of(camps(12, 30))

    assert [group.people for group in find_groups(votes).groups] == [30, 12]


@given(conversations(), st.randoms(use_true_random=False))
def test_neither_order_nor_ids_of_people_matter(votes, order: random.Random):
    people = sorted({person for person, _about, _vote in votes})
    shuffled = order.sample(people, len(people))
    renamed = {person: f"P{shuffled[at]:03}" for at, person in enumerate(people)}
    again = [(renamed[person], about, vote) for person, about, vote in order.sample(votes, len(votes))]

    first, second = groups_of(votes, EASY), groups_of(again, EASY)

    assert {renamed[person]: group for person, group in first.items()} == second


@given(conversations())
def test_nobody_is_a_group_alone_and_equals_are_together(votes):
    found = find_groups(Votes.of(votes), EASY)

    assert all(group.people >= 2 or len(found.people) == 1 for group in found.groups)
    said = {}
    for at, person in enumerate(found.people):
        row = frozenset((about, vote) for who, about, vote in votes if who == person)
        said.setdefault(row, set()).add(int(found.group[at]))
    assert all(len(groups) == 1 for groups in said.values())


@given(conversations())
def test_a_statement_that_nobody_has_voted_on_moves_nobody(votes):
    with_more = groups_of(votes, EASY, statements=[90, 91])

    assert with_more == groups_of(votes, EASY)


@given(conversations())
def test_every_vote_is_counted_once_and_nothing_that_is_no_vote(votes):
    found = find_groups(Votes.of(votes), EASY)

    for statement in found.statements:
        cast = [vote for _who, about, vote in votes if about == statement.id]
        everybody = statement.everybody
        assert (everybody.agree, everybody.disagree, everybody.passed) == tuple(
            cast.count(vote) for vote in (AGREE, DISAGREE, PASS)
        )
        assert sum(group.seen for group in statement.groups) == len(cast)


def test_a_vote_is_one_of_three_and_cast_once():
    with pytest.raises(ValueError, match="AGREE"):
        Votes.of([(1, 1, 2)])
    with pytest.raises(ValueError, match="twice"):
        Votes.of([(1, 1, AGREE), (1, 1, AGREE)])


def test_rules_that_would_make_groups_of_one_are_refused():
    with pytest.raises(ValueError, match="alone"):
        Rules(least_group=1)


def test_ten_thousand_people_need_no_matrix_of_pairs():
    """Memory grows with the votes: what is held of pairs is held of a hundred cells."""
    random_ = np.random.default_rng(7)
    matrix = random_.choice([AGREE, DISAGREE, PASS], (10_000, 12)).astype(np.int8)
    matrix[:5_000, :6] = AGREE
    matrix[5_000:, :6] = DISAGREE

    found = find_groups(Votes(tuple(range(10_000)), tuple(range(12)), matrix))

    assert [group.people for group in found.groups] == [5_000, 5_000]
