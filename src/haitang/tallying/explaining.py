"""What would have been enough: for each project that was not chosen, how many more votes, or how much less money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from haitang.tallying.greedy import order_of
from haitang.tallying.limits import Standing, bars
from haitang.tallying.rules import Method, Rule
from haitang.tallying.terms import Election, Fate, Limits, Outcome, Reason, Why
from haitang.tallying.ties import ranks

_GREEDY = (Method.GREEDY, Method.GREEDY_NO_SKIP, Method.GREEDY_THRESHOLD)


@dataclass(frozen=True)
class Explanation:
    """What became of a project, and what would have been enough, all else as it was; None where nothing of that kind.

    points: so many more points (votes, where voters approve). cost: it would have been chosen at this cost or less.
    voters: so many more supporters who have spent nothing could have paid it, at the share reached; with equal shares,
    `cost` is at the share reached, too.
    """

    fate: Fate
    points: int | None = None
    cost: int | None = None
    voters: int | None = None


def explain(election: Election, rule: Rule, outcome: Outcome) -> Mapping[str, Explanation]:
    """Return an explanation of every project, by id."""
    order = ranks(election, rule.ties, rule.seed)
    found = {}
    for at, project in enumerate(election.projects):
        fate = outcome.fates[project.id]
        if fate.chosen:
            found[project.id] = Explanation(fate)
        elif rule.method in _GREEDY:
            points, cost = _enough(election, order, rule, at)
            found[project.id] = Explanation(fate, points, cost)
        else:
            found[project.id] = _shared(fate)
    return found


def _shared(fate: Fate) -> Explanation:
    numbers = fate.reason.numbers
    if fate.reason.why is Why.SUPPORTERS_SHORT:
        money, voters = numbers["money"], numbers["voters"]
        cost = money if isinstance(money, int) and money > 0 else None
        return Explanation(fate, cost=cost, voters=voters if isinstance(voters, int) else None)
    left = numbers.get("left") if fate.reason.why in (Why.NO_ROOM, Why.CAP_COST) else None
    return Explanation(fate, cost=left if isinstance(left, int) and left > 0 else None)


@dataclass(frozen=True)
class _Gap:
    """A place in the order at which the project could have come: before `following`, with so much money left.

    bar: what would have kept it out there, the money apart.
    """

    following: int | None
    left: int
    bar: Reason | None


def _enough(election: Election, order: list[int], rule: Rule, at: int) -> tuple[int | None, int | None]:
    """Return the fewest more points, and the highest cost, with which a greedy rule would have chosen the project."""
    project, score = election.projects[at], election.scores[at]
    barred = bars(election, rule.limits).get(at)
    if barred and barred.why not in (Why.FEW_POINTS, Why.FEW_VOTES, Why.TOO_DEAR):
        return None, None
    least = _least_score(election, rule.limits, at)
    needed, cost = [], None
    for gap in _gaps(election, order, rule, at):
        following = gap.following
        here = least if following is None else max(least, election.scores[following] + (order[at] > order[following]))
        if gap.bar is None and project.cost <= gap.left:
            needed.append(here)
        if here <= score and cost is None:
            cost = _affordable(gap) or 0
    points = min(needed) - score if needed and min(needed) > score else None
    return points, cost if cost and cost < project.cost else None


def _affordable(gap: _Gap) -> int | None:
    """Return what a project could have cost at this place, None where its cost is not what kept it out."""
    if gap.bar is None:
        return gap.left
    room = gap.bar.numbers.get("left") if gap.bar.why is Why.CAP_COST else None
    return min(gap.left, room) if isinstance(room, int) else None


def _least_score(election: Election, limits: Limits, at: int) -> int:
    """Return the points without which the project is out, each further vote being worth one."""
    lacking = max((limits.least_votes or 0) - election.counts[at], 0)
    by_votes = election.scores[at] + lacking if lacking else 0
    return max(limits.least_score or 0, by_votes)


def _gaps(election: Election, order: list[int], rule: Rule, at: int) -> Iterator[_Gap]:
    """Yield the places in the order where the project could have come, until the rule ends, as if it were not there."""
    barred = bars(election, rule.limits)
    standing = Standing(rule.limits)
    project = election.projects[at]
    for other in order_of(election, order):
        if other == at:
            continue
        left = election.budget - standing.cost
        yield _Gap(other, left, standing.bar(project))
        one = election.projects[other]
        reason = barred.get(other) or standing.bar(one)
        if reason is None and one.cost <= left:
            standing.take(one)
        elif rule.method is Method.GREEDY_NO_SKIP and (reason is None or reason.why is Why.TOO_DEAR):
            return
    yield _Gap(None, election.budget - standing.cost, standing.bar(project))
