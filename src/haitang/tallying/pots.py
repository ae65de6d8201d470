"""Several pots of money in one round: one for each community, and one for the whole city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from haitang.tallying.rules import Rule, tally
from haitang.tallying.terms import Election, Ints, Outcome, Votes


@dataclass(frozen=True)
class Pot:
    """Money for some projects of a round. voters: who may vote about them, numbers of ballots; None for everybody.

    rest_to: the pot, further down the list, that gets what this one leaves; None where it is kept.
    """

    id: str
    budget: int
    projects: frozenset[str]
    voters: frozenset[int] | None = None
    rest_to: str | None = None


@dataclass(frozen=True)
class PotOutcome:
    """What a pot bought. budget: its own and what it got from others; left: what it kept or gave on."""

    budget: int
    outcome: Outcome
    left: int


def tally_pots(election: Election, pots: Sequence[Pot], rule: Rule) -> Mapping[str, PotOutcome]:
    """Return what each pot buys under the rule, one pot after another as they are listed.

    A mark of a voter for a project of a pot in which they have no vote does not count. The budget of `election` is not
    looked at.

    Raises ValueError where a project is in two pots or in none, or a rest goes to a pot that is not further down.
    """
    _check(election, pots)
    given = {pot.id: pot.budget for pot in pots}
    found = {}
    for pot in pots:
        budget = given[pot.id]
        outcome = tally(part_of(election, pot, budget), rule)
        left = budget - outcome.cost
        if pot.rest_to is not None:
            given[pot.rest_to] += left
        found[pot.id] = PotOutcome(budget, outcome, left)
    return found


def part_of(election: Election, pot: Pot, budget: int) -> Election:
    """Return the election of one pot: its projects, its voters, its money."""
    votes = election.votes
    voters = np.arange(votes.voters) if pot.voters is None else np.array(sorted(pot.voters), dtype=np.int64)
    here = [at for at, each in enumerate(election.projects) if each.id in pot.projects]
    new_voter: Ints = np.full(votes.voters, -1, dtype=np.int64)
    new_voter[voters] = np.arange(len(voters))
    new_project: Ints = np.full(len(election.projects), -1, dtype=np.int64)
    new_project[here] = np.arange(len(here))
    voter, project = new_voter[votes.voter], new_project[votes.project]
    kept = (voter >= 0) & (project >= 0)
    return replace(
        election, budget=budget, projects=tuple(election.projects[at] for at in here),
        votes=Votes(len(voters), voter[kept], project[kept], votes.points[kept]),
    )  # fmt: skip


def _check(election: Election, pots: Sequence[Pot]) -> None:
    held = sorted(each for pot in pots for each in pot.projects)
    if held != sorted(each.id for each in election.projects):
        raise ValueError("each project belongs to exactly one pot")
    names = [pot.id for pot in pots]
    for at, pot in enumerate(pots):
        if pot.rest_to is not None and pot.rest_to not in names[at + 1 :]:
            raise ValueError("a rest goes to a pot further down")
