"""On which days a service day comes again."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from haitang.servicedays.values import LAST, days_of, falls_on

FROM, TO = date(2026, 1, 1), date(2026, 12, 31)


def test_the_first_saturdays_of_a_year():
    days = days_of("monthly", 5, 1, FROM, TO)
    assert [day.isoformat()[5:] for day in days[:4]] == ["01-03", "02-07", "03-07", "04-04"]
    assert len(days) == 12


def test_every_week_and_the_last_of_the_month():
    assert len(days_of("weekly", 5, 1, FROM, TO)) == 52
    last = days_of("monthly", 4, LAST, FROM, TO)
    assert len(last) == 12
    assert all((day + timedelta(days=7)).month != day.month for day in last)


@given(st.dates(FROM, TO), st.integers(0, 6))
def test_every_weekday_of_a_month_is_one_of_its_first_four_or_its_last(day, weekday):
    hits = [nth for nth in range(1, 6) if falls_on(day, "monthly", weekday, nth)]
    assert bool(hits) == (day.weekday() == weekday)
    assert falls_on(day, "weekly", weekday, 1) == bool(hits)
