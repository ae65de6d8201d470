"""The plan of some months of cases: when each came in and what was done to it when. Pure data, no database.

Deeds are named as in the cases app (verify, accept, register, dispatch, …). The plan says what would happen to the
end; what lies after the present is left out, so cases are open at every stage.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import shapely

from haitang.demo import names, texts
from haitang.demo.city import City, Place

LOCAL = ZoneInfo("Asia/Shanghai")
DAYS, CASES = 120, 3000
_RETURNED_WITHIN = timedelta(hours=20)
_OF_LATE = 0.8
"""Exponent of the share of the days gone by; below 1, later days bring more: a quarter above the mean at the end."""

# Shares of cases to which each of these happens. Open at every stage, late, sent back: a city with problems of its own.
REFUSED, VOIDED, RETURNED, REWORKED, REOPENED, RATED, LATE, STUCK = 0.04, 0.02, 0.06, 0.06, 0.03, 0.55, 0.14, 0.03
SETTLED = ("当场劝导，已恢复原状。", "当场清理完毕，已拍照留存。", "当场处理完毕，无需派遣。")
SETTLED_OF = 3
"""Of what is found on patrol, one in so many is put in order at once, with one of these words."""
# How reports spread over the day, hour 0 … 23, and what a day of the week brings, Monday first.
_BY_HOUR = (2, 1, 1, 1, 1, 3, 8, 18, 34, 40, 38, 30, 20, 24, 34, 36, 32, 26, 22, 20, 16, 12, 8, 4)
_BY_WEEKDAY = (1.1, 1.05, 1.0, 1.0, 1.0, 0.75, 0.65)
# Working hours from one deed to the next when all goes well: (usual, longest).
_PACE = {
    "verify": (2.0, 8.0), "accept": (0.5, 3.0), "register": (0.3, 2.0), "dispatch": (0.4, 3.0), "sign": (1.0, 5.0),
    "handle": (8.0, 30.0), "feedback": (0.5, 3.0), "check": (2.0, 7.0), "close": (0.8, 5.0), "rework": (2.0, 7.0),
}  # fmt: skip
# The grid of the demo's accounts gets so many times its share of cases.
HOME_SHARE = 30
_RESIDENT_SHARE = 0.6
_URGENT_PREFIXES = ("204", "30601")
_PUBLIC = "xw"


@dataclass(frozen=True, slots=True)
class Step:
    """One deed to be done: aware instant, the deed's name, what is said, and what else the deed needs.

    arguments: for "dispatch" after a return {"elsewhere": True}, for "rate" {"score": 1 … 5, "solved": bool},
    for "verify" {"result": "exists"}.
    """

    at: datetime
    deed: str
    opinion: str
    arguments: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """One case from its report on.

    external_id: the same in every plan of the same seed, the key against doing it twice.
    lon, lat: WGS84. channel and kind in the words of the cases app; reporter_* empty for staff and devices.
    settled: what was done about it at once (即采即办), by the grid worker who found it; no step follows.
    by_resident: reported through the account of the demo's resident, who lives in the home grid.
    """

    external_id: str
    at: datetime
    description: str
    category: str
    kind: str
    channel: str
    grid: str
    lon: float
    lat: float
    address: str
    reporter_name: str
    reporter_phone: str
    by_resident: bool
    steps: tuple[Step, ...]
    settled: str = ""


def plan_history(city: City, *, seed: int, until: datetime, days: int = DAYS, count: int = CASES) -> list[Story]:
    """Return so many cases of the last days before `until` (aware), in the order in which they came in.

    The same arguments give the same plan. No step lies after `until`.
    """
    rng = Random(seed + 2)
    scenes = Scenes(city)
    instants = sorted(_instants(rng, until.astimezone(LOCAL), days, count))
    return [scenes.story(rng, f"demo-{number:06d}", at, until) for number, at in enumerate(instants, start=1)]


def home_of(city: City) -> Place:
    """Return the grid in which the demo's accounts work, so that their pages have something to show."""
    return next(grid for grid in city.grids if grid.parent == city.communities[0].code)


class Scenes:
    """Where things can happen in the city: makes one story after another."""

    def __init__(self, city: City) -> None:
        self._grids = city.grids
        self._home = home_of(city)
        self._weights = [grid.residents * (HOME_SHARE if grid == self._home else 1) for grid in city.grids]
        self._words = texts.words_of(city)
        self._buildings: dict[str, list[Place]] = {}
        for building in city.buildings:
            self._buildings.setdefault(building.parent, []).append(building)

    def story(self, rng: Random, external_id: str, at: datetime, until: datetime) -> Story:
        """Return a case reported at that instant, with its deeds up to `until`."""
        local = at.astimezone(LOCAL)
        grid = rng.choices(self._grids, self._weights)[0]
        words, building = self._words[grid.code], rng.choice(self._buildings[grid.code])
        template, channel = texts.choose(rng, local.month, local.hour, village=words.village)
        lon, lat = _near(rng, grid, building)
        by_staff = channel in "pir"
        by_resident = grid == self._home and channel in _PUBLIC and rng.random() < _RESIDENT_SHARE
        settled = _settled(external_id, template) if channel == "p" else ""
        steps = tuple(step for step in _course(rng, template, channel, at) if step.at <= until)
        return Story(
            external_id=external_id, at=at, category=template.category, kind=template.kind,
            description=texts.describe(rng, template, channel, words, building),
            channel=texts.CHANNELS[channel], grid=grid.code, lon=lon, lat=lat,
            address=f"{words.roads[0]}{rng.randint(1, 399)}号 {building.name}",
            reporter_name="" if by_staff else names.person_name(rng),
            reporter_phone="" if by_staff else names.mobile_number(rng.randrange(100_000_000)),
            by_resident=by_resident, steps=() if settled else steps, settled=settled,
        )  # fmt: skip


def _settled(external_id: str, template: texts.Template) -> str:
    """Return what a grid worker did at once about what was found, "" for most of it. Draws nothing from the plan."""
    chance, which = divmod(zlib.crc32(external_id.encode()), len(SETTLED))
    urgent = template.category.startswith(_URGENT_PREFIXES)
    return SETTLED[which] if template.kind == "help" and not urgent and chance % SETTLED_OF == 0 else ""


def _instants(rng: Random, until: datetime, days: int, count: int) -> Iterator[datetime]:
    """Yield instants within the days before `until`, thicker in office hours, on weekdays and of late."""
    start = until - timedelta(days=days)
    while count:
        day = start + timedelta(days=days * rng.random() ** _OF_LATE)
        hour = rng.choices(range(24), _BY_HOUR)[0]
        at = day.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)
        if start <= at <= until and rng.random() * max(_BY_WEEKDAY) < _BY_WEEKDAY[at.weekday()]:
            count -= 1
            yield at


def _near(rng: Random, grid: Place, building: Place) -> tuple[float, float]:
    """Return a point some steps from the building, inside the grid; the building itself where that fails."""
    center = building.shape.centroid
    lon, lat = center.x + rng.gauss(0, 0.0004), center.y + rng.gauss(0, 0.0003)
    if not grid.shape.contains(shapely.Point(lon, lat)):
        lon, lat = center.x, center.y
    return round(lon, 6), round(lat, 6)


class _Course:
    """Walks one case from deed to deed, each some working time after the one before."""

    def __init__(self, rng: Random, at: datetime, urgent: bool) -> None:
        self._rng = rng
        self._at = at.astimezone(LOCAL)
        self._urgent = urgent
        self._slow = rng.uniform(3.0, 8.0) if rng.random() < LATE else 1.0
        # A stuck case stops waiting for somebody at a stage of chance.
        self._left = rng.randint(0, 8) if rng.random() < STUCK else 99

    def do(self, deed: str, opinion: str | None = None, **arguments: object) -> Iterator[Step]:
        """Yield the deed at its time, unless the case is stuck."""
        self._left -= 1
        if self._left < 0:
            return
        usual, longest = _PACE.get(deed, (1.0, 6.0))
        hours = self._rng.triangular(usual * 0.2, longest, usual) * (self._slow if deed in ("sign", "handle") else 1.0)
        begun, self._at = self._at, self._at + timedelta(hours=hours * 0.25) if self._urgent else _work(self._at, hours)
        if deed == "return":  # later than a day after it came, the street decides
            self._at = min(self._at, begun + _RETURNED_WITHIN)
        self._at = self._at.replace(second=self._rng.randrange(60)) + timedelta(minutes=1)
        if opinion is None:
            opinion = texts.opinion(self._rng, deed, urgent=self._urgent)
        yield Step(self._at, deed, opinion, dict(arguments))

    def wait(self, hours: float) -> None:
        """Let so many hours of the calendar go by."""
        self._at += timedelta(hours=hours)


def _course(rng: Random, template: texts.Template, channel: str, at: datetime) -> Iterator[Step]:
    """Yield what happens to the case to its very end."""
    course = _Course(rng, at, template.category.startswith(_URGENT_PREFIXES))
    if channel in _PUBLIC:
        yield from course.do("verify", result="exists")
    if rng.random() < REFUSED and template.kind != "praise":
        yield from course.do("refuse")
        return
    yield from course.do("accept")
    if rng.random() < VOIDED:
        yield from course.do("void")
        return
    yield from course.do("register")
    yield from course.do("dispatch")
    if rng.random() < RETURNED:
        yield from course.do("return")
        yield from course.do("dispatch", elsewhere=True)
    yield from course.do("sign")
    yield from _handled(course, rng, template)
    if rng.random() < REWORKED:
        yield from course.do("rework")
        yield from _handled(course, rng, template)
    yield from course.do("check")
    yield from course.do("close")
    if channel in "pir":
        return
    again = rng.random() < REOPENED
    if again:
        course.wait(rng.uniform(2, 40))
        yield from course.do("reopen")
        yield from _done_over(course, rng, template)
    if rng.random() < RATED:
        course.wait(rng.uniform(1, 50))
        score = rng.choices((5, 4, 3, 2, 1), (58, 22, 9, 6, 5))[0]
        yield from course.do("rate", texts.rating_text(rng, score), score=score, solved=score > 1)
        if score == 1 and not again:
            # "Not solved" has the case done over by itself, once.
            yield from _done_over(course, rng, template)


def _done_over(course: _Course, rng: Random, template: texts.Template) -> Iterator[Step]:
    yield from _handled(course, rng, template)
    yield from course.do("check")
    yield from course.do("close")


def _handled(course: _Course, rng: Random, template: texts.Template) -> Iterator[Step]:
    yield from course.do("handle", texts.answer(rng, template))
    yield from course.do("feedback")


def _work(at: datetime, hours: float) -> datetime:
    """Return the instant so many office hours later: weekdays 8:30 to 17:30, holidays left aside."""
    minutes = round(hours * 60)
    while True:
        opens, closes = at.replace(hour=8, minute=30, second=0), at.replace(hour=17, minute=30, second=0)
        if at.weekday() < 5 and at < closes:
            at = max(at, opens)
            room = int((closes - at).total_seconds() // 60)
            if minutes <= room:
                return at + timedelta(minutes=minutes)
            minutes -= room
        at = (opens + timedelta(days=1)).replace(second=at.second)
