"""A period cut into stretches is that period, in few pieces."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from haitang.cases.queries.spans import MONTH, THIRD, month_of, spans, third_of

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
NEXT = {"d": lambda day: day + timedelta(days=1)}
START = {"d": lambda day: day, THIRD: third_of, MONTH: month_of}


@given(DAYS, st.integers(1, 1200), st.sampled_from(["d", "dm", "dtm"]))
def test_the_stretches_are_the_period_day_by_day(first, length, grains):
    last = first + timedelta(days=length)
    covered = []
    for grain, begin, end in spans(first, last, grains):
        assert grain in grains
        starts = [begin + timedelta(days=n) for n in range((end - begin).days)]
        covered += [day for day in starts if begin <= START[grain](day) < end]
    assert covered == [first + timedelta(days=n) for n in range(length)]


@given(DAYS, st.integers(1, 1200))
def test_few_pieces_are_left_at_the_ends(first, length):
    pieces = list(spans(first, first + timedelta(days=length), "dtm"))
    assert len(pieces) <= 5
    assert sum((end - begin).days for grain, begin, end in pieces if grain == "d") <= 20


def test_a_year_to_date_by_name():
    assert list(spans(date(2025, 11, 22), date(2026, 11, 22), "dtm")) == [
        ("d", date(2025, 11, 22), date(2025, 12, 1)),
        (MONTH, date(2025, 12, 1), date(2026, 11, 1)),
        (THIRD, date(2026, 11, 1), date(2026, 11, 21)),
        ("d", date(2026, 11, 21), date(2026, 11, 22)),
    ]
