from collections import Counter
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.opendata.values import coarsened, square_of, told_on

cells = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Other work on the machine makes drawing slow."""


def wider(cell):
    return cell[:-1] or None


@QUICK
@given(counts=st.dictionaries(cells, st.integers(1, 9), max_size=20), least=st.integers(2, 12))
def test_what_is_told_always_has_company_and_nobody_is_left_out_without_need(counts, least):
    told = coarsened(counts, least, wider, lambda cell: (len(cell),))
    assert told.keys() == counts.keys()
    assert all(at is None or cell[: len(at)] == at for cell, at in told.items())
    totals = Counter()
    for cell, at in told.items():
        if at is not None:
            totals[at] += counts[cell]
    assert all(count >= least for count in totals.values())
    assert all(told[cell] == cell for cell, count in counts.items() if count >= least)
    tops = Counter()
    for cell, at in told.items():
        if at is None:
            tops[cell[0]] += counts[cell]
    assert all(count < least for count in tops.values()), "together they would have been enough"


@QUICK
@given(lon=st.floats(73, 135), lat=st.floats(3, 54), metres=st.sampled_from([100, 500, 1000, 10_000]))
def test_the_middle_of_a_square_is_near_and_the_same_for_all_in_it(lon, lat, metres):
    square = square_of(lon, lat, metres)
    middle = square.middle
    assert abs(middle[1] - lat) * 111_320 <= metres / 2 + 10
    assert square_of(*middle, metres) == square


def test_days_are_told_as_exactly_as_the_rules_say():
    day = date(2026, 5, 7)
    assert [told_on(day, dates) for dates in ("day", "week", "month")] == [day, date(2026, 5, 4), date(2026, 5, 1)]
