"""The figures against published examples and against slow references that walk through everything."""

from itertools import product
from math import inf, isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.surveys.values import (
    Change,
    Figure,
    Interval,
    Stratum,
    allot,
    compare,
    draw,
    effective,
    estimate,
    hide,
    is_safe,
    merge_small,
    response_rate,
    score,
    wilson,
    with_totals,
)


def test_wilson_is_as_newcombe_published_it():
    """Newcombe, R. G. (1998), Statistics in Medicine 17, 857-872, table I: 81/263, 15/148, 0/20, 1/29."""
    published = (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)
    for hits, n, low, high in published:
        found = wilson(hits / n, n, 95)
        assert isclose(found.low, low, abs_tol=5e-5)
        assert isclose(found.high, high, abs_tol=5e-5)


def test_a_difference_is_as_newcombe_published_it():
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10."""
    for hits, n, others, m, low, high in ((56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090)):
        after = Figure(hits / n, n, wilson(hits / n, n, 95))
        before = Figure(others / m, m, wilson(others / m, m, 95))
        moved = compare(before, after)
        assert isclose(moved.interval.low, low, abs_tol=5e-5)
        assert isclose(moved.interval.high, high, abs_tol=5e-5)
        assert moved.change is Change.UP
        assert compare(after, before).change is Change.DOWN


def test_what_may_be_no_change_is_called_so():
    one, other = (Figure(p, 50, wilson(p, 50, 95)) for p in (0.60, 0.66))
    assert compare(one, other).change is Change.UNCLEAR
    assert compare(one, Figure(0.9, 50)) is None


def test_the_finite_population_narrows_and_everybody_asked_is_exact():
    assert effective(100, None) == 100
    assert isclose(effective(100, 200), 199)
    assert effective(200, 200) == inf
    assert wilson(0.4, inf, 95) == Interval(0.4, 0.4)
    assert estimate([Stratum(50, {1.0: 30, 0.0: 20})], 95).interval == Interval(0.6, 0.6)


def test_the_score_weighs_as_the_hotline_publishes_it():
    """900 satisfied and 60 fairly so (0.9) of 1,000: 95.4 %."""
    assert isclose(score({1.0: 900, 0.9: 60, 0.0: 40}), 0.954)
    assert score({1.0: 0}) is None
    assert response_rate(30, 120) == 0.25
    assert response_rate(0, 0) is None


def test_strata_weigh_as_many_as_live_there():
    found = estimate([Stratum(900, {1.0: 10, 0.0: 0}), Stratum(100, {1.0: 0, 0.0: 10}), Stratum(50, {})], 95)
    assert isclose(found.value, 0.9)
    assert found.n == 20
    assert found.interval.low < 0.9 < found.interval.high


COUNTS = st.dictionaries(st.sampled_from([0.0, 0.5, 0.8, 1.0]), st.integers(0, 20))
STRATUM = st.builds(lambda left, counts: Stratum(sum(counts.values()) + left, counts), st.integers(1, 500), COUNTS)
STRATA = st.lists(STRATUM, min_size=1, max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STRATA)
def test_an_estimate_is_the_mean_of_households_and_lies_in_its_interval(strata):
    found = estimate(strata, 95)
    heard = [each for each in strata if each.n]
    if not heard:
        assert found is None
        return
    households = []
    for each in heard:  # every household of an area stands for the mean answer there
        answers = [weight for weight, count in each.counts.items() for _ in range(count)]
        households += [sum(answers) / len(answers)] * each.population
    assert isclose(found.value, sum(households) / len(households), abs_tol=1e-9)
    assert -1e-9 <= found.interval.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.interval.high <= 1 + 1e-9


def feasible(full, hidden):
    """Return every table of whole numbers that has the same shown cells and totals: the slow reference."""
    rows, columns = len(full) - 1, len(full[0])
    total = sum(map(sum, full[:rows]))
    free = [(r, c) for r in range(rows) for c in range(columns) if (r, c) in hidden]
    found = []
    for numbers in product(range(total + 1), repeat=len(free)):
        table = [list(row) for row in full[:rows]]
        for (r, c), number in zip(free, numbers, strict=True):
            table[r][c] = number
        if [sum(row) for row in table] != [sum(row) for row in full[:rows]]:
            continue
        totals = [sum(column) for column in zip(*table, strict=True)]
        if all((rows, c) in hidden or totals[c] == full[rows][c] for c in range(columns)):
            found.append([*table, totals])
    return found


TABLES = st.integers(1, 2).flatmap(
    lambda rows: st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=rows, max_size=rows)
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2))))
def test_a_cell_is_safe_exactly_where_another_table_has_another_number_in_it(table, hidden):
    full = with_totals(table)
    hidden = {(r, c) for r, c in hidden if r < len(full)}
    possible = feasible(full, hidden)
    for r, c in hidden:
        assert is_safe(full, hidden, (r, c)) == (len({each[r][c] for each in possible}) > 1)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=1, max_size=12))
def test_small_cells_are_hidden_and_none_can_be_got_by_subtraction(table):
    table = [row for row in table if sum(row) >= 5]
    if not table:
        return
    full, hidden = with_totals(table), set(hide(table, 5))
    for r, row in enumerate(full):
        for c, n in enumerate(row):
            assert (r, c) in hidden or not 0 < n < 5
        together = [row[c] for c in range(4) if (r, c) in hidden]
        assert not together or sum(together) >= 5
    for cell in hidden:
        assert is_safe(full, hidden, cell)


def test_a_table_without_small_cells_hides_nothing_and_a_large_one_is_quick():
    assert hide([[10, 20], [30, 5]], 5) == frozenset()
    assert hide([[100, 50, 3], [90, 60, 20]], 5) == frozenset({(0, 1), (0, 2), (1, 1), (1, 2)})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 12), max_size=12))
def test_merged_rows_hold_the_minimum_and_nobody_is_left_out(counts):
    groups = merge_small(counts, 5)
    assert sorted(n for group in groups for n in group) == [n for n, count in enumerate(counts) if count]
    if sum(counts) >= 5:
        assert all(sum(counts[n] for n in group) >= 5 for group in groups)


def test_a_draw_is_the_same_for_everybody_and_a_larger_one_begins_with_it():
    assert draw("种子", "320585001001", 100, 3) == draw("种子", "320585001001", 100, 3)
    assert draw("种子", "320585001001", 100, 9)[:3] == draw("种子", "320585001001", 100, 3)
    assert sorted(draw("x", "1", 5, 99)) == [1, 2, 3, 4, 5]
    assert draw("x", "1", 100, 9) != draw("y", "1", 100, 9)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 300), st.lists(st.integers(0, 200), min_size=1, max_size=8))
def test_an_allotment_is_in_proportion_and_reaches_every_area(total, sizes):
    given_out = allot(total, dict(enumerate(sizes)))
    everybody = sum(sizes)
    for n, size in enumerate(sizes):
        exact = min(total, everybody) * size / everybody if everybody else 0
        assert min(size, 1) <= given_out[n] <= size
        assert exact - 1 < given_out[n] < exact + 1 + (exact < 1)


@pytest.mark.parametrize("rows", [65])
def test_a_city_of_communities_is_hidden_in_time(rows):
    table = [[100 + 7 * n % 50, 40 + n % 9, n % 8, n % 3] for n in range(rows)]
    full, hidden = with_totals(table), set(hide(table, 5))
    assert all(is_safe(full, hidden, cell) for cell in hidden)
    assert len(hidden) < rows * 4
