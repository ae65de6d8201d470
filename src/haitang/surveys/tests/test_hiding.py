"""What is told of a table, against somebody who tries every table that would have been told the same."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.surveys.values import bands, hide, with_totals

SLOW = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
MINIMUM = 2
WEIGHTS = {0: 1.0, 1: 0.8, 2: 0.0}
EXACT = {0: Fraction(1), 1: Fraction(4, 5), 2: Fraction(0)}


def splits(total: int, places: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to put so many answers into so many cells."""
    if places == 0:
        if total == 0:
            yield ()
        return
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, places - 1):
            yield first, *rest


def lies_in(row: Sequence[int], band: tuple[int, int]) -> bool:
    """Tell whether a row's score lies in a band as it is printed: the lower end is in it, the upper is not, but 100."""
    score = 100 * sum(EXACT[c] * row[c] for c in EXACT) / sum(row[c] for c in EXACT)
    return band[0] <= score < band[1] or (band[1] == 100 and score == 100)


def possible(cells: Sequence[Sequence[int | None]], sums: Sequence[int], told: Sequence) -> list[list[tuple[int, ...]]]:
    """Return every table, its totals last, that fits what is told: shown cells, sums of rows, totals and bands.

    It knows nothing of how cells are chosen to be hidden.
    """
    ways = []
    for row, total, band in zip(cells[:-1], sums, told[:-1], strict=True):
        gaps = [c for c, n in enumerate(row) if n is None]
        left = total - sum(n for n in row if n is not None)
        found = []
        for numbers in splits(left, len(gaps)):
            filled = dict(zip(gaps, numbers, strict=True))
            one = tuple(filled.get(c, n) for c, n in enumerate(row))
            if band is None or lies_in(one, band):
                found.append(one)
        ways.append(found)
    tables = []
    for rows in product(*ways):
        totals = tuple(map(sum, zip(*rows, strict=True)))
        fits = all(shown is None or shown == n for shown, n in zip(cells[-1], totals, strict=True))
        if fits and (told[-1] is None or lies_in(totals, told[-1])):
            tables.append([*rows, totals])
    return tables


def published(table: Sequence[Sequence[int]]):
    hidden = hide(table, MINIMUM)
    full = with_totals(table)
    cells = [[None if (r, c) in hidden else n for c, n in enumerate(row)] for r, row in enumerate(full)]
    return hidden, cells, bands(full, hidden, WEIGHTS, MINIMUM)


def rows_of(most: int, count: int) -> st.SearchStrategy:
    row = st.tuples(st.integers(0, most), st.integers(0, 4), st.integers(0, 3)).filter(lambda row: sum(row) >= MINIMUM)
    return st.lists(row, min_size=1, max_size=count)


TABLES = st.one_of(rows_of(45, 2), rows_of(5, 3))


@SLOW
@given(TABLES)
def test_whoever_knows_all_that_is_told_knows_no_hidden_number(table):
    hidden, cells, told = published(table)
    fitting = possible(cells, [sum(row) for row in table], told)
    assert [*map(tuple, with_totals(table))] in fitting
    for r, c in hidden:
        assert len({each[r][c] for each in fitting}) > 1, (table, sorted(hidden), told)


@SLOW
@given(TABLES)
def test_every_small_number_is_hidden_and_every_score_over_hidden_cells_is_a_band_or_nothing(table):
    hidden, cells, told = published(table)
    for row in cells:
        assert not any(n is not None and 0 < n < MINIMUM for n in row)
    for place, band in enumerate(told):
        is_hidden = any((place, c) in hidden for c in WEIGHTS)
        assert band is None or (is_hidden and lies_in(with_totals(table)[place], band))


def test_a_band_that_would_tell_a_cell_is_left_out():
    """95 of 100: one dissatisfied more and the score would leave its band, one less cannot be."""
    table = [[95, 0, 5], [95, 4, 1]]
    hidden, cells, told = published(table)
    fitting = possible(cells, [100, 100], told)
    assert all(len({each[r][c] for each in fitting}) > 1 for r, c in hidden)


def test_a_band_that_tells_nothing_is_told():
    _hidden, _cells, told = published([[50, 40, 1], [70, 20, 10]])
    assert told[0] == (90, 95)


def test_the_adversary_of_these_tests_finds_what_is_hidden_too_little():
    """Were small cells alone hidden, subtraction would tell them: so these tests can fail."""
    table = [[30, 10, 1], [30, 10, 10]]
    cells = [[30, 10, None], [30, 10, 10], [60, 20, 11]]
    fitting = possible(cells, [41, 50], [None] * 3)
    assert fitting == [[*map(tuple, with_totals(table))]]


@pytest.mark.parametrize("score_band", [(90, 95), (95, 100)])
def test_the_adversary_uses_bands(score_band):
    cells = [[None, None, 0], [None, None, 0]]
    fitting = possible(cells, [40], [score_band, None])
    assert {each[0][1] for each in fitting} == ({*range(11, 21)} if score_band == (90, 95) else {*range(11)})
