"""`find_groups`: from votes to groups, what they stand for, and what all of them share."""

import numpy as np

from haitang.clustering.grouping import grouped
from haitang.clustering.projection import project
from haitang.clustering.telling import bridges, consensus, in_numbers, telling
from haitang.clustering.terms import AGREE, DISAGREE, OUTSIDE, PASS, Floats, Group, Ints, Opinions, Rules, Tally
from haitang.clustering.votes import UNKNOWN, Patterns, Votes


def find_groups(votes: Votes, rules: Rules | None = None) -> Opinions:
    """Return the groups into which people fall by their votes, and every statement in numbers.

    The same votes give the same answer to the last digit, whoever cast them and in whatever order they come; people who
    voted alike are in the same group.
    """
    rules = rules or Rules()
    patterns = Patterns.in_(votes.matrix)
    asked = (patterns.rows != UNKNOWN).any(0)
    projection = project(patterns.rows[:, asked], patterns.count)
    pull = np.zeros(len(asked))
    pull[asked] = projection.pull
    inside = (patterns.rows != UNKNOWN).sum(1) >= _least(patterns, rules)
    # Places, and not patterns, decide where distances are equal: patterns are ordered by the ids of statements.
    order = np.flatnonzero(inside)[np.lexsort(projection.place[inside].T[::-1])]
    group = np.full(len(inside), OUTSIDE)
    group[order], fits = grouped(projection.place[order], patterns.count[order], rules)
    number = int(group.max(initial=OUTSIDE)) + 1
    tallies = [_tallies(patterns, group == each) for each in range(number)]
    everybody = _tallies(patterns, np.full(len(group), True))
    statements = tuple(
        in_numbers(id_, everybody[at], tuple(each[at] for each in tallies), float(pull[at]))
        for at, id_ in enumerate(votes.statements)
    )
    groups = tuple(
        Group(
            int(patterns.count[group == each].sum()),
            _middle(projection.place[group == each], patterns.count[group == each]),
            telling(statements, each, rules) if number > 1 else (),
        )
        for each in range(number)
    )
    return Opinions(
        votes.people, group[patterns.of], projection.place[patterns.of], groups, fits, statements,
        consensus(statements, rules), bridges(statements, rules),
    )  # fmt: skip


def _least(patterns: Patterns, rules: Rules) -> int:
    """Return from how many votes on people belong to groups: fewer than usual where too few people have as many."""
    cast = (patterns.rows != UNKNOWN).sum(1)
    least = min(rules.least_votes, int(cast.max(initial=1)))
    while least > 1 and patterns.count[cast >= least].sum() < rules.least_people:
        least -= 1
    return least


def _tallies(patterns: Patterns, chosen: Ints) -> list[Tally]:
    rows, count = patterns.rows[chosen], patterns.count[chosen]
    agree, disagree, passed = (_counted(rows == vote, count) for vote in (AGREE, DISAGREE, PASS))
    return [Tally(*each) for each in zip(agree, disagree, passed, strict=True)]


def _counted(voted: Ints, count: Floats) -> list[int]:
    return [int(each) for each in count @ voted]


def _middle(place: Floats, count: Floats) -> tuple[float, float]:
    x, y = np.average(place, axis=0, weights=count).tolist()
    return x, y
