"""The problem in bare numbers, and its cheapest answer: minimum-cost flow, and a greedy one to compare with.

A task takes as many people as it wants, a person as many tasks as there is room, and no two of one slot. Every further
task of a person costs more than the one before (`2 n + 1` times the weight for the n-th, so that the sum grows with the
square): such a convex cost is a row of parallel arcs, cheapest first, and the flow stays exact. All numbers are whole.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

Ints = NDArray[np.int64]
Choice = NDArray[np.bool_]
"""For each pair of a problem: whether it is taken."""
_TIES = 16
"""So many people of the same cost are told apart by their position."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Who could do what, and what it costs.

    wanted, missing: for each task, how many people it wants, and what each one that it does not get costs.
    room, load: for each person, how many tasks more, and how many there have been. load_weight: what load costs.
    slot_room: for each person, how many tasks more of one slot.
    task, person, cost: for each pair that fits, the two by position, and what the pair costs by itself; sorted by
    task, then person, no pair twice. slot: for each task, in which slot it lies; -1 for none.
    """

    wanted: Ints
    missing: Ints
    room: Ints
    slot_room: Ints
    load: Ints
    load_weight: int
    task: Ints
    person: Ints
    cost: Ints
    slot: Ints


def solve(problem: Problem) -> Choice:
    """Return the choice of the lowest `total`; the same for the same problem, on every run.

    Of choices that cost the same it is one with the lower positions of people: costs are stretched so far apart that
    all ties together weigh less than one point.

    Raises OverflowError where costs are too large for 64 bits; weights in their bounds never get there.
    """
    tasks, pairs = len(problem.wanted), len(problem.task)
    if not pairs:
        return np.zeros(0, dtype=bool)
    people, person = np.unique(problem.person, return_inverse=True)
    person = person.astype(np.int64)
    entry = tasks + person
    sink = tasks + len(people)
    slots, slot_person = _slots(problem, person)
    shared = slots >= 0
    entry[shared] = sink + 1 + slots[shared]

    degree = np.bincount(person, minlength=len(people))
    room = np.minimum(problem.room[people], degree)
    step_person = np.repeat(np.arange(len(people)), room)
    step = np.arange(len(step_person)) - np.repeat(np.cumsum(room) - room, room)
    step_cost = problem.load_weight * (2 * (problem.load[people][step_person] + step) + 1)

    stretch = _TIES * int(problem.wanted.sum()) + 1
    arcs = [
        (problem.task, entry, np.ones(pairs, dtype=np.int64), problem.cost * stretch + _ties(problem)),
        (np.arange(tasks), np.full(tasks, sink), problem.wanted, problem.missing * stretch),
        (sink + 1 + np.arange(len(slot_person)), tasks + slot_person, problem.slot_room[people][slot_person],
         np.zeros(len(slot_person), dtype=np.int64)),
        (tasks + step_person, np.full(len(step), sink), np.ones(len(step), dtype=np.int64), step_cost * stretch),
    ]  # fmt: skip
    tail, head, capacity, cost = (np.concatenate(each) for each in zip(*arcs, strict=True))
    flow = SimpleMinCostFlow()
    numbers = flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    flow.set_nodes_supplies(np.arange(tasks), problem.wanted)
    flow.set_node_supply(sink, -int(problem.wanted.sum()))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise OverflowError(f"no assignment found: {status.name}")
    return flow.flows(numbers[:pairs]) > 0


def choose_greedily(problem: Problem, order: Ints) -> Choice:
    """Return what one gets who takes the tasks one by one in this order, each time whoever is cheapest just then."""
    taken = np.zeros(len(problem.task), dtype=bool)
    room, load = problem.room.copy(), problem.load.copy()
    begins = np.searchsorted(problem.task, np.arange(len(problem.wanted) + 1))
    engaged: Counter[tuple[int, int]] = Counter()
    for task in order.tolist():
        first, last = begins[task], begins[task + 1]
        person = problem.person[first:last]
        cost = problem.cost[first:last] + problem.load_weight * (2 * load[person] + 1)
        slot, wanted = int(problem.slot[task]), int(problem.wanted[task])
        for place in np.lexsort((person, cost)).tolist():
            one = int(person[place])
            if not wanted:
                break
            has_room = room[one] and (slot < 0 or engaged[one, slot] < problem.slot_room[one])
            if has_room and cost[place] < problem.missing[task]:
                taken[first + place] = True
                wanted -= 1
                room[one] -= 1
                load[one] += 1
                engaged[one, slot] += 1
    return taken


def total(problem: Problem, taken: Choice) -> int:
    """Return what a choice costs: its pairs, the load that it brings, and whatever tasks do not get."""
    more = np.bincount(problem.person[taken], minlength=len(problem.room))
    load = problem.load_weight * ((problem.load + more) ** 2 - problem.load**2).sum()
    lacking = problem.wanted - np.bincount(problem.task[taken], minlength=len(problem.wanted))
    return int(problem.cost[taken].sum() + load + (lacking * problem.missing).sum())


def _ties(problem: Problem) -> Ints:
    """Return for each pair how many people before this one cost its task just as much, `_TIES - 1` at most."""
    alone = problem.cost + problem.load_weight * (2 * problem.load[problem.person] + 1)
    order = np.lexsort((problem.person, alone, problem.task))
    task, alone = problem.task[order], alone[order]
    begins = np.flatnonzero(np.append(True, (task[1:] != task[:-1]) | (alone[1:] != alone[:-1])))
    ties = np.empty(len(order), dtype=np.int64)
    ties[order] = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    return np.minimum(ties, _TIES - 1)


def _slots(problem: Problem, person: Ints) -> tuple[Ints, Ints]:
    """Return for each pair the number of its (person, slot), -1 where the person has only one task of that slot,
    and for each such number the person.
    """
    slot = problem.slot[problem.task]
    placed = np.flatnonzero(slot >= 0)
    key = person[placed] * (int(problem.slot.max(initial=0)) + 1) + slot[placed]
    _distinct, first, number, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    crowded = count > 1
    renumbered = np.where(crowded, np.cumsum(crowded) - 1, -1)
    slots = np.full(len(slot), -1, dtype=np.int64)
    slots[placed] = renumbered[number]
    return slots, person[placed[first[crowded]]]
