"""A period cut into stretches is that period, in few pieces."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from haitang.cases.queries.spans import DAY, GRAINS, MONTH, QUARTER, THIRD, Span, spans

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
BY_NAME = {grain.name: grain for grain in GRAINS}


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days)]


@given(DAYS, st.integers(1, 1200), st.sampled_from(["d", "dm", "dtm", "dtmq", "dmq"]))
def test_the_stretches_are_the_period_day_by_day(first, length, grains):
    last = first + timedelta(days=length)
    covered: Counter[date] = Counter()
    for span in spans(first, last, grains):
        assert span.grain in grains
        grain = BY_NAME[span.grain]
        for number in range(grain.number(span.first), grain.number(span.last)):
            for day in days(grain.start(number), grain.start(number + 1)):
                covered[day] += span.sign
    assert {day: n for day, n in covered.items() if n} == dict.fromkeys(days(first, last), 1)


@given(DAYS)
def test_stretches_are_numbered_without_gaps_and_start_where_finer_ones_do(day):
    for grain, finer in zip(GRAINS[1:], GRAINS, strict=False):
        number = grain.number(day)
        assert grain.start(number) <= day < grain.start(number + 1)
        assert finer.start(finer.number(grain.start(number))) == grain.start(number)


@given(DAYS, st.integers(1, 1200))
def test_few_pieces_are_left_at_the_ends(first, length):
    pieces = list(spans(first, first + timedelta(days=length), "dtmq"))
    assert len(pieces) <= 7
    assert sum((span.last - span.first).days for span in pieces if span.grain == DAY) <= 12
    assert sum(BY_NAME[MONTH].number(s.last) - BY_NAME[MONTH].number(s.first) for s in pieces if s.grain == MONTH) <= 4


def test_a_year_to_date_by_name():
    assert list(spans(date(2025, 11, 22), date(2026, 11, 22), "dtmq")) == [
        Span(DAY, date(2025, 11, 21), date(2025, 11, 22), -1),
        Span(THIRD, date(2025, 11, 21), date(2025, 12, 1)),
        Span(MONTH, date(2025, 12, 1), date(2026, 1, 1)),
        Span(QUARTER, date(2026, 1, 1), date(2027, 1, 1)),
        Span(MONTH, date(2026, 12, 1), date(2027, 1, 1), -1),
        Span(THIRD, date(2026, 11, 21), date(2026, 12, 1), -1),
        Span(DAY, date(2026, 11, 21), date(2026, 11, 22)),
    ]
