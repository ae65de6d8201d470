"""When somebody is free: weekly times without what is taken, inside a span, in minutes as `minute_of` counts them."""

from collections.abc import Iterator

from haitang.matching.terms import WEEK, Span


def free_minutes(span: Span, minutes: int, times: tuple[Span, ...], busy: tuple[Span, ...]) -> int:
    """Return the longest stretch inside the span in which somebody is free, 0 where it is shorter than `minutes`.

    times: in a week, none told meaning always. busy: taken.
    """
    longest = max((end - begin for begin, end in _stretches(span, times, busy)), default=0)
    return longest if longest >= max(minutes, 1) else 0


def _stretches(span: Span, times: tuple[Span, ...], busy: tuple[Span, ...]) -> Iterator[Span]:
    free = _merged(_in_weeks(span, times)) if times else [span]
    for begin, end in free:
        for taken_from, taken_until in sorted(busy):
            if taken_until > begin and taken_from < end:
                yield begin, taken_from
                begin = max(begin, taken_until)
        yield begin, end


def _in_weeks(span: Span, times: tuple[Span, ...]) -> Iterator[Span]:
    """Yield the weekly times as they fall into the span; one that began in the week before may last into it."""
    for week in range(span[0] // WEEK - 1, span[1] // WEEK + 1):
        for begin, end in times:
            clipped = max(span[0], week * WEEK + begin), min(span[1], week * WEEK + end)
            if clipped[0] < clipped[1]:
                yield clipped


def _merged(spans: Iterator[Span]) -> list[Span]:
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined
