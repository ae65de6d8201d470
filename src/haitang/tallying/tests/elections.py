"""Elections for tests: small ones by hand, random ones by hypothesis, and the files of cities."""

import os
from pathlib import Path

import pytest
from hypothesis import strategies as st

from haitang.tallying import Election, Project, Votes

ROOT = Path(__file__).parents[4]


def election(budget, costs, *ballots, unit=1):
    """Return an election: costs by id, each ballot a string of ids of one letter, or a mapping of ids to points."""
    at = {each: number for number, each in enumerate(costs)}
    given = [
        {at[each]: 1 for each in ballot} if isinstance(ballot, str) else {at[k]: v for k, v in ballot.items()}
        for ballot in ballots
    ]
    projects = tuple(Project(each, cost, order=number) for number, (each, cost) in enumerate(costs.items()))
    return Election(budget, projects, Votes.of(given), unit)


@st.composite
def elections(draw, most_points=1, voters=8, projects=6, costs=12):
    """Draw a small election, with ties in plenty."""
    ids = [f"p{number}" for number in range(draw(st.integers(1, projects)))]
    cost = {each: draw(st.integers(1, costs)) for each in ids}
    ballots = draw(
        st.lists(st.dictionaries(st.sampled_from(ids), st.integers(1, most_points)), min_size=1, max_size=voters)
    )
    return election(draw(st.integers(1, costs * 2)), cost, *ballots)


def files():
    """Return the files of cities, none where they are not at hand."""
    for shared in (os.environ.get("HAITANG_SHARED", ""), ROOT / "../shared"):
        found = sorted(Path(shared, "data", "pabulib").glob("*.pb")) if shared else []
        if found:
            return found
    return []


def city(name):
    """Return a city's file; the test is skipped where it is not at hand."""
    for path in files():
        if path.stem == name:
            return path
    pytest.skip("Pabulib's files are not on this machine (../shared/data/pabulib, or name its place in HAITANG_SHARED)")
