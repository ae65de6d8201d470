"""Simple decisions, counted in whole numbers: a motion with its turnout, a council, one or k of many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)


class Of(StrEnum):
    """Of whom more than the share must say yes: those who said yes or no, all who took part, all who are entitled."""

    DECIDED = "decided"
    TAKING_PART = "taking_part"
    ENTITLED = "entitled"


@dataclass(frozen=True)
class Verdict:
    """What came of a motion. took_part and yes stand beside the least number of each that is enough."""

    carried: bool
    took_part: int
    took_part_needed: int
    yes: int
    yes_needed: int

    @property
    def quorate(self) -> bool:
        """Tell whether enough took part."""
        return self.took_part >= self.took_part_needed


def motion(
    *, entitled: int, yes: int, no: int, abstained: int = 0, least_turnout: Fraction = Fraction(0),
    more_than: Fraction = HALF, of: Of = Of.DECIDED,
) -> Verdict:  # fmt: skip
    """Return whether a motion is carried: `least_turnout` of those entitled take part (exactly that is enough), and
    more than a share say yes (exactly that is not enough).

    Raises ValueError where more took part than are entitled, or a number is below 0.
    """
    took_part = yes + no + abstained
    if min(yes, no, abstained, entitled) < 0 or took_part > entitled:
        raise ValueError("more took part than are entitled, or fewer than nobody")
    base = {Of.DECIDED: yes + no, Of.TAKING_PART: took_part, Of.ENTITLED: entitled}[of]
    needed_part = -(-least_turnout.numerator * entitled // least_turnout.denominator)
    needed_yes = more_than.numerator * base // more_than.denominator + 1
    return Verdict(took_part >= needed_part and yes >= needed_yes, took_part, needed_part, yes, needed_yes)


def council(*, members: int, present: int, yes: int, no: int) -> Verdict:
    """Return what a 议事会 decides: two thirds of its members are present, more than half of those present say yes.

    Who is present and says neither abstains. Both shares are the custom that we ship; `motion` takes any other.
    """
    return motion(
        entitled=members, yes=yes, no=no, abstained=present - yes - no, least_turnout=TWO_THIRDS, of=Of.TAKING_PART
    )


@dataclass(frozen=True)
class Choice:
    """The result of choosing one or k of many. tied: those at the last place among whom the declared order decided."""

    chosen: tuple[str, ...]
    counts: Mapping[str, int]
    tied: frozenset[str]


def choose(counts: Mapping[str, int], places: int = 1, *, order: Sequence[str], least: int = 1) -> Choice:
    """Return who has the most votes, `least` of them at the fewest.

    order: all ids as declared before the vote (by time of handing in, by lot); it decides among equals.

    Raises ValueError where the order does not hold every id once.
    """
    if sorted(order) != sorted(counts):
        raise ValueError("the declared order does not hold every choice once")
    rank = {each: at for at, each in enumerate(order)}
    able = sorted((each for each in counts if counts[each] >= least), key=lambda each: (-counts[each], rank[each]))
    chosen, out = able[:places], able[places:]
    tied: frozenset[str] = frozenset()
    if chosen and out and counts[out[0]] == counts[chosen[-1]]:
        tied = frozenset(each for each in able if counts[each] == counts[out[0]])
    return Choice(tuple(chosen), dict(counts), tied)
