"""The words of a tally: projects, what voters gave them, limits, what became of each project and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Number = int | str | Fraction
"""What a reason is told with: amounts in the smallest unit of money, votes, shares, ids."""


@dataclass(frozen=True, slots=True)
class Project:
    """One project on the ballot. cost: whole number of the election's smallest unit of money.

    order: for the tie-break `earlier`, lower was handed in first. marks: what caps go by, e.g. {"district": {"东区"}}.
    """

    id: str
    cost: int
    name: str = ""
    order: int = 0
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Votes:
    """What `voters` ballots gave to the projects, as three columns of equal length: one entry per mark on a ballot.

    voter: number of the ballot, from 0. project: position in the list of projects. points: above or below 0, never 0;
    1 everywhere where voters approve. A ballot gives to a project once; an empty ballot has no entry and counts as one.
    """

    voters: int
    voter: Ints
    project: Ints
    points: Ints

    @classmethod
    def of(cls, ballots: Sequence[Mapping[int, int]]) -> "Votes":
        """Return the votes of ballots that map positions of projects to points."""
        given = [(at, *mark) for at, ballot in enumerate(ballots) for mark in ballot.items() if mark[1]]
        columns = np.array(given, dtype=np.int64).reshape(-1, 3)
        return cls(len(ballots), columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy())

    def counts(self, projects: int) -> list[int]:
        """Return for each project how many ballots gave it something above 0."""
        return [int(each) for each in np.bincount(self.project[self.points > 0], minlength=projects)]

    def scores(self, projects: int) -> list[int]:
        """Return for each project the sum of its points, exactly."""
        most = int(np.abs(self.points).max(initial=0))
        if most * max(len(self.points), 1) >= 2**62:
            sums = [0] * projects
            for at, points in zip(self.project.tolist(), self.points.tolist(), strict=True):
                sums[at] += points
            return sums
        found = np.zeros(projects, dtype=np.int64)
        np.add.at(found, self.project, self.points)  # whole numbers, below 2^62 by the line above
        return [int(each) for each in found]

    @cached_property
    def supporters(self) -> tuple[list[Ints], list[Ints | None]]:
        """Return for each project the voters that gave it something above 0, and their points, None where all are 1."""
        above = self.points > 0
        project, voter, points = self.project[above], self.voter[above], self.points[above]
        order = np.lexsort((voter, project))
        project, voter, points = project[order], voter[order], points[order]
        size = int(project.max(initial=-1)) + 1
        ends = np.searchsorted(project, np.arange(1, size)) if size else np.zeros(0, dtype=np.int64)
        who = np.split(voter, ends)
        given = np.split(points, ends)
        return who, [None if bool((each == 1).all()) else each for each in given]


@dataclass(frozen=True)
class Cap:
    """At most so much money, or so many projects, of those that carry a mark: `district` 东区, `category` 绿化."""

    kind: str
    value: str
    cost: int | None = None
    count: int | None = None

    def covers(self, project: Project) -> bool:
        """Tell whether the project counts towards this cap."""
        return self.value in project.marks.get(self.kind, ())


@dataclass(frozen=True)
class Turnout:
    """At least this share of those entitled must have voted, else nothing is chosen; exactly this share is enough."""

    voted: int
    entitled: int
    least: Fraction

    @property
    def enough(self) -> bool:
        """Tell whether enough have voted."""
        return self.voted * self.least.denominator >= self.least.numerator * self.entitled

    @property
    def needed(self) -> int:
        """Return the least number of votes that would be enough."""
        return -(-self.least.numerator * self.entitled // self.least.denominator)


@dataclass(frozen=True)
class Limits:
    """What a project must have, and what may not be chosen together.

    least_score: sum of points (votes, where voters approve). least_votes: ballots that gave it something.
    excluding: sets of ids of which at most one is chosen. most_projects: chosen at most, None for no bound.
    turnouts: by value of the mark `district`; projects of a district below its turnout are out.
    """

    least_score: int | None = None
    least_votes: int | None = None
    excluding: tuple[frozenset[str], ...] = ()
    caps: tuple[Cap, ...] = ()
    most_projects: int | None = None
    turnout: Turnout | None = None
    turnouts: Mapping[str, Turnout] = field(default_factory=dict)


@dataclass(frozen=True)
class Election:
    """What is to be tallied. budget and costs: whole numbers of the smallest unit of money; unit: how many make one
    unit of currency (100 where amounts are in cents), which is the step of the completion `add1`."""

    budget: int
    projects: tuple[Project, ...]
    votes: Votes
    unit: int = 1

    def __post_init__(self) -> None:
        if len({each.id for each in self.projects}) < len(self.projects):
            raise ValueError("a project comes twice")
        if self.budget < 0 or self.unit < 1 or any(each.cost < 0 for each in self.projects):
            raise ValueError("money below 0")

    @cached_property
    def scores(self) -> list[int]:
        """Return the points of each project."""
        return self.votes.scores(len(self.projects))

    @cached_property
    def counts(self) -> list[int]:
        """Return the ballots in favour of each project."""
        return self.votes.counts(len(self.projects))

    @cached_property
    def scores_above(self) -> list[int]:
        """Return the points above 0 of each project."""
        if not (self.votes.points < 0).any():
            return self.scores
        above = self.votes.points > 0
        votes = self.votes
        return Votes(votes.voters, votes.voter[above], votes.project[above], votes.points[above]).scores(
            len(self.projects)
        )

    @cached_property
    def twins(self) -> list[int]:
        """Return for each project the first one to which the same voters gave the same points."""
        first: dict[tuple[bytes, bytes], int] = {}
        found = []
        for at in range(len(self.projects)):
            who, points = self.supporters(at)
            found.append(first.setdefault((who.tobytes(), b"" if points is None else points.tobytes()), at))
        return found

    def supporters(self, at: int) -> tuple[Ints, Ints | None]:
        """Return who gave something to the project at this position, and how much; None for one point each."""
        who, points = self.votes.supporters
        return (who[at], points[at]) if at < len(who) else (np.zeros(0, dtype=np.int64), None)


class Why(StrEnum):
    """Why a project was chosen or not. What each is told with stands in `wording`."""

    CHOSEN = "chosen"
    TURNOUT = "turnout"
    DISTRICT_TURNOUT = "district_turnout"
    TOO_DEAR = "too_dear"
    FEW_POINTS = "few_points"
    FEW_VOTES = "few_votes"
    NO_VOTES = "no_votes"
    EXCLUDED = "excluded"
    CAP_COST = "cap_cost"
    CAP_COUNT = "cap_count"
    FULL = "full"
    NO_ROOM = "no_room"
    ENDED = "ended"
    SUPPORTERS_SHORT = "supporters_short"
    COMPARED = "compared"


@dataclass(frozen=True)
class Reason:
    """A code and the numbers that it is told with."""

    why: Why
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True)
class Fate:
    """What became of a project. place: from 1 in the order of choice, None where it was not chosen."""

    project: str
    place: int | None
    reason: Reason

    @property
    def chosen(self) -> bool:
        """Tell whether the project was chosen."""
        return self.place is not None


@dataclass(frozen=True)
class Outcome:
    """The result of a tally. chosen: ids in the order of choice. fates: of every project, by id.

    share: what each voter could spend in the end, under rules that share the money; steps: times it was raised by one
    unit. compared: where two outcomes were compared, the voters for the shares and those for the greedy outcome.
    """

    rule: str
    chosen: tuple[str, ...]
    cost: int
    fates: Mapping[str, Fate]
    share: Fraction | None = None
    steps: int = 0
    compared: tuple[int, int] | None = None


def cost_of(projects: Iterable[Project]) -> int:
    """Return what the projects cost together."""
    return sum(each.cost for each in projects)
