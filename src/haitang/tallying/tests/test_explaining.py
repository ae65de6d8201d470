"""What is said to have been enough, is enough, and a little less is not."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.tallying import Limits, Method, Rule, Votes, Why, tally
from haitang.tallying.explaining import explain
from haitang.tallying.shares import Completion, Shares
from haitang.tallying.tests.elections import election, elections
from haitang.tallying.wording import SENTENCES, tell_all, yuan

GREEDY = st.sampled_from([Method.GREEDY, Method.GREEDY_NO_SKIP, Method.GREEDY_THRESHOLD])
FIXED = ("earlier",)
"""A tie-break that does not change with votes or costs, so that one vote less is not enough."""


def _with_votes(town, at, more):
    """Return the election with so many more ballots for one project."""
    ballots = [{} for _ in range(town.votes.voters)]
    for voter, project, points in zip(town.votes.voter, town.votes.project, town.votes.points, strict=True):
        ballots[voter][int(project)] = int(points)
    return replace(town, votes=Votes.of(ballots + [{at: 1}] * more))


def _with_cost(town, at, cost):
    projects = [replace(each, cost=cost) if number == at else each for number, each in enumerate(town.projects)]
    return replace(town, projects=tuple(projects))


@settings(max_examples=120, deadline=None)
@given(elections(projects=7), GREEDY, st.integers(0, 3), st.booleans())
def test_the_votes_and_the_cost_that_would_have_been_enough(town, method, least, apart):
    ids = frozenset(each.id for each in town.projects[:2])
    limits = Limits(least_score=least, excluding=(ids,) if apart else ())
    rule = Rule(method, limits, ties=FIXED)
    outcome = tally(town, rule)
    for at, project in enumerate(town.projects):
        told = explain(town, rule, outcome)[project.id]
        assert told.fate.chosen is (project.id in outcome.chosen)
        if told.points is not None:
            assert project.id in tally(_with_votes(town, at, told.points), rule).chosen
            assert project.id not in tally(_with_votes(town, at, told.points - 1), rule).chosen
        elif not told.fate.chosen:
            assert project.id not in tally(_with_votes(town, at, 30), rule).chosen
        if told.cost is not None:
            assert project.id in tally(_with_cost(town, at, told.cost), rule).chosen
            assert project.id not in tally(_with_cost(town, at, told.cost + 1), rule).chosen


@settings(max_examples=80, deadline=None)
@given(elections(projects=7, voters=12))
def test_the_supporters_that_would_have_been_enough_under_equal_shares(town):
    rule = Rule(Method.EQUAL_SHARES, shares=Shares(Completion.NONE))
    outcome = tally(town, rule)
    for at, project in enumerate(town.projects):
        told = explain(town, rule, outcome)[project.id]
        if told.voters is not None:
            share = outcome.share
            more = _with_votes(town, at, told.voters)
            richer = replace(more, budget=int(share * more.votes.voters))
            if richer.budget == share * more.votes.voters:
                assert project.id in tally(richer, rule).chosen
        if told.cost is not None and told.fate.reason.why is Why.SUPPORTERS_SHORT:
            assert project.id in tally(_with_cost(town, at, told.cost), rule).chosen


def test_every_reason_has_words_and_every_word_a_number():
    assert set(SENTENCES) == set(Why)


def test_a_reason_in_words():
    town = election(1000, {"a": 600, "b": 500, "c": 300}, "ab", "ab", "a", "b", "a", "c", unit=100)
    rule = Rule(Method.GREEDY)
    told = explain(town, rule, tally(town, rule))
    assert tell_all(told["b"], yuan(100)) == (
        "得分 3；轮到它时预算只剩 4 元，造价 5 元，差 1 元。若再多 1 票（分），即可入选。若造价不超过 4 元，即可入选。"
    )
    assert tell_all(told["a"], yuan(100)) == "入选。"
    apart = Rule(Method.GREEDY, Limits(excluding=(frozenset("ac"),)))
    told = explain(town, apart, tally(town, apart))
    assert tell_all(told["c"], yuan(100), names={"a": "路灯"}).startswith("与已入选的项目“路灯”不能同时实施。")
    shared = Rule(Method.EQUAL_SHARES)
    told = explain(town, shared, tally(town, shared))
    assert "位支持者手中的份额还剩" in tell_all(told["c"], yuan(100))
    assert tell_all(told["c"], yuan(100), translate=lambda text: "!") == "!" * 3


@settings(max_examples=100, deadline=None)
@given(elections(projects=6), st.sampled_from(list(Method)), st.integers(0, 3))
def test_every_fate_can_be_told(town, method, least):
    rule = Rule(method, Limits(least_votes=least, most_projects=2))
    for each in explain(town, rule, tally(town, rule)).values():
        assert tell_all(each, yuan(1)).endswith("。")
