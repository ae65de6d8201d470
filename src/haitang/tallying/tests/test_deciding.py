"""Motions, councils and choices at their very boundaries."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.tallying.deciding import HALF, TWO_THIRDS, Of, choose, council, motion


@pytest.mark.parametrize(
    ("members", "present", "yes", "carried"),
    [
        (30, 20, 11, True), (30, 20, 10, False), (30, 19, 19, False), (31, 20, 20, False), (31, 21, 11, True),
        (1, 1, 1, True),
    ],
)  # fmt: skip
def test_a_council_at_two_thirds_and_one_half(members, present, yes, carried):
    assert council(members=members, present=present, yes=yes, no=present - yes).carried is carried


def test_who_abstains_was_present():
    verdict = council(members=30, present=20, yes=10, no=2)
    assert (verdict.quorate, verdict.carried, verdict.yes_needed) == (True, False, 11)
    assert motion(entitled=30, yes=10, no=2, abstained=8).carried


def test_of_whom_the_share_is_taken():
    assert motion(entitled=10, yes=3, no=2).carried
    assert not motion(entitled=10, yes=3, no=2, abstained=1, of=Of.TAKING_PART).carried
    assert not motion(entitled=10, yes=5, no=0, of=Of.ENTITLED).carried
    assert motion(entitled=10, yes=6, no=0, of=Of.ENTITLED).carried
    with pytest.raises(ValueError, match="entitled"):
        motion(entitled=3, yes=3, no=1)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_whole_numbers_say_what_fractions_say(yes, no, abstained, absent):
    entitled = yes + no + abstained + absent
    verdict = motion(entitled=entitled, yes=yes, no=no, abstained=abstained, least_turnout=TWO_THIRDS, more_than=HALF)
    turnout = entitled == 0 or Fraction(yes + no + abstained, entitled) >= TWO_THIRDS
    assert verdict.carried is (turnout and yes + no > 0 and Fraction(yes, yes + no) > HALF)
    assert verdict.quorate is turnout


def test_one_and_k_of_many():
    counts = {"a": 5, "b": 7, "c": 5, "d": 0}
    one = choose(counts, order="dcba")
    assert (one.chosen, one.tied) == (("b",), frozenset())
    two = choose(counts, 2, order="dcba")
    assert (two.chosen, two.tied) == (("b", "c"), frozenset("ac"))
    assert choose(counts, 4, order="abcd").chosen == ("b", "a", "c")
    assert choose(counts, 3, order="abcd", least=6).chosen == ("b",)
    with pytest.raises(ValueError, match="order"):
        choose(counts, order="abc")
