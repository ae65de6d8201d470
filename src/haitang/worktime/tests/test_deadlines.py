"""deadline and elapsed_minutes: equal to the walked definition, and right on known days of 2026."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from haitang.core.clock import LOCAL
from haitang.worktime.tests.simulator import Simulator
from haitang.worktime.values import (
    Calendar,
    Clock,
    DayEnd,
    Limit,
    OutsideCalendar,
    RollRule,
    deadline,
    elapsed_minutes,
)
from haitang.worktime.values.national import national_days

FIRST = date(2026, 1, 1)
OFFICE = ((480, 720), (840, 1080))
WHOLE_DAY = ((0, 1440),)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@st.composite
def hours(draw):
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw):
    week = tuple(
        draw(st.one_of(st.just(OFFICE), st.just(OFFICE), hours(), st.just(WHOLE_DAY), st.just(()))) for _ in range(7)
    )
    assume(sum(end - start for day in week for start, end in day) >= 300)
    days = st.sets(st.integers(3, 24).map(lambda n: FIRST + timedelta(days=n)), max_size=12)
    return Calendar(
        week=week,
        holidays=frozenset(draw(days)),
        makeup_days=frozenset(draw(days)),
        first_year=2026,
        last_year=2027,
        day_end=draw(st.sampled_from(DayEnd)),
        roll_rule=draw(st.sampled_from(RollRule)),
    )


EDGES = st.sampled_from([0, 480, 720, 840, 1080])
days = st.integers(0, 9).map(lambda n: local("2026-01-05") + timedelta(days=n))
instants = st.one_of(
    st.builds(lambda day, edge, off: day + timedelta(minutes=edge + off), days, EDGES, st.integers(-1, 1)),
    st.builds(lambda day, minute: day + timedelta(minutes=minute), days, st.integers(0, 1439)),
    st.builds(lambda day, ms: day + timedelta(milliseconds=ms), days, st.integers(0, 86_399_999)),
)
lengths = st.one_of(
    st.sampled_from([-60, 0, 1, 59, 60, 3600, 86_400]), st.integers(0, 3 * 1440).map(lambda m: m * 60), st.none()
)
pauses = st.lists(
    st.builds(lambda at, s: (at, None if s is None else at + timedelta(seconds=s)), instants, lengths), max_size=4
)
starts = st.one_of(instants, st.just(local("2026-01-06 09:00")))
limits = st.one_of(
    st.builds(Limit, st.sampled_from([Clock.URGENT_HOUR, Clock.WORK_HOUR]), st.integers(1, 2000)),
    st.builds(Limit, st.sampled_from([Clock.WORK_DAY, Clock.NATURAL_DAY]), st.integers(1, 8)),
)


@settings(max_examples=400, deadline=None)
@given(starts, limits, calendars(), pauses)
def test_a_deadline_is_the_walked_one(start, limit, calendar, paused):
    assert deadline(start, limit, calendar, paused) == Simulator(calendar, paused).deadline(start, limit)


@settings(max_examples=150, deadline=None)
@given(instants, instants, st.sampled_from(Clock), calendars(), pauses)
def test_elapsed_minutes_are_the_walked_ones(start, end, clock, calendar, paused):
    assert elapsed_minutes(start, end, clock, calendar, paused) == Simulator(calendar, paused).elapsed(
        start, end, clock
    )


@settings(max_examples=150, deadline=None)
@given(instants, st.integers(1, 3000), calendars(), pauses)
def test_what_has_elapsed_at_the_deadline_is_the_limit(start, amount, calendar, paused):
    for clock in (Clock.URGENT_HOUR, Clock.WORK_HOUR):
        due = deadline(start, Limit(clock, amount), calendar, paused)
        if due is not None:
            assert elapsed_minutes(start, due, clock, calendar, paused) == amount


NATIONAL = national_days(2025, 2027)
CHINA_2026 = Calendar(
    holidays=frozenset(NATIONAL.names), makeup_days=NATIONAL.makeup_days, first_year=2025, last_year=2027
)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-03-02 08:00", "4工作时", "2026-03-02 12:00"),
        ("2026-03-02 10:30", "4工作时", "2026-03-02 16:30"),
        ("2026-03-02 12:30", "4工作时", "2026-03-02 18:00"),
        ("2026-03-06 17:00", "2工作时", "2026-03-09 09:00"),
        ("2026-03-06 23:00", "紧急工作时2", "2026-03-07 01:00"),
        ("2026-03-06 09:00:20", "2工作时", "2026-03-06 11:01"),
        ("2026-03-06 09:00", "1工作日", "2026-03-09 18:00"),
        ("2026-03-03 23:59:30", "1工作日", "2026-03-04 18:00"),
        # Spring Festival: 13 February is a Friday, the 14th a make-up Saturday, work again on the 24th
        ("2026-02-13 17:00", "2工作时", "2026-02-14 09:00"),
        ("2026-02-13 17:00", "1工作日", "2026-02-14 18:00"),
        ("2026-02-13 17:00", "7工作日", "2026-03-02 18:00"),  # 14, 24, 25, 26, 27, 28 (Saturday, make-up), 2 March
        ("2026-02-14 17:30", "1工作时", "2026-02-24 08:30"),
        ("2026-02-06 10:00", "15天", "2026-02-24 18:00"),  # the 15th day is Saturday the 21st, in the holiday
        ("2026-02-27 10:00", "1天", "2026-02-28 18:00"),
        ("2026-03-06 10:00", "1天", "2026-03-08 00:00"),  # an ordinary Saturday is no public holiday
        ("2026-04-30 10:00", "4工作日", "2026-05-09 18:00"),  # 6, 7, 8, 9 (Saturday, make-up)
        ("2026-09-30 17:00", "2工作时", "2026-10-08 09:00"),
    ],
)
def test_deadlines_of_2026(start, limit, due):
    assert deadline(local(start), Limit.parse(limit), CHINA_2026) == local(due)


def test_the_holidays_of_2026_are_those_of_the_notice():
    holidays = ["0101-0103", "0215-0223", "0404-0406", "0501-0505", "0619-0621", "0925-0927", "1001-1007"]
    off = set()
    for period in holidays:
        day, last = (datetime.strptime(f"2026{end}", "%Y%m%d").date() for end in period.split("-"))  # noqa: DTZ007 - only the date is taken
        while day <= last:
            off.add(day)
            day += timedelta(days=1)
    assert {day for day in NATIONAL.names if day.year == 2026} == off
    worked = {f"{day:%m%d}" for day in NATIONAL.makeup_days if day.year == 2026}
    assert worked == {"0104", "0214", "0228", "0509", "0920", "1010"}


def test_a_deadline_that_passed_before_an_open_pause_stands():
    start = local("2026-03-02 08:00")
    assert deadline(start, Limit.parse("2工作时"), CHINA_2026, [(local("2026-03-02 10:00"), None)]) == local(
        "2026-03-02 10:00"
    )
    assert deadline(start, Limit.parse("2工作时"), CHINA_2026, [(local("2026-03-02 09:59"), None)]) is None


@pytest.mark.parametrize(
    ("pause_from", "pause_to", "due"),
    [
        ("2026-03-03 18:00", "2026-03-04 08:00", "2026-03-04 18:00"),  # begins as the first day ends: it counts
        ("2026-03-03 17:59", "2026-03-04 08:00", "2026-03-05 18:00"),
        ("2026-03-04 09:00", "2026-03-04 18:00", "2026-03-05 18:00"),  # lasts to the end of the second: it does not
        ("2026-03-04 09:00", "2026-03-04 17:59", "2026-03-04 18:00"),
    ],
)
def test_a_day_counts_by_its_last_minute(pause_from, pause_to, due):
    paused = [(local(pause_from), local(pause_to))]
    assert deadline(local("2026-03-02 10:00"), Limit.parse("2工作日"), CHINA_2026, paused) == local(due)


def test_outside_the_years_is_refused():
    for start in ("2024-12-31 23:59", "2028-01-01 00:00"):
        with pytest.raises(OutsideCalendar):
            deadline(local(start), Limit.parse("1天"), CHINA_2026)
    for limit in ("1工作时", "紧急工作时24", "1工作日", "1天"):
        with pytest.raises(OutsideCalendar):
            deadline(local("2027-12-31 20:00"), Limit.parse(limit), CHINA_2026)


def test_an_instant_without_zone_is_a_bug():
    with pytest.raises(ValueError, match="zone"):
        deadline(datetime(2026, 1, 1), Limit.parse("1天"), CHINA_2026)  # noqa: DTZ001 - a naive instant is what is refused


def test_a_deadline_costs_microseconds():
    start, limit = datetime(2026, 3, 2, 1, tzinfo=UTC), Limit.parse("300工作时")
    best = min(_timed(start, limit) for _ in range(5))
    assert best < 50e-6  # 10 µs on an idle machine; the margin is for a busy one


def _timed(start: datetime, limit: Limit) -> float:
    began = perf_counter()
    for _ in range(1000):
        deadline(start, limit, CHINA_2026)
    return (perf_counter() - began) / 1000
