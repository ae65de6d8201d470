"""The arithmetic of article 278: exactly two thirds, exactly half, exactly three quarters, and one hundredth beside."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.owners.values import BadEstate, Figures, Held, Level, Sum, article, follow, heads_of, judge, parse_size
from haitang.owners.values import spell_size as spelled

ORDINARY, MAJOR = Level.ORDINARY, Level.MAJOR


def figures(total, yes, no=(0, 0), abstain=(0, 0)) -> Figures:
    return Figures(Sum(*total), Sum(*yes), Sum(*no), Sum(*abstain))


def test_the_nine_matters_and_what_they_need():
    items = article().items
    assert [item.number for item in items] == list(range(1, 10))
    assert [item.number for item in items if item.level is MAJOR] == [6, 7, 8]


@pytest.mark.parametrize(
    ("found", "level", "passed"),
    [
        (figures((300, 3), (200, 2)), ORDINARY, True),  # exactly two thirds take part, all agree
        (figures((300, 3), (199, 2)), ORDINARY, False),  # one hundredth of a square metre short of taking part
        (figures((301, 3), (200, 2)), ORDINARY, False),
        (figures((300, 4), (200, 2)), ORDINARY, False),  # enough area, not enough heads
        (figures((200, 4), (100, 2), (100, 2)), ORDINARY, False),  # exactly half is not more than half
        (figures((200, 4), (101, 3), (99, 1)), ORDINARY, True),
        (figures((200, 4), (101, 2), (99, 2)), ORDINARY, False),
        (figures((200, 4), (100, 3), (100, 1)), ORDINARY, False),
        (figures((400, 4), (300, 3), (100, 1)), MAJOR, True),  # exactly three quarters is enough
        (figures((400, 4), (299, 3), (101, 1)), MAJOR, False),
        (figures((400, 8), (300, 5), (100, 3)), MAJOR, False),
        (figures((400, 4), (300, 3), (0, 0), (100, 1)), MAJOR, True),  # abstaining is taking part, and no agreement
        (figures((400, 4), (100, 1), (0, 0), (300, 3)), ORDINARY, False),
        (figures((400, 4), (0, 0)), ORDINARY, False),
        (figures((0, 0), (0, 0)), MAJOR, False),
    ],
)
def test_boundaries(found, level, passed):
    assert judge(found, level).passed is passed


def test_what_is_lacking_is_said_to_the_hundredth_with_the_formula():
    check = judge(figures((300, 3), (199, 2)), ORDINARY).checks[0]
    assert (check.holds, check.lacking, check.formula) == (False, 1, "3 × 199 < 2 × 300")
    check = judge(figures((200, 4), (100, 3), (100, 1)), ORDINARY).checks[2]
    assert (check.lacking, check.formula) == (1, "2 × 100 ≤ 1 × 200")


sums = st.builds(Sum, st.integers(0, 10**9), st.integers(0, 5000))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sums, sums, sums, sums, st.sampled_from(Level))
def test_the_same_as_with_fractions(yes, no, abstain, silent, level):
    part = yes + no + abstain
    total = part + silent
    found = judge(Figures(total, yes, no, abstain), level)
    expected = bool(part.size and part.heads) and all(
        Fraction(some, whole) >= Fraction(2, 3)
        for some, whole in ((part.size, total.size), (part.heads, total.heads))
    )  # fmt: skip
    for some, whole in ((yes.size, part.size), (yes.heads, part.heads)):
        share = Fraction(some, whole) if whole else Fraction(0)
        expected = expected and (share > Fraction(1, 2) if level is ORDINARY else share >= Fraction(3, 4))
    assert found.passed is expected
    for check in found.checks:
        if not check.holds and check.whole:
            assert check.threshold.holds(check.some + check.lacking, check.whole)
            assert not check.threshold.holds(check.some + check.lacking - 1, check.whole)


def test_the_silent_follow_whoever_leads_on_both_axes_and_nobody_else():
    found = figures((1000, 10), (300, 3), (200, 2), (50, 1))
    assert follow(found, Sum(100, 2)).yes == Sum(400, 5)
    torn = figures((1000, 10), (300, 2), (200, 3))
    assert follow(torn, Sum(100, 2)) == torn
    assert follow(figures((9, 9), (0, 0)), Sum(9, 9)).took_part == Sum()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 500), st.sets(st.integers(1, 4), max_size=2), st.booleans()), max_size=30))
def test_heads_keep_every_area_and_count_the_same_buyers_once(rows):
    units = [Held(number, size, frozenset(who), built) for number, (size, who, built) in enumerate(rows, start=1)]
    heads = heads_of(units)
    assert sum(head.size for head in heads) == sum(unit.size for unit in units)
    assert sorted(unit.unit_id for head in heads for unit in head.units) == [unit.unit_id for unit in units]
    known = {unit.owner_ids for unit in units if unit.owner_ids and not unit.by_builder}
    unknown = [unit for unit in units if not unit.owner_ids and not unit.by_builder]
    assert len(heads) == len(known) + len(unknown) + any(unit.by_builder for unit in units)


def test_builder_joint_owners_and_several_units():
    heads = heads_of([
        Held(1, 100, frozenset({1})), Held(2, 100, frozenset({1})), Held(3, 100, frozenset({1, 2})),
        Held(4, 100, frozenset(), by_builder=True), Held(5, 100, frozenset({3}), by_builder=True), Held(6, 100),
    ])  # fmt: skip
    assert [(len(head.units), head.is_builder) for head in heads] == [(2, False), (1, False), (2, True), (1, False)]


@pytest.mark.parametrize(("typed", "size"), [("89.99", 8999), ("89.9", 8990), ("1,089", 108900), ("0.01㎡", 1)])
def test_areas_are_read_to_the_hundredth(typed, size):
    assert parse_size(typed) == size


@pytest.mark.parametrize("typed", ["89.999", "0", "-1", "abc", "", "99999999"])
def test_what_is_no_area_is_refused(typed):
    with pytest.raises(BadEstate):
        parse_size(typed)


def test_an_area_reads_as_square_metres():
    assert spelled(12_345_607) == "123,456.07"
