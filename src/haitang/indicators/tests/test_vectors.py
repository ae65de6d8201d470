"""Published figures come out to the last printed digit. The names of the tests say whose figures they are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.indicators.queries.sets import quantities, shipped_sets
from haitang.indicators.values import Formula, FormulaUnreadable, compute, printed


def figures(code: str, **named: int | str) -> dict[str, str]:
    """Return what the shipped set prints for these quantities."""
    formulas = shipped_sets()[code]
    found = compute(formulas.indicators, {name: Fraction(value) for name, value in named.items()})
    return {each.name: each.text(found[each.code]) for each in formulas.indicators}


def test_three_rates_of_a_beijing_district():
    found = figures(
        "three_rates", validCallback=1000, contactUnasked=0, contacted=990, callbackSolved=950, verySatisfaction=900,
        satisfaction=60,
    )  # fmt: skip
    assert [found[name] for name in ("响应率", "解决率", "满意率", "综合得分")] == [
        "99.00 %", "95.00 %", "95.40 %", "95.56",
    ]  # fmt: skip


def test_three_rates_without_a_valid_call_back_are_empty():
    found = figures("three_rates", validCallback=0, contactUnasked=0, contacted=0, callbackSolved=0,
                    verySatisfaction=0, satisfaction=0, callbackDue=3)  # fmt: skip
    assert found == {"有效回访率": "0.00 %", "响应率": "—", "解决率": "—", "满意率": "—", "综合得分": "—"}


def test_tianmen_december_2016():
    found = figures("city_management", validReport=1054, register=996, cancel=0, needArchiveNum=972, archive=911,
                    inTimeArchiveNum=737, overTimeArchived=911 - 737)  # fmt: skip
    assert (found["结案率"], found["按期结案率"]) == ("93.72 %", "75.82 %")
    assert figures("city_management", archive=902, needArchiveNum=956)["结案率"] == "94.35 %"
    assert figures("city_management", archive=9, needArchiveNum=16)["结案率"] == "56.25 %"


def test_ningguo_2022():
    formula = Formula.parse("inTimeArchiveNum / dispatch")
    value = formula.compute({"inTimeArchiveNum": Fraction(597), "dispatch": Fraction(601)})
    assert printed(value, 2, percent=True) == "99.33 %"
    assert printed(value, 0, percent=True) == "99 %"


@pytest.mark.parametrize(
    ("accepted", "weight", "decimals", "expected"), [(100, "0.002", 3, "26.407"), (10, "0.01", 2, "28.20")]
)
def test_jinniu_online_points(accepted, weight, decimals, expected):
    formula = Formula.parse(f"30 − {weight}×受理数÷(面积×人口)")
    size = {"面积": Fraction("0.026"), "人口": Fraction("2.141")}
    assert printed(formula.compute({"受理数": Fraction(accepted), **size}), decimals) == expected


def test_jinniu_online_set_prints_its_own_points():
    assert figures("jinniu_online", accept=100, areaSize="0.026", population="2.141")["受理量得分"] == "26.407"


def test_jinniu_composite_is_a_hundred_where_all_is_well():
    found = figures("jinniu", needDispose=50, dispose=50, inTimeDispose=50, rework=0, needArchiveNum=40,
                    overtimeToDispose=0, delay=0)  # fmt: skip
    assert found["体征得分"] == "100.00"
    found = figures("jinniu", needDispose=100, dispose=90, inTimeDispose=80, rework=5, needArchiveNum=100,
                    overtimeToDispose=10, delay=20)  # fmt: skip
    assert found["体征得分"] == "88.00"  # 27 + 16 + 19 + 18 + 8


def test_jinhua_leaves_suspended_cases_out_and_takes_a_point_for_each_per_cent_below_seventy():
    found = figures("jinhua", needArchiveNum=110, suspend=10, archive=95, inTimeArchiveNum=65)
    assert (found["结案率"], found["按期结案率"], found["按期结案得分"]) == ("95.00 %", "65.00 %", "45.00")


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("0.125", 2, "0.13"), ("0.375", 2, "0.38"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("0.004", 2, "0.00"),
     ("-0.004", 2, "0.00"), ("99.995", 2, "100.00")],
)  # fmt: skip
def test_halves_are_rounded_up(value, decimals, expected):
    assert printed(Fraction(value), decimals) == expected


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1)", "a b", "1 ** 2", "min", "min(", "@", "1" * 20, "(" * 30 + "1" + ")" * 30, "- " * 99]
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(FormulaUnreadable):
        Formula.parse(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    try:
        formula = Formula.parse(text)
    except FormulaUnreadable:
        return
    formula.compute({})


NUMBERS = st.integers(0, 999)


@given(a=NUMBERS, b=NUMBERS, c=NUMBERS)
def test_precedence_is_that_of_arithmetic(a, b, c):
    values = {"a": Fraction(a), "b": Fraction(b), "c": Fraction(c)}
    assert Formula.parse("a - b - c * a + 0.5").compute(values) == a - b - c * a + Fraction(1, 2)
    assert Formula.parse("-a*b").compute(values) == -a * b
    assert Formula.parse("max(a, b, c) - min(a, b, c)").compute(values) == max(a, b, c) - min(a, b, c)
    assert Formula.parse("a/b/c").compute(values) == (Fraction(a, b * c) if b * c else None)


def test_shipped_sets_name_only_what_there_is():
    known = quantities()
    for formulas in shipped_sets().values():
        earlier: set[str] = set()
        for each in formulas.indicators:
            assert each.names <= known.keys() | earlier
            earlier.add(each.code)
