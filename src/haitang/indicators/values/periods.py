"""Periods of assessment: months that begin on another day than the first."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

START_DAY_MAX = 28


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.last + timedelta(days=1)


def period_of(month: date, start_day: int) -> Period:
    """Return the month of assessment that bears the name of that month.

    With a start day of 1 the calendar's own; else from that day of the month before to the day before it (with 19, May
    runs from 19 April to 18 May).
    """
    first = month.replace(day=1)
    if start_day == 1:
        return Period(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))
    before = first - timedelta(days=1)
    return Period(before.replace(day=start_day), first.replace(day=start_day) - timedelta(days=1))


def month_of(day: date, start_day: int) -> date:
    """Return the first day of the calendar's month whose name the day's month of assessment bears."""
    first = day.replace(day=1)
    if start_day == 1 or day.day < start_day:
        return first
    return (first + timedelta(days=32)).replace(day=1)


def month_label(month: date) -> str:
    """Return a month's name for reading."""
    return _("%(year)d年%(month)d月") % {"year": month.year, "month": month.month}
