"""Which people fit which tasks, and what each pair costs by itself: skill, language, reach, barred, time, room.

Nothing goes over all tasks times all people one by one. People are first told apart by skills and languages, then found
by their reach in a tree over the tasks; whatever else is asked is asked once for each two that differ in it (the same
free times, the same span), however many pairs share them.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely

from haitang.matching.flow import Ints
from haitang.matching.spans import free_minutes
from haitang.matching.terms import Lack, Person, Task, Weights, Wish

EARTH = 6_371_008.8
"""Mean radius in metres."""
_TASKS_AT_ONCE = 500
_TABLE = 4_000_000

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs that fit, sorted by task, then person (both by position), and the points of each, by part.

    metres, free: -1 where the task has no place, no span. rank: of the person for this task alone, from 1.
    left: for each task, how many people are left after each question; fitting: after all of them.
    """

    left: dict[Lack, Ints]
    task: Ints
    person: Ints
    metres: Ints
    free: Ints
    distance: Ints
    skill: Ints
    time: Ints
    wish: Ints
    rank: Ints

    @property
    def cost(self) -> Ints:
        """Return what each pair costs by itself."""
        return self.distance + self.skill + self.time + self.wish

    @property
    def fitting(self) -> Ints:
        """Return for each task how many people fit."""
        return self.left[Lack.ROOM]


def pair(tasks: Sequence[Task], people: Sequence[Person], weights: Weights, candidates: int) -> Pairs:
    """Return the pairs that fit, at most the `candidates` cheapest of each task, for tasks and people sorted by id."""
    look = _Look(tasks, people, weights)
    left: dict[Lack, Ints] = {lack: np.zeros(len(tasks), np.int64) for lack in Lack if lack is not Lack.TAKEN}
    found = [look.cheapest(look.price(*each), candidates) for each in _in_reach(tasks, people, look, left)]
    columns = [np.concatenate([part[at] for part in found] or [np.zeros(0, dtype=np.int64)]) for at in range(9)]
    order = np.lexsort((columns[1], columns[0]))
    return Pairs(left, *(column[order] for column in columns))


def metres_between(lon: np.ndarray, lat: np.ndarray, other_lon: np.ndarray, other_lat: np.ndarray) -> Ints:
    """Return the whole metres between points on the sphere."""
    one, other = np.radians(lat), np.radians(other_lat)
    half = np.sin((other - one) / 2) ** 2
    half += np.cos(one) * np.cos(other) * np.sin(np.radians(other_lon - lon) / 2) ** 2
    return np.rint(2 * EARTH * np.arcsin(np.sqrt(half))).astype(np.int64)


def codes(values: Sequence[T]) -> tuple[Ints, list[T]]:
    """Return a number for each value, the same for equal ones, and the values by number."""
    numbers: dict[T, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64), list(numbers)


def judge(one: tuple[Ints, list], other: tuple[Ints, list], i: Ints, j: Ints, ask: Callable[..., int]) -> Ints:
    """Return `ask` of each pair (i, j), asked once for each two that differ. one, other: as `codes` returns them."""
    width = len(other[1])
    key = one[0][i] * width + other[0][j]
    if len(one[1]) * width <= _TABLE:
        asked = np.flatnonzero(np.bincount(key, minlength=1))
        back = np.zeros(len(one[1]) * width + 1, dtype=np.int64)
        back[asked] = np.arange(len(asked))
        back = back[key]
    else:
        asked, back = np.unique(key, return_inverse=True)
    answers = (ask(one[1][each // width], other[1][each % width]) for each in asked.tolist())
    return np.fromiter(answers, dtype=np.int64, count=len(asked))[back]


class _Look:
    """Tasks and people in columns."""

    def __init__(self, tasks: Sequence[Task], people: Sequence[Person], weights: Weights) -> None:
        self.weights = weights
        self.task_place = _places(tasks)
        self.person_place = _places(people)
        self.reach = np.array([each.reach for each in people], dtype=np.int64)
        self.room = np.array([each.room for each in people], dtype=np.int64)
        self.load = np.array([each.load for each in people], dtype=np.int64)
        self.span = codes([each.span and (each.span, each.minutes) for each in tasks])
        self.hours = codes([(each.times, each.busy) for each in people])
        self.useful = codes([each.useful for each in tasks])
        self.skills = codes([each.skills for each in people])
        self.kind = codes([each.kind for each in tasks])
        self.wishes = codes([(each.likes, each.avoids) for each in people])
        number = {each.id: at for at, each in enumerate(people)}
        self.barred = np.array(
            [
                at * len(people) + number[one]
                for at, each in enumerate(tasks)
                for one in each.not_by
                if one in number
            ],
            dtype=np.int64,
        )  # fmt: skip

    def is_barred(self, task: Ints, person: Ints) -> np.ndarray:
        """Tell which of the pairs must not be."""
        return np.isin(task * len(self.load) + person, self.barred)

    def free(self, task: Ints, person: Ints) -> Ints:
        """Return the longest stretch in which each person is free in the task's span; -1 for tasks without one."""
        return judge(
            self.span, self.hours, task, person, lambda span, hours: free_minutes(*span, *hours) if span else -1
        )

    def price(self, task: Ints, person: Ints, metres: Ints, free: Ints) -> tuple[Ints, ...]:
        """Return the pairs in columns: task, person, metres, free, and their points by part."""
        weights = self.weights
        lacking = judge(self.useful, self.skills, task, person, lambda useful, skills: len(useful - skills))
        points = {Wish.LIKED: 0, Wish.OTHER: weights.other, Wish.AVOIDED: weights.avoided}
        wish = judge(self.kind, self.wishes, task, person, lambda kind, said: points[wish_for(kind, *said)])
        length = np.array([span[0][1] - span[0][0] if span else 0 for span in self.span[1]], dtype=np.int64)
        needed = np.array([max(span[1], 1) if span else 0 for span in self.span[1]], dtype=np.int64)
        spare = (length - needed)[self.span[0][task]]
        tight = np.where(free < 0, 0, length[self.span[0][task]] - free)
        time = weights.time * tight // np.maximum(spare, 1)
        return (
            task,
            person,
            metres,
            free,
            np.maximum(metres, 0) * weights.distance // 1000,
            lacking * weights.skill,
            time,
            wish,
        )

    def cheapest(self, pairs: tuple[Ints, ...], candidates: int) -> tuple[Ints, ...]:
        """Return the cheapest pairs of each task, and as the last column how they rank."""
        task, person = pairs[:2]
        alone = sum(pairs[4:]) + self.weights.load * (2 * self.load[person] + 1)
        order = np.lexsort((person, alone, task))
        task = task[order]
        _tasks, first = np.unique(task, return_index=True)
        rank = np.arange(len(task)) - np.repeat(first, np.diff(np.append(first, len(task)))) + 1
        kept = rank <= candidates
        return *(column[order][kept] for column in pairs), rank[kept]


def wish_for(kind: str, likes: frozenset[str], avoids: frozenset[str]) -> Wish:
    """Return what somebody with these wishes makes of a kind of task; no wish told is no wish against it."""
    if kind in avoids:
        return Wish.AVOIDED
    return Wish.LIKED if kind in likes or not likes else Wish.OTHER


def _in_reach(
    tasks: Sequence[Task], people: Sequence[Person], look: _Look, left: dict[Lack, Ints]
) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
    """Yield tasks, people, metres and free minutes of pairs that fit, all of a task at once, and fill in `left`."""
    for members, asked, able, speaking in _groups(tasks, people):
        left[Lack.CIRCLE][members] = asked
        left[Lack.SKILL][members] = able
        left[Lack.LANGUAGE][members] = len(speaking)
        for start in range(0, len(members), _TASKS_AT_ONCE):
            task, person, metres = _near(members[start : start + _TASKS_AT_ONCE], speaking, look)
            _count(left[Lack.REACH], task)
            kept = ~look.is_barred(task, person)
            task, person, metres = task[kept], person[kept], metres[kept]
            _count(left[Lack.BARRED], task)
            free = look.free(task, person)
            kept = free != 0
            task, person, metres, free = task[kept], person[kept], metres[kept], free[kept]
            _count(left[Lack.TIME], task)
            kept = look.room[person] > 0
            task, person, metres, free = task[kept], person[kept], metres[kept], free[kept]
            _count(left[Lack.ROOM], task)
            yield task, person, metres, free


def _groups(tasks: Sequence[Task], people: Sequence[Person]) -> Iterator[tuple[Ints, int, int, Ints]]:
    """Yield tasks that need the same, how many people may be asked and have the skills, and who speaks, too."""
    alike: defaultdict[tuple[str, frozenset[str], frozenset[str]], list[int]] = defaultdict(list)
    for at, task in enumerate(tasks):
        alike[task.circle, task.skills, task.languages].append(at)
    circle_code, circle_sets = codes([each.circles for each in people])
    skill_code, skill_sets = codes([each.skills for each in people])
    language_code, language_sets = codes([each.languages for each in people])
    for (circle, skills, languages), members in alike.items():
        asked = np.array([not circle or circle in each for each in circle_sets], dtype=bool)[circle_code]
        able = asked & np.array([skills <= each for each in skill_sets], dtype=bool)[skill_code]
        speaks = np.array([not languages or bool(languages & each) for each in language_sets], dtype=bool)
        yield (
            np.array(members, dtype=np.int64),
            int(asked.sum()),
            int(able.sum()),
            np.flatnonzero(able & speaks[language_code]),
        )


def _near(tasks: Ints, people: Ints, look: _Look) -> tuple[Ints, Ints, Ints]:
    """Return tasks, people and metres of the pairs in reach; a task without a place is in everybody's."""
    placed = ~np.isnan(look.task_place[tasks, 0])
    here, anywhere = tasks[placed], tasks[~placed]
    able = people[~np.isnan(look.person_place[people, 0])]
    lon, lat = look.task_place[here].T
    shrink = np.cos(np.radians(np.abs(np.concatenate([lat, look.person_place[able, 1], [0.0]])).max()))
    scale = np.radians(EARTH)
    tree = shapely.STRtree(shapely.points(lon * scale * shrink, lat * scale))
    persons = shapely.points(look.person_place[able, 0] * scale * shrink, look.person_place[able, 1] * scale)
    # Shrunk by the latitude furthest from the equator, no distance is longer than on the sphere: nobody is missed.
    by, to = tree.query(persons, predicate="dwithin", distance=look.reach[able] + 1.0)
    task, person = here[to], able[by]
    metres = metres_between(*look.task_place[task].T, *look.person_place[person].T)
    kept = metres <= look.reach[person]
    everywhere = np.repeat(anywhere, len(people)), np.tile(people, len(anywhere))
    return (
        np.concatenate([task[kept], everywhere[0]]),
        np.concatenate([person[kept], everywhere[1]]),
        np.concatenate([metres[kept], np.full(len(everywhere[0]), -1)]),
    )


def _places(things: Sequence[Task] | Sequence[Person]) -> np.ndarray:
    nowhere = (np.nan, np.nan)
    return np.array([each.place or nowhere for each in things], dtype=float).reshape(-1, 2)


def _count(into: Ints, tasks: Ints) -> None:
    into += np.bincount(tasks, minlength=len(into))
