"""Sequential Phragmén: by hand, and as the slow rule says."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.tallying import Limits, Method, Rule, Why, tally
from haitang.tallying.tests import slowly
from haitang.tallying.tests.elections import election, elections
from haitang.tallying.tests.test_greedy import shuffled
from haitang.tallying.ties import ranks


def test_supporters_buy_as_soon_as_they_can():
    """By hand: a at 1; then c by its own two at 2, b by three of whom two have begun anew at 1 at (2 + 3 + 0) / 3."""
    town = election(8, {"a": 3, "b": 3, "c": 4, "d": 9}, "ab", "ab", "a", "bc", "c", "d")
    outcome = tally(town, Rule(Method.PHRAGMEN))
    assert outcome.chosen == ("a", "b")
    assert [outcome.fates[each].reason.numbers["share"] for each in "ab"] == [1, Fraction(5, 3)]
    assert outcome.fates["c"].reason.why is Why.NO_ROOM
    assert outcome.fates["d"].reason.why is Why.TOO_DEAR


def test_it_ends_or_passes_over_at_what_does_not_fit():
    town = election(5, {"a": 3, "b": 5, "c": 2}, "a", "a", "a", "b", "b", "c")
    ended = tally(town, Rule(Method.PHRAGMEN))
    assert ended.chosen == ("a", "c")
    town = election(5, {"a": 3, "b": 3, "c": 2}, "a", "a", "a", "b", "b", "c")
    ended = tally(town, Rule(Method.PHRAGMEN))
    assert ended.chosen == ("a",)
    assert ended.fates["c"].reason.why is Why.ENDED
    assert tally(town, Rule(Method.PHRAGMEN, skip=True)).chosen == ("a", "c")


@settings(max_examples=120, deadline=None)
@given(elections(voters=10, projects=7), st.booleans(), st.randoms(use_true_random=False))
def test_it_is_what_the_slow_rule_says_in_any_order(town, skip, shuffle):
    rule = Rule(Method.PHRAGMEN, skip=skip)
    outcome = tally(town, rule)
    expected = slowly.phragmen(town, ranks(town), skip=skip)
    assert outcome.chosen == tuple(town.projects[at].id for at in expected)
    assert outcome.cost <= town.budget
    assert tally(shuffled(town, shuffle), rule).chosen == outcome.chosen


@settings(max_examples=100, deadline=None)
@given(elections(), st.booleans(), st.data())
def test_limits_are_kept_as_the_slow_rule_keeps_them(town, skip, data):
    ids = [each.id for each in town.projects]
    pair = frozenset(data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2)))

    def allowed(at, bought):
        return not (ids[at] in pair and {ids[each] for each in bought} & (pair - {ids[at]}))

    outcome = tally(town, Rule(Method.PHRAGMEN, Limits(excluding=(pair,)), skip=skip))
    expected = slowly.phragmen(town, ranks(town), skip=skip, allowed=allowed)
    assert outcome.chosen == tuple(ids[at] for at in expected)
