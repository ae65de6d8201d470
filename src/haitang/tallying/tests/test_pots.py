"""Pots per community and for the city."""

import pytest

from haitang.tallying import Method, Rule
from haitang.tallying.pots import Pot, tally_pots
from haitang.tallying.tests.elections import election

TOWN = election(0, {"a": 5, "b": 4, "c": 3, "d": 8}, "acd", "ad", "bcd", "b", "bd")


def test_each_community_votes_about_its_own_and_all_about_the_city():
    pots = [
        Pot("东", 6, frozenset("ac"), frozenset({0, 1}), rest_to="市"),
        Pot("西", 3, frozenset("b"), frozenset({2, 3, 4}), rest_to="市"),
        Pot("市", 4, frozenset("d")),
    ]
    found = tally_pots(TOWN, pots, Rule(Method.GREEDY))
    assert found["东"].outcome.chosen == ("a",)
    assert found["东"].left == 1
    assert found["西"].outcome.chosen == ()
    assert (found["市"].budget, found["市"].outcome.chosen, found["市"].left) == (8, ("d",), 0)
    assert found["东"].outcome.fates["c"].reason.numbers["score"] == 1


def test_a_share_is_a_part_of_the_own_pot():
    pots = [Pot("东", 6, frozenset("ac"), frozenset({0, 1})), Pot("市", 10, frozenset("bd"))]
    found = tally_pots(TOWN, pots, Rule(Method.EQUAL_SHARES))
    assert found["东"].outcome.share == 3
    assert found["东"].outcome.chosen == ("a",)
    assert found["市"].outcome.share == 2


def test_every_project_has_its_pot_and_rests_run_down():
    with pytest.raises(ValueError, match="one pot"):
        tally_pots(TOWN, [Pot("东", 6, frozenset("ac"))], Rule(Method.GREEDY))
    up = [Pot("市", 1, frozenset("abc")), Pot("东", 6, frozenset("d"), rest_to="市")]
    with pytest.raises(ValueError, match="further down"):
        tally_pots(TOWN, up, Rule(Method.GREEDY))
