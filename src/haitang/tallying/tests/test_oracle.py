"""The same elections by pabutools, where somebody has installed it beside: it is GPL, and no part of this project."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.tallying import Method, Rule, tally
from haitang.tallying.shares import Completion, Shares, Stop, Worth
from haitang.tallying.tests.elections import elections

pytest.importorskip("pabutools", reason="pabutools is not installed: the slow rules in tests/slowly.py stand alone")

from pabutools import fractions
from pabutools.election import (
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    Instance,
)
from pabutools.election import Project as Theirs
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen
from pabutools.tiebreaking import TieBreakingRule

fractions.FRACTION = "gmpy2"
ONCE = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _theirs(town, *, points=False):
    """Return the election in the words of pabutools, with our order among equals."""
    projects = [Theirs(each.id, each.cost) for each in town.projects]
    ballots = [{} for _ in range(town.votes.voters)]
    for voter, project, given_points in zip(town.votes.voter, town.votes.project, town.votes.points, strict=True):
        ballots[voter][projects[project]] = int(given_points)
    instance = Instance(projects, budget_limit=town.budget)
    if points:
        return instance, CardinalProfile([CardinalBallot(each) for each in ballots], instance=instance)
    return instance, ApprovalProfile([ApprovalBallot(each) for each in ballots], instance=instance)


def _ties(town):
    votes = {each.id: town.counts[at] for at, each in enumerate(town.projects)}
    return TieBreakingRule(lambda instance, profile, project: (project.cost, -votes[project.name], project.name))


def _names(allocation):
    return {each.name for each in allocation}


def _supported(town):
    return {each.id for at, each in enumerate(town.projects) if town.counts[at]}


@ONCE
@given(elections())
def test_greedy(town):
    instance, profile = _theirs(town)
    theirs = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=_ties(town))
    assert _names(theirs) == set(tally(town, Rule(Method.GREEDY)).chosen)


@ONCE
@given(elections(), st.sampled_from(["cost", "one"]))
def test_equal_shares(town, worth):
    instance, profile = _theirs(town)
    sat = Cost_Sat if worth == "cost" else Cardinality_Sat
    theirs = method_of_equal_shares(instance, profile, sat_class=sat, tie_breaking=_ties(town))
    ours = tally(town, Rule(Method.EQUAL_SHARES, shares=Shares(worth=Worth(worth))))
    assert _names(theirs) == set(ours.chosen)


@ONCE
@given(elections(most_points=4))
def test_equal_shares_of_points(town):
    instance, profile = _theirs(town, points=True)
    theirs = method_of_equal_shares(instance, profile, sat_class=Additive_Cardinal_Sat, tie_breaking=_ties(town))
    ours = tally(town, Rule(Method.EQUAL_SHARES, shares=Shares(worth=Worth.ONE)))
    assert _names(theirs) == set(ours.chosen)


@ONCE
@given(elections())
def test_equal_shares_with_add_one_until_exhausted(town):
    """Theirs stops where nothing is left that fits, also of projects that nobody supports: those are left out."""
    supported = _supported(town)
    if len(supported) < len(town.projects):
        return
    instance, profile = _theirs(town)
    theirs = method_of_equal_shares(
        instance, profile, sat_class=Cost_Sat, tie_breaking=_ties(town), voter_budget_increment=1
    )
    ours = tally(town, Rule(Method.EQUAL_SHARES, shares=Shares(Completion.ADD1, Stop.EXHAUSTED)))
    assert _names(theirs) == set(ours.chosen)


@ONCE
@given(elections())
def test_phragmen(town):
    """Theirs goes on to projects that nobody supports; ours never buys these."""
    instance, profile = _theirs(town)
    theirs = sequential_phragmen(instance, profile, tie_breaking=_ties(town))
    assert _names(theirs) & _supported(town) == set(tally(town, Rule(Method.PHRAGMEN)).chosen)
