"""Equal shares: the examples of the papers, the cities that used them, and a slow rule in fractions."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.tallying import Cap, Election, Limits, Method, Project, Rule, Votes, Why, tally
from haitang.tallying.band import Field, run
from haitang.tallying.benchmark import city as made_up
from haitang.tallying.declared import rule_of
from haitang.tallying.pabulib import parse, read
from haitang.tallying.shares import Completion, Shares, Stop, Worth
from haitang.tallying.tests import slowly
from haitang.tallying.tests.elections import city, election, elections
from haitang.tallying.tests.test_greedy import shuffled
from haitang.tallying.ties import ranks


def _rule(completion="none", stop="over", worth="cost", **more):
    return Rule(Method.EQUAL_SHARES, shares=Shares(Completion(completion), Stop(stop), Worth(worth)), **more)


def _ids(town, positions):
    return tuple(town.projects[at].id for at in positions)


def test_each_part_of_a_town_gets_its_part_of_the_money():
    """Peters, Pierczyński, Skowron 2021, in the small: 6 of 10 voters do not take the whole budget."""
    town = election(10, {"a": 3, "b": 3, "c": 4, "d": 4}, *["abc"] * 6, *["d"] * 4)
    assert tally(town, Rule(Method.GREEDY)).chosen == ("a", "b", "c")
    outcome = tally(town, _rule())
    assert outcome.chosen == ("a", "b", "d")
    assert outcome.share == 1
    assert dict(outcome.fates["c"].reason.numbers) == {
        "votes": 6, "cost": 4, "money": 0, "lacking": 4, "share": 1, "voters": 4,
    }  # fmt: skip


def test_the_example_of_an_encyclopedia():
    """100 voters, 1,000 dollars, projects at 200; as the article Method of Equal Shares tells it."""
    town = election(
        1000, dict.fromkeys("ABCDEFG", 200),
        *["ABCD"] * 20, *["ABD"] * 26, *["CD"] * 20, *["EF"] * 34,
    )  # fmt: skip
    assert tally(town, _rule()).chosen == ("D", "A", "E")


def test_the_poor_pay_what_they_have_and_the_rest_more():
    town = election(12, {"a": 6, "b": 6}, "a", "ab", "b", "")
    outcome = tally(town, _rule())
    assert (outcome.share, outcome.chosen) == (3, ("a",))
    assert outcome.fates["b"].reason.numbers["money"] == 3
    assert outcome.fates["b"].reason.numbers["lacking"] == 3
    assert outcome.fates["b"].reason.numbers["voters"] == 1


def test_shares_are_raised_until_the_next_outcome_would_cost_too_much():
    town = election(10, {"a": 6, "b": 4, "c": 5}, "a", "a", "b", "c")
    none, add1 = tally(town, _rule()), tally(town, _rule("add1"))
    assert none.chosen == ()
    assert (add1.chosen, add1.steps) == (("a", "b"), 2)
    assert tally(town, _rule("add1", "exhausted")).chosen == ("a", "b")


def test_the_two_ways_to_stop_differ():
    """With everything that fits bought, one goes on raising, and another set comes out."""
    found = 0
    for seed in range(60):
        town = parse(made_up(30, 8, seed)).election
        over, exhausted = (tally(town, _rule("add1", stop)) for stop in ("over", "exhausted"))
        found += over.chosen != exhausted.chosen
        assert over.steps >= exhausted.steps
    assert found


def test_a_project_far_too_dear_for_its_only_friend_takes_a_thousand_raises_and_no_time():
    town = election(10**9, {"a": 10**8}, "a", *[""] * 999)
    outcome = tally(town, _rule("add1"))
    assert outcome.chosen == ("a",)
    assert outcome.steps >= 10**8 - 10**6


def test_the_greedy_outcome_replaces_one_that_fewer_like():
    town = election(10, {"a": 9, "b": 2}, *["a"] * 4, "b")
    assert tally(town, _rule("add1")).chosen == ("b",)
    compared = tally(town, _rule("add1-comparison"))
    assert (compared.chosen, compared.compared) == (("a",), (1, 4))
    assert compared.fates["b"].reason.why is Why.COMPARED
    evenly = election(10, {"a": 9, "b": 2}, "a", "b")
    assert tally(evenly, _rule("add1-comparison")).chosen == tally(evenly, _rule("add1")).chosen == ("b",)


@pytest.mark.parametrize("name", ["Poland_Wieliczka_2023_Green_Budget", "Netherlands_Assen_2024"])
def test_cities_that_decided_by_equal_shares_are_reproduced(name):
    file = read(city(name))
    assert set(tally(file.election, rule_of(file)).chosen) == file.selected


COMPLETIONS = st.sampled_from(["none", "add1"])
STOPS = st.sampled_from(["over", "exhausted"])
WORTHS = st.sampled_from(["cost", "one"])


@settings(max_examples=120, deadline=None)
@given(elections(most_points=3), COMPLETIONS, STOPS, WORTHS)
def test_it_is_what_the_slow_rule_says(town, completion, stop, worth):
    outcome = tally(town, _rule(completion, stop, worth))
    order = ranks(town)
    assert outcome.chosen == _ids(town, slowly.equal_shares(town, order, completion=completion, stop=stop, worth=worth))
    assert outcome.cost <= town.budget


@settings(max_examples=80, deadline=None)
@given(elections(), COMPLETIONS, st.data())
def test_limits_are_kept_as_the_slow_rule_keeps_them(town, completion, data):
    ids = [each.id for each in town.projects]
    pair = frozenset(data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3)))
    most = data.draw(st.integers(1, 3))
    limits = Limits(excluding=(pair,), most_projects=most)

    def allowed(at, bought):
        others = {ids[each] for each in bought}
        return len(bought) < most and not (ids[at] in pair and others & (pair - {ids[at]}))

    outcome = tally(town, _rule(completion, limits=limits))
    assert outcome.chosen == _ids(town, slowly.equal_shares(town, ranks(town), completion=completion, allowed=allowed))


@settings(max_examples=100, deadline=None)
@given(elections(most_points=2), COMPLETIONS, st.randoms(use_true_random=False), st.integers(2, 997))
def test_order_and_unit_do_not_matter(town, completion, shuffle, times):
    rule = _rule(completion)
    chosen = tally(town, rule).chosen
    assert tally(shuffled(town, shuffle), rule).chosen == chosen
    dearer = tuple(replace(each, cost=each.cost * times) for each in town.projects)
    assert tally(Election(town.budget * times, dearer, town.votes, town.unit * times), rule).chosen == chosen


@settings(max_examples=100, deadline=None)
@given(elections(voters=12, projects=8))
def test_nobody_pays_more_than_the_share_and_what_is_short_is_short(town):
    outcome = tally(town, _rule("add1"))
    for each in outcome.fates.values():
        if each.reason.why is Why.SUPPORTERS_SHORT:
            numbers = each.reason.numbers
            assert 0 <= numbers["money"] < numbers["cost"]
            assert numbers["voters"] * outcome.share >= numbers["lacking"]
    assert outcome.cost <= outcome.share * town.votes.voters


@settings(max_examples=60, deadline=None)
@given(elections(voters=10), st.integers(0, 6), st.integers(1, 9))
def test_a_band_says_what_each_of_its_shares_says(town, first, width):
    order = ranks(town)
    candidates = {at: each.cost for at, each in enumerate(town.projects) if town.counts[at]}
    field = Field(town, candidates, (), order, Limits())
    lowest = Fraction(first)
    whole = run(field, lowest, lowest + width)
    if whole is not None:
        for share in range(width + 1):
            alone = run(field, lowest + share, lowest + share)
            assert (alone.sequence, alone.cost) == (whole.sequence, whole.cost)


def test_ties_are_exact_where_purses_are_worn():
    """Thirds of thirds: two projects cost the same to the last fraction, after payments that no decimal holds."""
    costs = {"a": 7, "b": 11, "c": 13, "y": 5, "x": 5}
    town = election(36, costs, "abxy", "abc", "acxy", "bcxy", "axy", "b", "c")
    chosen = tally(town, _rule()).chosen
    assert chosen == _ids(town, slowly.equal_shares(town, ranks(town)))
    assert chosen.index("x") < chosen.index("y") if {"x", "y"} <= set(chosen) else "y" not in chosen


def test_a_town_of_thousands_is_what_the_slow_rule_says():
    town = parse(made_up(400, 20, 3)).election
    assert tally(town, _rule("add1")).steps > 20
    assert tally(town, _rule()).chosen == _ids(town, slowly.equal_shares(town, ranks(town)))


def test_caps_hold_under_equal_shares():
    def project(name, cost, district):
        return Project(name, cost, marks={"district": frozenset({district})})

    town = Election(
        30, (project("a", 5, "东"), project("b", 5, "东"), project("c", 6, "西")),
        Votes.of([{0: 1, 1: 1, 2: 1}, {0: 1, 1: 1}, {0: 1, 1: 1}]),
    )  # fmt: skip
    outcome = tally(town, _rule(limits=Limits(caps=(Cap("district", "东", count=1),))))
    assert outcome.chosen == ("a", "c")
    assert outcome.fates["b"].reason.why is Why.CAP_COUNT


@settings(max_examples=60, deadline=None)
@given(elections(voters=8, projects=3), COMPLETIONS)
def test_twins_are_bought_in_their_declared_order(town, completion):
    """Each project twice, with the same supporters and cost: never told apart by price, always by the tie-break."""
    votes = town.votes
    double = Votes(
        votes.voters, np.concatenate([votes.voter, votes.voter]),
        np.concatenate([votes.project, votes.project + len(town.projects)]),
        np.concatenate([votes.points, votes.points]),
    )  # fmt: skip
    again = tuple(replace(each, id=f"{each.id}-again") for each in town.projects)
    both = replace(town, projects=(*town.projects, *again), votes=double)
    chosen = tally(both, _rule(completion)).chosen
    assert chosen == _ids(both, slowly.equal_shares(both, ranks(both), completion=completion))
