"""`plan`: which resource serves which need, many to many, so that the whole gains most."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from haitang.matching.flow import Choice, Ints, Problem, choose_greedily, solve
from haitang.matching.terms import Id


@dataclass(frozen=True, slots=True)
class Pair:
    """A resource that would do for a need, and what that is worth in points, 0 to 1,000,000."""

    need: Id
    resource: Id
    gain: int


@dataclass(frozen=True, slots=True)
class Match:
    """A resource proposed for a need. rank: which of the `fitting` resources this one is for the need alone.

    first: the one worth most for it; first_goes_to: the needs that get that one instead.
    """

    need: Id
    resource: Id
    gain: int
    rank: int
    fitting: int
    first: Id
    first_goes_to: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of the greatest gain, beside two simple ones.

    matches: by need, then resource. gain, given: of the whole. unmet: what needs want beyond it; unused: what resources
    could do beyond it. greedy, greedy_gain: need after need, each the best that is still to be had.
    wishful_gain, overbooked: each need the best for itself as if nobody else asked, and how often more than there is
    would be promised in that way.
    """

    matches: tuple[Match, ...]
    gain: int
    unmet: dict[Id, int]
    unused: dict[Id, int]
    greedy: tuple[Pair, ...]
    greedy_gain: int
    wishful_gain: int
    overbooked: int

    @property
    def given(self) -> int:
        """Return how many matches there are."""
        return len(self.matches)


def plan(
    pairs: Iterable[Pair],
    *,
    wanted: Mapping[Id, int],
    capacity: Mapping[Id, int],
    met: int = 0,
    spread: int = 0,
) -> Plan:
    """Return the plan of the greatest gain, the same whatever the order of what is given.

    wanted: resources that each need takes, each another one. capacity: needs that each resource can serve. met: points
    for each match besides its gain: above all gains, as many needs as possible are served first. spread: `spread` times
    (2 n + 1) points are taken off the n-th further need of a resource, so that not one of many alike does everything.

    Raises ValueError where a pair comes twice, names what is neither wanted nor offered, or a gain is out of bounds.
    """
    needs, resources, chosen = (
        sorted(wanted),
        sorted(capacity),
        sorted(pairs, key=lambda each: (each.need, each.resource)),
    )
    _check(chosen, wanted, capacity)
    problem = _problem(chosen, wanted, capacity, needs, resources, met, spread)
    taken = solve(problem)
    greedily = choose_greedily(problem, np.arange(len(needs)))
    wishes = choose_greedily(_without_limits(problem), np.arange(len(needs)))
    matches = tuple(_explain(chosen, problem, taken))
    given = np.bincount(problem.task[taken], minlength=len(needs))
    used = np.bincount(problem.person[taken], minlength=len(resources))
    promised = np.bincount(problem.person[wishes], minlength=len(resources))
    return Plan(
        matches=matches,
        gain=sum(each.gain for each in matches),
        unmet=_more_than_none(needs, problem.wanted - given),
        unused=_more_than_none(resources, problem.room - used),
        greedy=tuple(chosen[at] for at in np.flatnonzero(greedily)),
        greedy_gain=sum(chosen[at].gain for at in np.flatnonzero(greedily)),
        wishful_gain=sum(chosen[at].gain for at in np.flatnonzero(wishes)),
        overbooked=int(np.maximum(promised - problem.room, 0).sum()),
    )


def _check(pairs: list[Pair], wanted: Mapping[Id, int], capacity: Mapping[Id, int]) -> None:
    for each in pairs:
        if each.need not in wanted or each.resource not in capacity:
            raise ValueError(f"{each} is neither wanted nor offered")
        if not 0 <= each.gain <= 1_000_000:
            raise ValueError(f"{each} gains less than nothing or too much")
    if len({(each.need, each.resource) for each in pairs}) < len(pairs):
        raise ValueError("a pair comes twice")


def _problem(
    pairs: list[Pair],
    wanted: Mapping[Id, int],
    capacity: Mapping[Id, int],
    needs: list[Id],
    resources: list[Id],
    met: int,
    spread: int,
) -> Problem:
    """Return the plan as a problem of costs: what is gained less than the most; the most and `met` for nothing."""
    need_number = {need: at for at, need in enumerate(needs)}
    resource_number = {resource: at for at, resource in enumerate(resources)}
    gain = np.array([each.gain for each in pairs], dtype=np.int64)
    most = int(gain.max(initial=0))
    return Problem(
        wanted=np.array([max(wanted[need], 0) for need in needs], dtype=np.int64),
        missing=np.full(len(needs), most + met, dtype=np.int64),
        room=np.array([max(capacity[resource], 0) for resource in resources], dtype=np.int64),
        slot_room=np.ones(len(resources), dtype=np.int64),
        load=np.zeros(len(resources), dtype=np.int64),
        load_weight=spread,
        task=np.array([need_number[each.need] for each in pairs], dtype=np.int64),
        person=np.array([resource_number[each.resource] for each in pairs], dtype=np.int64),
        cost=most - gain,
        slot=np.full(len(needs), -1, dtype=np.int64),
    )


def _without_limits(problem: Problem) -> Problem:
    return Problem(
        wanted=problem.wanted,
        missing=problem.missing,
        room=np.full_like(problem.room, int(problem.wanted.sum())),
        slot_room=problem.slot_room,
        load=problem.load,
        load_weight=0,
        task=problem.task,
        person=problem.person,
        cost=problem.cost,
        slot=problem.slot,
    )


def _explain(pairs: list[Pair], problem: Problem, taken: Choice) -> Iterator[Match]:
    order = np.lexsort((problem.person, problem.cost, problem.task))
    fitting = np.bincount(problem.task, minlength=len(problem.wanted))
    begins = np.cumsum(fitting) - fitting
    rank = np.empty(len(pairs), dtype=np.int64)
    rank[order] = np.arange(len(pairs)) - begins[problem.task[order]] + 1
    goes_to: dict[Id, list[Id]] = {}
    for at in np.flatnonzero(taken).tolist():
        goes_to.setdefault(pairs[at].resource, []).append(pairs[at].need)
    for at in np.flatnonzero(taken).tolist():
        each, number = pairs[at], int(problem.task[at])
        first = pairs[order[begins[number]]].resource
        others = tuple(need for need in goes_to.get(first, ()) if need != each.need)
        yield Match(
            each.need, each.resource, each.gain, int(rank[at]), int(fitting[number]), first,
            others if first != each.resource else (),
        )  # fmt: skip


def _more_than_none(ids: list[Id], counts: Ints) -> dict[Id, int]:
    return {each: count for each, count in zip(ids, counts.tolist(), strict=True) if count > 0}
