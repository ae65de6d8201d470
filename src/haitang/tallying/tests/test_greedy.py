"""The greedy rules, by hand, by properties, and against what cities have decided."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.tallying import Cap, Election, Limits, Method, Project, Rule, Turnout, Votes, Why, tally
from haitang.tallying.declared import UnknownRule, rule_of
from haitang.tallying.pabulib import read
from haitang.tallying.tests.elections import city, election, elections, files
from haitang.tallying.ties import ranks

TOWN = election(10, {"a": 6, "b": 5, "c": 4, "d": 1}, "ab", "ab", "ac", "bd", "c", "a")
"""a 4 votes, b 3, c 2, d 1."""


def _why(outcome):
    return {each.project: each.reason.why for each in outcome.fates.values()}


def test_greedy_passes_over_what_does_not_fit():
    outcome = tally(TOWN, Rule(Method.GREEDY))
    assert outcome.chosen == ("a", "c")
    assert outcome.cost == 10
    assert outcome.fates["b"].reason.why is Why.NO_ROOM
    assert dict(outcome.fates["b"].reason.numbers) == {"score": 3, "cost": 5, "left": 4, "lacking": 1}
    assert outcome.fates["a"].place == 1


def test_without_skipping_everything_ends_at_the_first_that_does_not_fit():
    outcome = tally(TOWN, Rule(Method.GREEDY_NO_SKIP))
    assert outcome.chosen == ("a",)
    assert _why(outcome) == {"a": Why.CHOSEN, "b": Why.NO_ROOM, "c": Why.ENDED, "d": Why.ENDED}
    assert outcome.fates["d"].reason.numbers["by"] == "b"


def test_a_threshold_keeps_out_what_has_fewer_points():
    outcome = tally(TOWN, Rule(Method.GREEDY_THRESHOLD, Limits(least_score=3)))
    assert outcome.chosen == ("a",)
    assert dict(outcome.fates["c"].reason.numbers) == {"score": 2, "needed": 3, "lacking": 1}


def test_limits_keep_projects_apart():
    def why(**limits):
        return _why(tally(TOWN, Rule(Method.GREEDY, Limits(**limits))))

    assert why(excluding=(frozenset("ac"),))["c"] is Why.EXCLUDED
    assert why(most_projects=1)["c"] is Why.FULL
    assert why(least_votes=2)["d"] is Why.FEW_VOTES
    assert set(why(turnout=Turnout(6, 19, Fraction(1, 3))).values()) == {Why.TURNOUT}
    assert why(turnout=Turnout(6, 18, Fraction(1, 3)))["a"] is Why.CHOSEN


def test_caps_by_category_and_district():
    def project(name, cost, district):
        return Project(name, cost, marks={"district": frozenset({district})})

    votes = Votes.of([{0: 1, 1: 1, 2: 1}, {0: 1, 1: 1}, {0: 1}])
    town = Election(20, (project("a", 5, "东"), project("b", 5, "东"), project("c", 6, "西")), votes)
    one_each = tally(town, Rule(Method.GREEDY, Limits(caps=(Cap("district", "东", count=1),))))
    assert one_each.chosen == ("a", "c")
    assert one_each.fates["b"].reason.why is Why.CAP_COUNT
    money = tally(town, Rule(Method.GREEDY, Limits(caps=(Cap("district", "东", cost=9),))))
    assert money.chosen == ("a", "c")
    assert money.fates["b"].reason.numbers["lacking"] == 1
    absent = Limits(turnouts={"东": Turnout(1, 100, Fraction(1, 10))})
    assert tally(town, Rule(Method.GREEDY, absent)).chosen == ("c",)


def test_ties_are_broken_as_declared():
    town = election(4, {"a": 4, "b": 3, "c": 3}, "abc")
    assert tally(town, Rule(Method.GREEDY)).chosen == ("b",)
    assert tally(town, Rule(Method.GREEDY, ties=("dearer",))).chosen == ("a",)
    assert tally(town, Rule(Method.GREEDY, ties=())).chosen == ("a",)
    drawn = {tally(town, Rule(Method.GREEDY, ties=("lot",), seed=str(seed))).chosen for seed in range(20)}
    assert drawn == {("a",), ("b",), ("c",)}
    again = tally(town, Rule(Method.GREEDY, ties=("lot",), seed="7"))
    assert again == tally(town, Rule(Method.GREEDY, ties=("lot",), seed="7"))
    with pytest.raises(ValueError, match="seed"):
        ranks(town, ("lot",))
    with pytest.raises(ValueError, match="unknown"):
        ranks(town, ("loud",))


METHODS = st.sampled_from(list(Method))


@given(elections(most_points=3), METHODS)
def test_the_budget_is_kept_and_nothing_is_forgotten(town, method):
    outcome = tally(town, Rule(method))
    costs = {each.id: each.cost for each in town.projects}
    assert outcome.cost == sum(costs[each] for each in outcome.chosen) <= town.budget
    assert set(outcome.fates) == set(costs)
    assert [each for each in outcome.chosen if not outcome.fates[each].chosen] == []
    assert sum(each.chosen for each in outcome.fates.values()) == len(outcome.chosen)


@given(elections(most_points=3), METHODS, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(town, method, shuffle):
    assert tally(shuffled(town, shuffle), Rule(method)).chosen == tally(town, Rule(method)).chosen


def shuffled(town, shuffle: random.Random):
    """Return the same election with its projects and ballots in another order."""
    places = list(range(len(town.projects)))
    shuffle.shuffle(places)
    ballots = [{} for _ in range(town.votes.voters)]
    for voter, project, points in zip(town.votes.voter, town.votes.project, town.votes.points, strict=True):
        ballots[voter][places[project]] = int(points)
    shuffle.shuffle(ballots)
    projects = [None] * len(places)
    for at, place in enumerate(places):
        projects[place] = town.projects[at]
    return Election(town.budget, tuple(projects), Votes.of(ballots), town.unit)


@given(elections(most_points=3), METHODS, st.integers(2, 1000))
def test_money_may_be_counted_in_any_unit(town, method, times):
    dearer = tuple(Project(each.id, each.cost * times, order=each.order) for each in town.projects)
    scaled = Election(town.budget * times, dearer, town.votes, town.unit * times)
    assert tally(scaled, Rule(method)).chosen == tally(town, Rule(method)).chosen


@given(elections(), st.data())
def test_one_more_vote_never_harms(town, data):
    chosen = tally(town, Rule(Method.GREEDY)).chosen
    if chosen:
        helped = data.draw(st.sampled_from(chosen))
        at = next(number for number, each in enumerate(town.projects) if each.id == helped)
        ballots = [{} for _ in range(town.votes.voters)]
        for voter, project in zip(town.votes.voter, town.votes.project, strict=True):
            ballots[voter][int(project)] = 1
        more = Election(town.budget, town.projects, Votes.of([*ballots, {at: 1}]))
        assert helped in tally(more, Rule(Method.GREEDY)).chosen


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_what_cities_chose_greedily_is_reproduced(path):
    file = read(path)
    if not file.rule.startswith("greedy") or file.selected is None:
        pytest.skip(f"the file names the rule {file.rule!r}" if file.selected is not None else "it tells no result")
    assert set(tally(file.election, rule_of(file)).chosen) == file.selected


def test_a_rule_that_nobody_knows_is_not_followed():
    with pytest.raises(UnknownRule):
        rule_of(read(city("Hungary_Budapest_2025_VIII_Jozsefvaros")))
