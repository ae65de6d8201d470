"""How fast the opinions of a made-up conversation are told apart: for `haitang bench` and for nobody else."""

import time
from dataclasses import dataclass

import numpy as np

from haitang.clustering.opinions import find_groups
from haitang.clustering.projection import project
from haitang.clustering.terms import Opinions
from haitang.clustering.votes import UNKNOWN, Patterns, Votes


@dataclass(frozen=True, slots=True)
class Grouping:
    """Seconds from votes as they lie in a table to the groups, and for the bare projection; votes; what came out."""

    seconds: float
    bare_seconds: float
    votes: int
    found: Opinions


def group_made_up(people: int, statements: int, seed: int = 1) -> Grouping:
    """Find the groups of a made-up conversation."""
    cast = conversation(people, statements, seed)
    begun = time.perf_counter()
    votes = Votes.of(cast, range(statements))
    found = find_groups(votes)
    between = time.perf_counter()
    patterns = Patterns.in_(votes.matrix)
    laid_out = time.perf_counter()
    project(patterns.rows, patterns.count)
    return Grouping(between - begun, time.perf_counter() - laid_out, len(cast), found)


def conversation(people: int, statements: int, seed: int = 1) -> list[tuple[int, int, int]]:
    """Return votes at random, an eighth of all that could be cast: three camps, and a third of statements all share."""
    random = np.random.default_rng(seed)
    camps = random.normal(0, 1.2, (3, statements)) * (random.random(statements) > 1 / 3) + random.normal(
        0, 1, statements
    )
    lean = camps[random.choice(3, people, p=[0.5, 0.3, 0.2])] + random.normal(0, 1, (people, statements))
    votes = np.sign(np.where(np.abs(lean) < 0.3, 0, lean)).astype(int)
    # Some vote much and most vote little; everybody begins with a few.
    seen = random.random((people, statements)) < np.minimum(random.pareto(1.5, people) / 10, 1)[:, None]
    votes = np.where(seen, votes, UNKNOWN)
    rows, columns = np.nonzero(votes != UNKNOWN)
    return list(zip(rows.tolist(), columns.tolist(), votes[rows, columns].tolist(), strict=True))
