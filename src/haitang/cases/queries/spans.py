"""A period as the fewest stretches that counters are kept for: days, thirds of a month (旬), months."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

DAY, THIRD, MONTH = "d", "t", "m"
Span = tuple[str, date, date]
"""(grain, from, to): all counters of the grain that start on days in [from, to) make up just these days."""

_THIRDS = (1, 11, 21)


def third_of(day: date) -> date:
    """Return the first day of its third of a month: the 1st, the 11th or the 21st."""
    return day.replace(day=max(first for first in _THIRDS if first <= day.day))


def month_of(day: date) -> date:
    """Return the first day of its month."""
    return day.replace(day=1)


def spans(from_date: date, to_date: date, grains: str) -> Iterator[Span]:
    """Yield the days [from_date, to_date) as stretches of those grains, in order, none empty.

    grains: those that are kept, "d" always among them: "d", "dm" or "dtm".
    """
    coarser: list[tuple[str, Callable[[date], date]]] = [
        (grain, start_of) for grain, start_of in ((THIRD, third_of), (MONTH, month_of)) if grain in grains
    ]
    yield from _within(from_date, to_date, DAY, coarser)


def _within(
    from_date: date, to_date: date, grain: str, coarser: list[tuple[str, Callable[[date], date]]]
) -> Iterator[Span]:
    """Yield the ends of the period by the grain, and what lies between them by the coarser ones."""
    if from_date >= to_date:
        return
    if not coarser:
        yield grain, from_date, to_date
        return
    (coarse, start_of), *rest = coarser
    first, last = _next(from_date, start_of), start_of(to_date)
    if first >= last:
        yield grain, from_date, to_date
        return
    if from_date < first:
        yield grain, from_date, first
    yield from _within(first, last, coarse, rest)
    if last < to_date:
        yield grain, last, to_date


def _next(day: date, start_of: Callable[[date], date]) -> date:
    """Return the day itself if a stretch starts on it, else the first day of the next stretch."""
    start = start_of(day)
    while start < day:
        day = day + timedelta(days=1)
        start = start_of(day)
    return start
