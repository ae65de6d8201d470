"""Whom an outcome serves: who has won something, by district and group, and groups that could have claimed more.

Source: EJR+.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from haitang.tallying.terms import Election, Ints


@dataclass(frozen=True)
class Served:
    """Of so many voters so many have at least one project that they supported among those chosen."""

    voters: int
    served: int

    @property
    def share(self) -> Fraction | None:
        """Return their share, None where nobody voted."""
        return Fraction(self.served, self.voters) if self.voters else None


@dataclass(frozen=True)
class Claim:
    """A group that could have claimed a project: all support it, their part of the money pays for it and for everything
    they have won.

    voters: how many, at least. entitled: their part of the budget, in smallest units, rounded down. won: the most that
    one of them has won, as the cost of chosen projects that they support.
    """

    project: str
    voters: int
    entitled: int
    won: int
    cost: int


@dataclass(frozen=True)
class Fairness:
    """The figures of an outcome. served by group: for each attribute of voters, for each of its values.

    won: the cost of the chosen projects that a voter supports, a mean over all voters. claims: projects that a group
    could have claimed, at most one claim each.
    """

    served: Served
    by_group: Mapping[str, Mapping[str, Served]]
    won: Fraction
    claims: tuple[Claim, ...]


def fairness(election: Election, chosen: Iterable[str], groups: Mapping[str, Sequence[str]] | None = None) -> Fairness:
    """Return whom an outcome serves.

    groups: for each attribute (district, age, sex) the value of every voter, in the order of the ballots; voters with
    an empty value are in no group. Small groups are not suppressed here: who publishes the figures does that.
    """
    ids = set(chosen)
    positions = [at for at, each in enumerate(election.projects) if each.id in ids]
    won = _won(election, positions)
    has = np.zeros(election.votes.voters, dtype=bool)
    for at in positions:
        has[election.supporters(at)[0]] = True
    by_group = {
        name: {
            value: Served(int(mask.sum()), int((mask & has).sum()))
            for value in sorted({*values} - {""})
            for mask in [np.array([each == value for each in values], dtype=bool)]
        }
        for name, values in (groups or {}).items()
    }
    voters = election.votes.voters
    mean = Fraction(int(won.sum()), max(voters, 1))
    return Fairness(Served(voters, int(has.sum())), by_group, mean, tuple(_claims(election, ids, won)))


def claims(election: Election, chosen: Iterable[str]) -> tuple[Claim, ...]:
    """Return the projects that a group of voters could have claimed: violations of EJR+ up to one project.

    A group of s voters, all for a project that was not chosen, has a claim where everyone in it has won so little that
    what they have won and the project cost no more together than s of n parts of the budget. Whom to take is plain:
    those who have won least, so that it is enough to look at as many groups as the project has supporters.
    """
    ids = set(chosen)
    positions = [at for at, each in enumerate(election.projects) if each.id in ids]
    return tuple(_claims(election, ids, _won(election, positions)))


def _won(election: Election, chosen: Iterable[int]) -> Ints:
    """Return for each voter what the chosen projects that they support cost."""
    won = np.zeros(election.votes.voters, dtype=np.int64)
    for at in chosen:
        won[election.supporters(at)[0]] += election.projects[at].cost
    return won


def _claims(election: Election, chosen: set[str], won: Ints) -> Iterable[Claim]:
    voters = election.votes.voters
    for at, project in enumerate(election.projects):
        who, _ = election.supporters(at)
        if project.id in chosen or project.cost > election.budget or not len(who):
            continue
        mine = np.sort(won[who])
        size = np.arange(1, len(who) + 1, dtype=np.int64)
        entitled = size * election.budget // voters  # below 2^63: both are bounded where elections are read
        enough = np.flatnonzero(mine + project.cost <= entitled)
        if len(enough):
            least = int(enough[0])
            yield Claim(project.id, least + 1, int(entitled[least]), int(mine[least]), project.cost)
