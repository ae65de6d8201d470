"""How fast a made-up city is dispatched: for `haitang bench` and for nobody else."""

import time
from dataclasses import dataclass

import numpy as np

from haitang.matching.assigning import assign, problem_of
from haitang.matching.flow import solve
from haitang.matching.terms import WEEK, Assignment, Person, Task, Weights

_SKILLS = [f"skill {number}" for number in range(15)]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Seconds for an assignment with everything around it, and for the bare solver with its arcs laid out."""

    seconds: float
    bare_seconds: float
    found: Assignment


def dispatch(tasks: int, people: int, seed: int = 1) -> Dispatch:
    """Assign so many orders to so many people of a made-up city."""
    orders, helpers = city(tasks, people, seed)
    begun = time.perf_counter()
    found = assign(orders, helpers)
    between = time.perf_counter()
    problem = problem_of(orders, helpers, Weights())
    laid_out = time.perf_counter()
    solve(problem)
    return Dispatch(between - begun, time.perf_counter() - laid_out, found)


def city(tasks: int, people: int, seed: int = 1) -> tuple[list[Task], list[Person]]:
    """Return orders and people at random: two skills a person, evenings and weekends, reaches of 500 m to 3 km."""
    random = np.random.default_rng(seed)
    width = (people / 50_000) ** 0.5 * 0.3
    lons, lats = (start + random.random(tasks + people) * width for start in (121.3, 31.1))
    places = list(zip(lons.tolist(), lats.tolist(), strict=True))
    week = WEEK * 105_000
    orders = []
    for number in range(tasks):
        day, hour = int(random.integers(7)), int(random.integers(8, 20))
        begin = week + day * 1440 + hour * 60
        orders.append(
            Task(
                number, places[number], frozenset({_SKILLS[random.integers(len(_SKILLS))]}),
                span=(begin, begin + 120), minutes=60, slot=(day, hour // 6), kind=f"kind {random.integers(8)}",
            )
        )  # fmt: skip
    helpers = []
    for number in range(people):
        from_day, from_hour = int(random.integers(7)), int(random.integers(8, 18))
        times = tuple(
            ((from_day + more) % 7 * 1440 + from_hour * 60, (from_day + more) % 7 * 1440 + 1260) for more in range(4)
        )
        helpers.append(
            Person(
                number, places[tasks + number], int(random.choice([500, 1000, 1500, 3000])),
                frozenset(_SKILLS[at] for at in random.choice(len(_SKILLS), 2, replace=False)),
                times=tuple(sorted(times)), room=int(random.integers(1, 4)), load=int(random.poisson(1.5)),
                likes=frozenset({f"kind {random.integers(8)}"}) if random.random() < 0.3 else frozenset(),
            )
        )  # fmt: skip
    return orders, helpers
