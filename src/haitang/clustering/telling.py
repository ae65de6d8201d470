"""What groups stand for and what everybody shares: tests of proportions with published constants.

A share is smoothed, (agreeing + 1) / (voting + 2), so that one vote of one makes two thirds and not all. Passing counts
as having voted; not having voted counts nowhere.

Source: Polis
"""

from collections.abc import Iterable, Sequence
from math import prod, sqrt

from haitang.clustering.terms import Common, Id, Rules, Statement, Tally, Telling

_HALF = 0.5
_NEW = 8
"""How many times as important a statement is that nobody has seen; half of that is gone within `_FADES` votes."""
_FADES = 5


def telling(statements: Sequence[Statement], group: int, rules: Rules) -> tuple[Telling, ...]:
    """Return the statements by which a group can be told from the rest, at most `rules.named`, agreed ones first.

    Both must be sure beyond `rules.level`: that more than half of the group say so, and that more of it do than of the
    rest. The best agreed one is kept even where disagreements weigh more.
    """
    found = []
    for statement in statements:
        own = statement.groups[group]
        rest = _together(each for at, each in enumerate(statement.groups) if at != group)
        for_, against = (_compare(statement.id, own, rest, agrees=agrees) for agrees in (True, False))
        better = for_ if for_.times_z > against.times_z else against
        if better.share_z > rules.level and better.times_z > rules.level:
            found.append(better)
    found.sort(key=lambda each: -each.weight)
    first = next((each for each in found if each.agrees), None)
    kept = ([first] if first else []) + [each for each in found if each is not first]
    return tuple(sorted(kept[: rules.named], key=lambda each: (not each.agrees, -each.weight)))


def consensus(statements: Iterable[Statement], rules: Rules) -> tuple[Common, ...]:
    """Return what more than half of all surely say, whatever their group: at most `rules.named` of either side."""
    found = []
    for statement in statements:
        for agrees in (True, False):
            said = _said(statement.everybody, agrees)
            share, sure = share_of(said, statement.everybody.seen), _surely(said, statement.everybody.seen)
            if share > _HALF and sure > rules.level:
                found.append((share * sure, Common(statement.id, agrees, share)))
    found.sort(key=lambda each: -each[0])
    return _most(found, rules, agrees=True) + _most(found, rules, agrees=False)


def bridges(statements: Iterable[Statement], rules: Rules) -> tuple[Common, ...]:
    """Return what more than half of every group says, best group-aware consensus first, so many of either side."""
    found = []
    for statement in statements:
        for agrees, score in ((True, statement.shared), (False, statement.refused)):
            every = (share_of(_said(each, agrees), each.seen) > _HALF for each in statement.groups)
            if len(statement.groups) > 1 and all(every):
                found.append((score, Common(statement.id, agrees, score)))
    found.sort(key=lambda each: -each[0])
    return _most(found, rules, agrees=True) + _most(found, rules, agrees=False)


def in_numbers(id_: Id, everybody: Tally, groups: tuple[Tally, ...], pull: float) -> Statement:
    """Return a statement in numbers. pull: how far one lone agreement with it moves somebody on the picture."""
    shared, refused = (
        prod(share_of(_said(each, agrees), each.seen) for each in groups) if groups else 0.0 for agrees in (True, False)
    )
    return Statement(id_, everybody, groups, shared, refused, _priority(everybody, pull))


def share_of(said: int, seen: int) -> float:
    """Return a smoothed share."""
    return (said + 1) / (seen + 2)


def _compare(id_: Id, own: Tally, rest: Tally, *, agrees: bool) -> Telling:
    said, others = _said(own, agrees), _said(rest, agrees)
    share = share_of(said, own.seen)
    return Telling(
        id_, agrees, share, share / share_of(others, rest.seen), _surely(said, own.seen),
        _more_surely(said, own.seen, others, rest.seen),
    )  # fmt: skip


def _surely(said: int, seen: int) -> float:
    """Return the z of a share being more than half, with one more who says so."""
    return 2 * sqrt(seen + 1) * ((said + 1) / (seen + 1) - _HALF)


def _more_surely(said: int, seen: int, others: int, others_seen: int) -> float:
    """Return the z of one share being larger than another, each with one more who says so."""
    one, all_, other, all_others = said + 1, seen + 1, others + 1, others_seen + 1
    pooled = (one + other) / (all_ + all_others)
    if pooled == 1:
        return 0.0
    return (one / all_ - other / all_others) / sqrt(pooled * (1 - pooled) * (1 / all_ + 1 / all_others))


def _priority(everybody: Tally, pull: float) -> float:
    """Return how much is learnt by asking: not passed over, told apart by, agreed with, and not asked often yet."""
    seen = everybody.seen
    importance = (1 - share_of(everybody.passed, seen)) * (pull + 1) * share_of(everybody.agree, seen)
    return float((importance * (1 + _NEW * 2 ** (-seen / _FADES))) ** 2)


def _said(tally: Tally, agrees: bool) -> int:
    return tally.agree if agrees else tally.disagree


def _together(tallies: Iterable[Tally]) -> Tally:
    kept = list(tallies)
    return Tally(
        sum(each.agree for each in kept), sum(each.disagree for each in kept), sum(each.passed for each in kept)
    )


def _most(found: Iterable[tuple[float, Common]], rules: Rules, *, agrees: bool) -> tuple[Common, ...]:
    return tuple(each for _score, each in found if each.agrees is agrees)[: rules.named]
