"""A period as the fewest stretches that counters are kept for: days, thirds of a month (旬), months, quarters.

Stretches may be taken away as well as added: from the 22nd on, the last third of a month without its first day is two
stretches, its days one by one are nine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

DAY, THIRD, MONTH, QUARTER = "d", "t", "m", "q"


@dataclass(frozen=True, slots=True)
class Grain:
    """A kind of stretch, numbered without gaps. number: of the stretch a day lies in; start: the first day of one."""

    name: str
    number: Callable[[date], int]
    start: Callable[[int], date]


@dataclass(frozen=True, slots=True)
class Span:
    """All counters of the grain that start on days in [first, last), to be added (sign 1) or taken away (-1)."""

    grain: str
    first: date
    last: date
    sign: int = 1


_THIRDS = (1, 11, 21)


def _month(number: int) -> date:
    year, month = divmod(number, 12)
    return date(year, month + 1, 1)


GRAINS = (
    Grain(DAY, date.toordinal, date.fromordinal),
    Grain(
        THIRD,
        lambda day: (day.year * 12 + day.month - 1) * 3 + min((day.day - 1) // 10, 2),
        lambda number: _month(number // 3).replace(day=_THIRDS[number % 3]),
    ),
    Grain(MONTH, lambda day: day.year * 12 + day.month - 1, _month),
    Grain(QUARTER, lambda day: (day.year * 12 + day.month - 1) // 3, lambda number: _month(number * 3)),
)
"""Every kind of stretch, the finest first; each starts where one of the finer starts."""


def spans(from_date: date, to_date: date, grains: str) -> Iterator[Span]:
    """Yield the days [from_date, to_date) as few stretches of those grains; none empty, nothing for an empty period.

    grains: those that are kept, "d" always among them: "d", "dm", "dtm", "dtmq", …
    """
    yield from _within(from_date, to_date, [grain for grain in GRAINS if grain.name in grains])


def _within(first: date, last: date, grains: list[Grain]) -> Iterator[Span]:
    """Yield the ends of the period by the first grain, added or taken away, and what lies between by the coarser."""
    fine, *coarser = grains
    if first >= last:
        return
    if coarser:
        begin, end = _nearest(first, fine, coarser[0]), _nearest(last, fine, coarser[0])
        odd = abs(fine.number(begin) - fine.number(first)) + abs(fine.number(end) - fine.number(last))
        if odd + coarser[0].number(end) - coarser[0].number(begin) < fine.number(last) - fine.number(first):
            yield from _between(first, begin, fine)
            yield from _within(begin, end, coarser)
            yield from _between(end, last, fine)
            return
    yield Span(fine.name, first, last)


def _between(one: date, other: date, grain: Grain) -> Iterator[Span]:
    """Yield what leads from one day to the other: to be added if the other is later, else taken away."""
    if one < other:
        yield Span(grain.name, one, other)
    elif other < one:
        yield Span(grain.name, other, one, -1)


def _nearest(day: date, fine: Grain, coarse: Grain) -> date:
    """Return the start of a coarse stretch that the fewest fine ones lead to."""
    number = coarse.number(day)
    before, after = coarse.start(number), coarse.start(number + 1)
    return before if fine.number(day) - fine.number(before) <= fine.number(after) - fine.number(day) else after
