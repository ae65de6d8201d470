"""From a start, a limit and pauses to a deadline: the definition, and the arithmetic that meets it.

What counts:

- Time is counted in whole minutes. A minute counts if it begins at or after the start, no pause touches
  any part of it and, on the clock of office hours, it lies within office hours. So a start at 09:00:20
  begins to count at 09:01, and a limit is never shorter than promised.
- A limit in hours is over at the end of its last minute that counts: 4 工作时 from 08:00 end at 12:00,
  not at 14:00. Source: 《民法典》 art. 201 para. 2 (hours run from the agreed time).
- A limit in days counts the days after that of the start, which is not counted itself; on the clock of
  working days only those with office hours. Source: 《民法典》 art. 201 para. 1.
- A day counts if its last minute (before the end of office hours or before 24:00, as the calendar has it)
  is not paused. So a pause costs as many days as it spans ends of days: an hour's pause at noon moves no
  deadline in days, a pause from Monday morning to Wednesday morning moves it by two.
- The limit is over at the end of its last day. If that is no working day and the calendar's roll rule
  moves it, the last day is the next working day whose last minute is not paused.
  Source: 《民法典》 art. 203.

The arithmetic counts in positions (minutes for hours, days for days) and jumps over pauses, so it costs
a few microseconds however long the limit; a simulator in the tests walks the definition minute by minute.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from haitang.worktime.values.calendar import DAY, Calendar
from haitang.worktime.values.limit import Clock, Limit

Pause = tuple[datetime, datetime | None]
"""A half-open period in which the clock stands still: from, to; to is None while it lasts."""

_Span = tuple[int, int | None]


def deadline(start: datetime, limit: Limit, calendar: Calendar, pauses: Iterable[Pause] = ()) -> datetime | None:
    """Return the aware instant, in UTC, by which it must be done, exact to the minute.

    start: aware instant. pauses: in any order, may overlap, may lie before the start.
    None while an open pause holds the clock: there is no deadline then. A limit that had run out before
    the open pause began keeps its deadline: a pause does not undo a delay.

    Raises: OutsideCalendar when start or deadline lie outside the calendar's years.
    """
    begin = calendar.minute_of(start)
    spans = _merged(pauses, calendar, begin) if pauses else ()
    if limit.clock.counts_days:
        end = _end_in_days(_floor_minute(start, calendar) // DAY + 1, limit, calendar, spans)
    else:
        end = _end_in_minutes(begin, limit, calendar, spans)
    return None if end is None else calendar.instant_of(end)


def elapsed_minutes(
    start: datetime, end: datetime, clock: Clock, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> int:
    """Return how many minutes between the two instants count; 0 when the end is not after the start.

    The two clocks of office time (工作时, 工作日) count office minutes, the two others all minutes.

    Raises: OutsideCalendar.
    """
    begin = calendar.minute_of(start)
    finish = _floor_minute(end, calendar)
    office = clock in (Clock.WORK_HOUR, Clock.WORK_DAY)
    counted = 0
    for pause_from, pause_to in _merged(pauses, calendar, begin):
        if begin >= finish:
            return counted
        counted += _minutes_between(begin, min(pause_from, finish), office, calendar)
        begin = finish if pause_to is None else pause_to
    return counted + _minutes_between(begin, finish, office, calendar)


def _floor_minute(instant: datetime, calendar: Calendar) -> int:
    return calendar.minute_of(instant.replace(second=0, microsecond=0))


def _minutes_between(begin: int, finish: int, office: bool, calendar: Calendar) -> int:
    if begin >= finish:
        return 0
    return calendar.worked_by(finish) - calendar.worked_by(begin) if office else finish - begin


def _merged(pauses: Iterable[Pause], calendar: Calendar, begin: int) -> Iterator[_Span]:
    """Yield the paused minutes from the begin on as disjoint spans in order; the last may be open."""
    touched = sorted(
        (
            (_floor_minute(pause_from, calendar), None if pause_to is None else calendar.minute_of(pause_to))
            for pause_from, pause_to in pauses
            if pause_to is None or pause_from < pause_to
        ),
        key=lambda span: span[0],
    )
    held_from = held_to = begin
    for pause_from, pause_to in touched:
        if pause_from > held_to:
            if held_to > held_from:
                yield held_from, held_to
            held_from = held_to = pause_from
        if pause_to is None:
            yield held_from, None
            return
        held_to = max(held_to, pause_to)
    if held_to > held_from:
        yield held_from, held_to


def _end_in_minutes(begin: int, limit: Limit, calendar: Calendar, spans: Iterable[_Span]) -> int | None:
    left = limit.amount
    office = limit.clock is Clock.WORK_HOUR
    for pause_from, pause_to in spans:
        if pause_from > begin:
            free = _minutes_between(begin, pause_from, office, calendar)
            if left <= free:
                break
            left -= free
        if pause_to is None:
            return None
        begin = pause_to
    if office:
        return calendar.minute_when_worked(calendar.worked_by(begin) + left)
    return calendar.check_covered(begin + left)


def _end_in_days(day: int, limit: Limit, calendar: Calendar, spans: Iterable[_Span]) -> int | None:
    """Count days from the given one; see the module for which of them count."""
    blocked = [_blocked_days(span, calendar) for span in spans]
    working_only = limit.clock is Clock.WORK_DAY
    last = _nth_day(day, limit.amount, calendar, blocked, working_only)
    if last is not None and not working_only and calendar.ends_elsewhere(last):
        last = _nth_day(last + 1, 1, calendar, blocked, True)
    return None if last is None else calendar.end_of_day(last)


def _blocked_days(span: _Span, calendar: Calendar) -> _Span:
    """Return the days, half-open, whose last minute lies in the span of minutes."""
    return _first_day_ending_after(span[0], calendar), None if span[1] is None else _first_day_ending_after(
        span[1], calendar
    )


def _first_day_ending_after(minute: int, calendar: Calendar) -> int:
    day = minute // DAY
    return day if minute < calendar.end_of_day(day) else day + 1


def _nth_day(day: int, n: int, calendar: Calendar, blocked: Iterable[_Span], working_only: bool) -> int | None:
    """Return the n-th free day from the given one on, None if an open pause comes first."""
    before = calendar.working_days_before
    for blocked_from, blocked_to in blocked:
        if blocked_from > day:
            free = before[blocked_from] - before[day] if working_only else blocked_from - day
            if n <= free:
                break
            n -= free
        if blocked_to is None:
            return None
        day = max(day, blocked_to)
    return calendar.nth_working_day(day, n) if working_only else calendar.nth_day(day, n)
