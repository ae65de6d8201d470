"""Whom an outcome serves, and who could have claimed more."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.tallying import Method, Rule, tally
from haitang.tallying.fairness import claims, fairness
from haitang.tallying.shares import Completion, Shares
from haitang.tallying.tests.elections import election, elections


def test_who_has_won_something():
    town = election(10, {"a": 3, "b": 3, "c": 4, "d": 4}, *["abc"] * 6, *["d"] * 3, "")
    found = fairness(town, ["a", "b", "c"], {"district": ["东"] * 5 + ["西"] * 4 + [""]})
    assert (found.served.voters, found.served.served, found.served.share) == (10, 6, Fraction(3, 5))
    assert {key: each.share for key, each in found.by_group["district"].items()} == {"东": 1, "西": Fraction(1, 4)}
    assert found.won == 6


def test_a_group_left_with_nothing_has_a_claim():
    town = election(10, {"a": 3, "b": 3, "c": 4, "d": 4}, *["abc"] * 6, *["d"] * 4)
    (claim,) = claims(town, ["a", "b", "c"])
    assert (claim.project, claim.voters, claim.entitled, claim.won, claim.cost) == ("d", 4, 4, 0, 4)
    assert claims(town, ["a", "b", "d"]) == ()


@settings(max_examples=80, deadline=None)
@given(elections(voters=6, projects=5), st.data())
def test_claims_are_those_of_all_groups(town, data):
    """Every group of supporters of every project, one by one."""
    chosen = {each.id for each in town.projects if data.draw(st.booleans())}
    ballots = [set() for _ in range(town.votes.voters)]
    for voter, project in zip(town.votes.voter, town.votes.project, strict=True):
        ballots[voter].add(int(project))
    won = [sum(town.projects[at].cost for at in ballot if town.projects[at].id in chosen) for ballot in ballots]
    expected = set()
    for at, project in enumerate(town.projects):
        backers = [voter for voter, ballot in enumerate(ballots) if at in ballot]
        for size in range(1, len(backers) + 1):
            for group in combinations(backers, size):
                fits = all((won[voter] + project.cost) * len(ballots) <= size * town.budget for voter in group)
                if project.id not in chosen and fits:
                    expected.add(project.id)
    assert {each.project for each in claims(town, chosen)} == expected


@settings(max_examples=80, deadline=None)
@given(elections(voters=10, projects=7, costs=6), st.sampled_from(list(Completion)[:2]))
def test_equal_shares_leave_no_claim(town, completion):
    """As docs/tallying.md proves; a project dearer than the budget may end the raising, which harms nobody's claim."""
    outcome = tally(town, Rule(Method.EQUAL_SHARES, shares=Shares(completion)))
    assert claims(town, outcome.chosen) == ()
