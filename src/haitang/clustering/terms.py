"""What is asked of `find_groups`, and what it answers."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Id: TypeAlias = int | str
Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

AGREE, PASS, DISAGREE = 1, 0, -1
OUTSIDE = -1
"""The group of somebody who has voted too little to belong to one."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The constants by which groups are found; policy of whoever calls. As shipped they are those of Polis.

    least_votes: who has voted on fewer statements belongs to no group (on all of them, where there are fewer).
    least_people: with fewer than so many, those with the next most votes belong as well.
    cells: into how many small cells people are gathered before cells are gathered into groups.
    per_group: one group more is tried for every so many people (of at most `cells`), beyond two, which always are.
    least_group: people that make a group. level: the z beyond which a difference counts (1.2816: nine in ten).
    named: statements named for a group, for all, and as bridges, at most.
    """

    least_votes: int = 7
    least_people: int = 15
    cells: int = 100
    per_group: int = 12
    least_group: int = 2
    level: float = 1.2816
    named: int = 5

    def __post_init__(self) -> None:
        for name in ("least_votes", "cells", "per_group"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")
        if self.least_group < 2:
            raise ValueError("nobody is a group alone: least_group must be at least 2")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many voted what on a statement; those who did not are in none of the three."""

    agree: int
    disagree: int
    passed: int

    @property
    def seen(self) -> int:
        """Return how many voted on it."""
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True, slots=True)
class Telling:
    """A statement by which a group can be told from the rest.

    agrees: whether the group stands out by agreeing or by disagreeing. share: of those of the group who voted on it,
    smoothed. times: how many times the share of the rest. share_z, times_z: how sure both are (`Rules.level`).
    """

    statement: Id
    agrees: bool
    share: float
    times: float
    share_z: float
    times_z: float

    @property
    def weight(self) -> float:
        """Return by what statements of a group are ordered."""
        return self.times * self.times_z * self.share * self.share_z


@dataclass(frozen=True, slots=True)
class Common:
    """A statement that people agree on, or disagree with, across groups. score: by what such are ordered, 0 to 1."""

    statement: Id
    agrees: bool
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """People who vote alike. centre: where they are on the picture. telling: agreed ones first, then by weight."""

    people: int
    centre: tuple[float, float]
    telling: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in numbers. everybody: all who voted; groups: those of each group.

    shared, refused: the product over all groups of the smoothed share that agrees, that disagrees.
    priority: how much is learnt by asking the next participant about it.
    """

    id: Id
    everybody: Tally
    groups: tuple[Tally, ...]
    shared: float
    refused: float
    priority: float


@dataclass(frozen=True, slots=True)
class Opinions:
    """What came out. group, place: by position in people, OUTSIDE and a place on the picture for who is in no group.

    groups: the largest first; one or none where people do not fall apart. fits: how well each number of groups that was
    tried fits (mean silhouette, -1 to 1). consensus: what most of all people share, bridges: what most of every group
    shares; both the agreed ones first.
    """

    people: tuple[Id, ...]
    group: Ints
    place: Floats
    groups: tuple[Group, ...]
    fits: dict[int, float]
    statements: tuple[Statement, ...]
    consensus: tuple[Common, ...]
    bridges: tuple[Common, ...]
