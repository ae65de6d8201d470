"""No plan gains more: against trying them all; and whatever order the input has."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.matching import Match, Pair, plan

amounts = st.lists(st.integers(0, 2), min_size=1, max_size=3)
gains = st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(0, 9), max_size=7)


def greatest(pairs, wanted, capacity, met, spread):
    """Try every set of pairs, and return what the best is worth."""
    best = 0
    for choice in product((False, True), repeat=len(pairs)):
        taken = [pair for pair, chosen in zip(pairs, choice, strict=True) if chosen]
        served = {resource: sum(each.resource == resource for each in taken) for resource in capacity}
        if any(served[resource] > capacity[resource] for resource in capacity):
            continue
        if any(sum(each.need == need for each in taken) > wanted[need] for need in wanted):
            continue
        best = max(best, worth(taken, served, met, spread))
    return best


def worth(pairs, served, met, spread):
    return sum(each.gain + met for each in pairs) - spread * sum(count**2 for count in served.values())


@given(gains, amounts, amounts, st.sampled_from([0, 20]), st.sampled_from([0, 2]), st.randoms(use_true_random=False))
def test_no_plan_gains_more_and_none_promises_too_much(gains, wanted, capacity, met, spread, shuffle):
    wanted, capacity = dict(enumerate(wanted)), dict(enumerate(capacity))
    pairs = [Pair(*each, gain) for each, gain in gains.items() if each[0] in wanted and each[1] in capacity]
    found = plan(pairs, wanted=wanted, capacity=capacity, met=met, spread=spread)
    served = {resource: sum(each.resource == resource for each in found.matches) for resource in capacity}
    given = {need: sum(each.need == need for each in found.matches) for need in wanted}
    assert all(served[resource] <= capacity[resource] for resource in capacity)
    assert {need: count - given[need] for need, count in wanted.items() if count > given[need]} == found.unmet
    assert {one: count - served[one] for one, count in capacity.items() if count > served[one]} == found.unused
    assert worth(found.matches, served, met, spread) == greatest(pairs, wanted, capacity, met, spread)
    assert found.gain == sum(each.gain for each in found.matches) <= found.wishful_gain or spread or met
    shuffle.shuffle(pairs)
    again = plan(
        pairs, wanted=dict(reversed(wanted.items())), capacity=dict(reversed(capacity.items())), met=met, spread=spread
    )
    assert again == found


def test_the_whole_is_better_than_the_best_for_each():
    """The barber is a little better for the first need, and the only one for the second."""
    pairs = [Pair("理发", "美发店", 900), Pair("理发", "志愿队", 850), Pair("上门理发", "美发店", 800)]
    found = plan(pairs, wanted={"理发": 1, "上门理发": 1}, capacity={"美发店": 1, "志愿队": 1, "律所": 3})
    assert found.matches == (
        Match("上门理发", "美发店", 800, 1, 1, "美发店", ()),
        Match("理发", "志愿队", 850, 2, 2, "美发店", ("上门理发",)),
    )
    assert (found.gain, found.greedy_gain, found.wishful_gain, found.overbooked) == (1650, 1650, 1700, 1)
    assert (found.unmet, found.unused) == ({}, {"律所": 3})


def test_need_after_need_may_leave_one_without():
    pairs = [Pair(1, 1, 900), Pair(1, 2, 850), Pair(2, 1, 800)]
    found = plan(pairs, wanted={1: 1, 2: 1}, capacity={1: 1, 2: 1})
    assert (found.gain, found.given, found.greedy_gain, found.greedy) == (1650, 2, 900, (Pair(1, 1, 900),))


def test_of_many_alike_not_one_does_everything():
    pairs = [Pair(need, resource, 500) for need in range(4) for resource in range(2)]
    found = plan(pairs, wanted=dict.fromkeys(range(4), 1), capacity={0: 4, 1: 4}, spread=10)
    assert sorted(each.resource for each in found.matches) == [0, 0, 1, 1]


@pytest.mark.parametrize("pairs", [[Pair(1, 1, 1), Pair(1, 1, 2)], [Pair(2, 1, 1)], [Pair(1, 1, -1)]])
def test_what_cannot_be_meant_is_refused(pairs):
    with pytest.raises(ValueError):
        plan(pairs, wanted={1: 1}, capacity={1: 1})


def test_nothing_wanted_and_nothing_offered():
    assert plan([], wanted={}, capacity={}).matches == ()
