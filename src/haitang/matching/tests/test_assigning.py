"""Best is best: against an exact search that shares no line with the solver; and whatever order the input has."""

import random
from collections import Counter
from datetime import datetime
from functools import cache
from math import asin, cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core.clock import LOCAL
from haitang.matching import Figures, Lack, Person, Task, Weights, Wish, assign, minute_of

WEIGHTS = Weights(missing=5_000)
MONDAY = minute_of(datetime(2026, 11, 16, tzinfo=LOCAL))
"""A Monday 00:00."""
SPOTS = [(121.40, 31.20), (121.405, 31.20), (121.41, 31.205), (121.43, 31.21)]
SKILLS = ["理发", "水电", "陪诊"]

some_skills = st.frozensets(st.sampled_from(SKILLS), max_size=2)
some_kinds = st.frozensets(st.sampled_from(["修", "陪"]), max_size=1)
spans = st.sampled_from(
    [None, (MONDAY + 480, MONDAY + 720), (MONDAY + 600, MONDAY + 900), (MONDAY + 3000, MONDAY + 3100)]
)
tasks = st.builds(
    Task,
    id=st.just(0),
    circle=st.sampled_from(["", "党员"]),
    place=st.sampled_from([None, *SPOTS]),
    skills=some_skills,
    useful=some_skills,
    span=spans,
    minutes=st.sampled_from([0, 60, 120]),
    slot=st.sampled_from([None, "上午", "下午"]),
    kind=st.sampled_from(["修", "陪"]),
    helpers=st.integers(1, 2),
    priority=st.integers(1, 2),
    not_by=st.frozensets(st.integers(0, 3), max_size=1),
)
people = st.builds(
    Person,
    id=st.just(0),
    circles=st.sampled_from([frozenset(), frozenset({"党员"})]),
    place=st.sampled_from([None, *SPOTS]),
    reach=st.sampled_from([300, 1000, 5000]),
    skills=st.frozensets(st.sampled_from(SKILLS)),
    times=st.sampled_from([(), ((480, 720),), ((540, 620), (660, 1000))]),
    busy=st.sampled_from([(), ((MONDAY + 500, MONDAY + 660),)]),
    room=st.integers(0, 3),
    slot_room=st.integers(1, 2),
    load=st.integers(0, 3),
    likes=some_kinds,
    avoids=some_kinds,
)


def numbered(things):
    return [
        type(thing)(**{name: getattr(thing, name) for name in thing.__slots__} | {"id": at})
        for at, thing in enumerate(things)
    ]


def points(task: Task, person: Person) -> int | None:
    """What the pair costs by itself, written once more from what the terms say; None where it does not fit."""
    if not task.skills <= person.skills or person.id in task.not_by or not person.room:
        return None
    if task.circle and task.circle not in person.circles:
        return None
    metres = 0
    if task.place:
        if not person.place:
            return None
        (lon, lat), (other_lon, other_lat) = ([radians(each) for each in place] for place in (task.place, person.place))
        half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
        metres = round(2 * 6_371_008.8 * asin(sqrt(half)))
        if metres > person.reach:
            return None
    tight = 0
    if task.span:
        free = [
            (not person.times or any(begin <= minute - MONDAY < end for begin, end in person.times))
            and not any(begin <= minute < end for begin, end in person.busy)
            for minute in range(*task.span)
        ]
        longest = max(map(len, "".join(" x"[each] for each in free).split()), default=0)
        if longest < max(task.minutes, 1):
            return None
        spare = len(free) - max(task.minutes, 1)
        tight = WEIGHTS.time * (len(free) - longest) // max(spare, 1)
    wish = 0
    if task.kind in person.avoids:
        wish = WEIGHTS.avoided
    elif person.likes and task.kind not in person.likes:
        wish = WEIGHTS.other
    return metres * WEIGHTS.distance // 1000 + len(task.useful - person.skills) * WEIGHTS.skill + tight + wish


def lowest_cost(tasks: list[Task], people: list[Person]) -> int:
    """Person after person, every set of tasks that they could take: what the best of all costs."""

    @cache
    def best(at: int, wanted: tuple[int, ...]) -> int:
        if at == len(people):
            return sum(left * WEIGHTS.missing * task.priority for left, task in zip(wanted, tasks, strict=True))
        person, found = people[at], []
        for choice in range(2 ** len(tasks)):
            taken = [number for number in range(len(tasks)) if choice >> number & 1]
            slots = Counter(tasks[number].slot for number in taken if tasks[number].slot)
            prices = [points(tasks[number], person) for number in taken]
            if len(taken) > person.room or any(count > person.slot_room for count in slots.values()) or None in prices:
                continue
            if any(not wanted[number] for number in taken):
                continue
            load = sum(WEIGHTS.load * (2 * (person.load + more) + 1) for more in range(len(taken)))
            left = tuple(count - (number in taken) for number, count in enumerate(wanted))
            found.append(sum(prices) + load + best(at + 1, left))
        return min(found)

    return best(0, tuple(task.helpers for task in tasks))


@given(st.lists(tasks, min_size=1, max_size=4).map(numbered), st.lists(people, max_size=4).map(numbered), st.randoms())
def test_no_assignment_is_cheaper_and_none_breaks_a_rule(tasks, people, shuffled):
    found = assign(tasks, people, WEIGHTS)
    assert found.figures.cost == lowest_cost(tasks, people)
    assert found.left_out == 0
    assert found.figures.cost <= found.greedy.cost
    check(found, tasks, people)
    others = random.Random(shuffled.random())
    assert assign(others.sample(tasks, len(tasks)), others.sample(people, len(people)), WEIGHTS) == found


def check(found, tasks, people):
    """Every proposal fits, nobody is asked too much, everything that is missing is told, and the points add up."""
    by_task, by_person = {each.id: each for each in tasks}, {each.id: each for each in people}
    for each in found.proposals:
        assert points(by_task[each.task], by_person[each.person]) == each.parts.total - each.parts.load
        assert 1 <= each.rank <= each.fitting
        assert (each.rank == 1) == (each.first == each.person)
    given = Counter(each.task for each in found.proposals)
    for person, count in Counter(each.person for each in found.proposals).items():
        assert count <= by_person[person].room
    slots = Counter((each.person, by_task[each.task].slot) for each in found.proposals if by_task[each.task].slot)
    assert all(count <= by_person[who].slot_room for (who, _slot), count in slots.items())
    assert {each.task: each.missing for each in found.unmet} == {
        each.id: each.helpers - given[each.id] for each in tasks if given[each.id] < each.helpers
    }
    missing = sum(each.missing * WEIGHTS.missing * by_task[each.task].priority for each in found.unmet)
    assert sum(each.parts.total for each in found.proposals) + missing == found.figures.cost


def task(**given):
    return Task(**{"id": 1, "place": SPOTS[0], "skills": frozenset({"理发"})} | given)


def person(**given):
    return Person(**{"id": 1, "place": SPOTS[1], "reach": 1000, "skills": frozenset({"理发"})} | given)


@pytest.mark.parametrize(
    ("why", "who"),
    [
        (Lack.CIRCLE, person(circles=frozenset({"别处"}))),
        (Lack.SKILL, person(skills=frozenset({"水电"}))),
        (Lack.LANGUAGE, person(languages=frozenset({"粤语"}))),
        (Lack.REACH, person(reach=100)),
        (Lack.REACH, person(place=None)),
        (Lack.BARRED, person(id=7)),
        (Lack.TIME, person(times=((1440, 2000),))),
        (Lack.ROOM, person(room=0)),
    ],
)
def test_who_goes_without_is_told_why(why, who):
    morning = (MONDAY + 540, MONDAY + 660)
    wanted = task(circle="本社区", languages=frozenset({"沪语"}), not_by=frozenset({7}), span=morning, minutes=60)
    fits = {"circles": frozenset({"本社区"}), "languages": frozenset({"沪语"})}
    said = {name: getattr(who, name) for name in who.__slots__}
    who = Person(**said | {name: value for name, value in fits.items() if not said[name]})
    [unmet] = assign([wanted], [who]).unmet
    assert (unmet.task, unmet.missing, unmet.why) == (1, 1, why)


def test_who_goes_without_because_others_need_them_more_is_told_so():
    found = assign([task(id=1), task(id=2, priority=3)], [person()])
    assert [(each.task, each.why) for each in found.unmet] == [(1, Lack.TAKEN)]


def test_a_proposal_says_why():
    wanted = task(useful=frozenset({"陪诊", "水电"}), kind="美发", span=(MONDAY + 540, MONDAY + 660), minutes=60)
    near = person(id=1, room=0)
    best = person(id=2, skills=frozenset({"理发", "陪诊"}), likes=frozenset({"美发"}), load=1, times=((540, 630),))
    far = person(id=3, place=SPOTS[2], reach=3000)
    [why] = assign([wanted], [far, best, near]).proposals
    assert (why.person, why.skills, why.useful, why.lacking) == (2, ("理发",), ("陪诊",), ("水电",))
    assert (why.metres, why.free, why.wish, why.load, why.rank, why.fitting) == (476, 90, Wish.LIKED, 1, 1, 2)
    assert (why.parts.distance, why.parts.skill, why.parts.time, why.parts.wish, why.parts.load) == (47, 60, 20, 0, 90)


def test_the_whole_is_better_than_one_after_the_other():
    """The first order's nearest person is the only one who reaches the second."""
    short, long = person(id=1, place=SPOTS[0], reach=100), person(id=2, reach=600)
    found = assign(
        [task(id=1), task(id=2, place=SPOTS[1])],
        [person(id=1, reach=3000, place=SPOTS[1]), person(id=2, place=SPOTS[0], reach=3000, load=1)],
    )
    assert found.figures.missing == 0
    found = assign([task(id=1, place=SPOTS[1]), task(id=2)], [short, long])
    assert [(each.task, each.person) for each in found.proposals] == [(1, 2), (2, 1)]
    assert found.greedy == found.figures


def test_work_is_spread_before_it_is_heaped():
    found = assign(
        [task(id=number) for number in range(4)], [person(id=1, room=4), person(id=2, room=4, place=SPOTS[0])]
    )
    assert sorted(Counter(each.person for each in found.proposals).values()) == [2, 2]


def test_nobody_is_overlooked_where_only_the_cheapest_are_looked_at():
    found = assign(
        [task(id=number) for number in range(20)], [person(id=number) for number in range(20)], Weights(candidates=1)
    )
    assert found.figures.missing == 0
    assert (found.fitting, found.left_out) == (400, 400 - 20 * 16) or found.left_out == 0


def test_a_tie_goes_to_the_lower_id():
    assert [each.person for each in assign([task()], [person(id=number) for number in (5, 3, 9)]).proposals] == [3]


def test_nothing_to_do_and_nobody_there():
    assert assign([], [person()]).figures == Figures(0, 0, 0, 0, 0, 0)
    assert assign([task()], []).unmet[0].why is Lack.CIRCLE


def test_an_id_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        assign([task(), task()], [])


def test_weights_out_of_bounds_are_refused():
    with pytest.raises(ValueError, match="load"):
        Weights(load=-1)
