"""`assign`: the cheapest way to give a batch of tasks to people, with reasons, beside what a greedy dispatcher gets."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeVar

import numpy as np

from haitang.matching.flow import Choice, Ints, Problem, choose_greedily, solve, total
from haitang.matching.pairing import Pairs, codes, pair, wish_for
from haitang.matching.terms import Assignment, Figures, Lack, Parts, Person, Proposal, Task, Unmet, Weights

Thing = TypeVar("Thing", Task, Person)


def assign(tasks: Iterable[Task], people: Iterable[Person], weights: Weights | None = None) -> Assignment:
    """Return the assignment of the lowest cost, the same whatever the order of tasks and people.

    Everything that fits is looked at where a task has no more than `weights.candidates` people; of others the cheapest
    so many, and four times as many as long as a task goes without while somebody was not looked at.

    Raises ValueError where an id comes twice.
    """
    weights = weights or Weights()
    tasks, people = _sorted(tasks), _sorted(people)
    candidates = weights.candidates
    while True:
        pairs = pair(tasks, people, weights, candidates)
        problem = _problem(tasks, people, pairs, weights)
        taken = solve(problem)
        looked_at = np.bincount(pairs.task, minlength=len(tasks))
        given = np.bincount(pairs.task[taken], minlength=len(tasks))
        if not ((given < problem.wanted) & (looked_at < pairs.fitting)).any():
            break
        candidates *= 4
    order = np.lexsort((np.arange(len(tasks)), -np.array([task.priority for task in tasks], dtype=np.int64)))
    greedily = choose_greedily(problem, order)
    return Assignment(
        proposals=tuple(_explain(tasks, people, pairs, taken, weights)),
        unmet=tuple(_lacks(tasks, pairs, given)),
        figures=_figures(tasks, people, problem, pairs, taken),
        greedy=_figures(tasks, people, problem, pairs, greedily),
        fitting=int(pairs.fitting.sum()),
        left_out=int((pairs.fitting - looked_at).sum()),
    )


def problem_of(tasks: Iterable[Task], people: Iterable[Person], weights: Weights) -> Problem:
    """Return what `assign` hands to the solver at first: for measuring the solver alone."""
    tasks, people = _sorted(tasks), _sorted(people)
    return _problem(tasks, people, pair(tasks, people, weights, weights.candidates), weights)


def _sorted(things: Iterable[Thing]) -> list[Thing]:
    found = sorted(things, key=lambda each: each.id)
    for one, other in pairwise(found):
        if one.id == other.id:
            raise ValueError(f"{one.id!r} comes twice")
    return found


def _problem(tasks: list[Task], people: list[Person], pairs: Pairs, weights: Weights) -> Problem:
    slots, names = codes([task.slot for task in tasks])
    free = names.index(None) if None in names else -1
    return Problem(
        wanted=_column(max(task.helpers, 0) for task in tasks),
        missing=_column(weights.missing * max(task.priority, 1) for task in tasks),
        room=_column(max(person.room, 0) for person in people),
        slot_room=_column(max(person.slot_room, 0) for person in people),
        load=_column(person.load for person in people),
        load_weight=weights.load,
        task=pairs.task,
        person=pairs.person,
        cost=pairs.cost,
        slot=np.where(slots == free, -1, slots),
    )


def _explain(
    tasks: list[Task], people: list[Person], pairs: Pairs, taken: Choice, weights: Weights
) -> Iterator[Proposal]:
    first = {int(pairs.task[at]): int(pairs.person[at]) for at in np.flatnonzero(pairs.rank == 1)}
    so_far: dict[int, int] = {}
    for at in np.flatnonzero(taken).tolist():
        number, who = int(pairs.task[at]), int(pairs.person[at])
        task, person = tasks[number], people[who]
        load = so_far.get(who, person.load)
        so_far[who] = load + 1
        distance, skill, time, wish = (int(each[at]) for each in (pairs.distance, pairs.skill, pairs.time, pairs.wish))
        yield Proposal(
            task=task.id,
            person=person.id,
            parts=Parts(distance, skill, time, wish, weights.load * (2 * load + 1)),
            metres=int(pairs.metres[at]) if task.place else None,
            skills=tuple(sorted(task.skills)),
            languages=tuple(sorted(task.languages & person.languages)),
            useful=tuple(sorted(task.useful & person.skills)),
            lacking=tuple(sorted(task.useful - person.skills)),
            free=int(pairs.free[at]) if task.span else None,
            wish=wish_for(task.kind, person.likes, person.avoids),
            load=load,
            rank=int(pairs.rank[at]),
            fitting=int(pairs.fitting[number]),
            first=people[first[number]].id,
        )


def _lacks(tasks: list[Task], pairs: Pairs, given: Ints) -> Iterator[Unmet]:
    for number, task in enumerate(tasks):
        missing = task.helpers - int(given[number])
        if missing > 0:
            left = {lack: int(counts[number]) for lack, counts in pairs.left.items()}
            why = next((lack for lack, count in left.items() if count < task.helpers), Lack.TAKEN)
            yield Unmet(task.id, missing, why, left)


def _figures(tasks: list[Task], people: list[Person], problem: Problem, pairs: Pairs, taken: Choice) -> Figures:
    task, person = pairs.task[taken], pairs.person[taken]
    more = np.bincount(person, minlength=len(people))
    given = zip(task.tolist(), person.tolist(), strict=True)
    return Figures(
        cost=total(problem, taken),
        assigned=len(task),
        missing=int(problem.wanted.sum()) - len(task),
        metres=int(np.maximum(pairs.metres[taken], 0).sum()),
        busiest=int((problem.load + more)[more > 0].max(initial=0)),
        avoided=sum(tasks[number].kind in people[who].avoids for number, who in given),
    )


def _column(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)
