"""The demo city in motion: every few seconds somebody reports or orders something, or takes it one step on."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from haitang.cases.queries import CaseFilter, possible_deeds
from haitang.cases.queries.cases import filter_cases
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock, policy
from haitang.core.errors import Refusal
from haitang.demo import ordering, playing, staff, texts, timeline
from haitang.demo.city import City
from haitang.demo.playing import Cast, Open, installer
from haitang.demo.timeline import Scenes, Step

# Of all turns, so many bring a new case; the others go on with one that is there.
_NEW_SHARE = 0.4
# Before that, so many of all turns are of services ordered in the home community.
_ORDER_SHARE = 0.15
# How likely each detour is where it is possible.
_DETOURS = {"verify": ("refuse", 0.05), "sign": ("return", 0.05), "check": ("rework", 0.08)}
_LATEST = 200


def keep_moving(
    city: City,
    seats: list[staff.Seat],
    *,
    seconds: float,
    say: Callable[[str], None],
    turns: int | None = None,
    rng: Random | None = None,
) -> None:
    """Let something happen every so many seconds, until interrupted; turns: stop after so many."""
    rng, scenes = rng or Random(), Scenes(city)
    for turn in _forever(turns):
        if turn:
            time.sleep(rng.uniform(0.5, 1.5) * seconds)
        with policy.reading():
            try:
                say(_turn(rng, city, scenes, seats))
            except Refusal as refusal:
                # Somebody at the keyboard was faster, or changed who may do what: the city simply goes on.
                say(f"  （{refusal.message}）")


def _turn(rng: Random, city: City, scenes: Scenes, seats: list[staff.Seat]) -> str:
    if rng.random() < _ORDER_SHARE:
        now = clock.now()
        return ordering.take_a_step(Cast(seats, on=now), timeline.home_of(city), rng, now)
    return _report(rng, scenes, seats) if rng.random() < _NEW_SHARE else _go_on(rng, seats)


def _forever(turns: int | None) -> Iterator[int]:
    turn = 0
    while turns is None or turn < turns:
        yield turn
        turn += 1


def _report(rng: Random, scenes: Scenes, seats: list[staff.Seat]) -> str:
    now = clock.now()
    # The number carries the instant, so that no two runs ever meet.
    story = scenes.story(rng, f"live-{now:%Y%m%d%H%M%S%f}", now, now)
    case = playing.report(Cast(seats, on=now), story)
    return f"+ {case.number} {story.description}"


def _go_on(rng: Random, seats: list[staff.Seat]) -> str:
    """Take one of the latest open cases a step on, as its desk would."""
    now = clock.now()
    everybody = installer(*CasePermission)
    rows = filter_cases(viewer=everybody, wanted=CaseFilter(from_at=now - timedelta(days=3)), now=now)
    rows = rows.filter(external_source=playing.SOURCE, stage__isnull=False)
    waiting = list(rows.defer("search").order_by("-changed_at")[:_LATEST])
    if not waiting:
        return "  （没有待办的案件）"
    row = rng.choice(waiting)
    deeds = possible_deeds(viewer=everybody, case=row)
    detour, share = _DETOURS.get(deeds[0], ("", 0.0))
    deed = next((each for each in deeds if each == detour and rng.random() < share), deeds[0])
    returned = deed == "dispatch" and row.returns > 0
    step = Step(now, deed.value, texts.opinion(rng, deed.value), {"elsewhere": True} if returned else {})
    playing.do(Cast(seats, on=now), step, Open.of(row))
    return f"  {row.number} {deed.label}：{step.opinion}"
