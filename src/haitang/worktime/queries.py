"""Reads over working calendars."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from haitang.core.clock import local_date
from haitang.core.policy import Policy
from haitang.worktime import models, values
from haitang.worktime.values.national import national_days

FIRST_YEAR = 2001
LAST_YEAR = 2050
"""Years that calendars cover: from the first with published make-up days to where holidays can be computed."""

PUBLISHED_FROM_MONTH = 10
"""The State Council announces the next year's days in October or November; before that, nobody can know them."""


@dataclass(frozen=True)
class CalendarRow:
    """A calendar as it is kept: its hours as text, Monday to Sunday."""

    id: int
    name: str
    week: tuple[str, ...]
    day_end: values.DayEnd
    roll_rule: values.RollRule
    is_default: bool


@dataclass(frozen=True)
class OverrideRow:
    """A declared day. calendar_id: None for the whole country."""

    calendar_id: int | None
    date: date
    is_working: bool
    name: str
    source: str


@dataclass(frozen=True)
class CalendarWarning:
    """A year whose make-up days nobody has entered yet. text: a finished sentence."""

    year: int
    text: str


@dataclass(frozen=True)
class _Snapshot:
    rows: dict[int, CalendarRow]
    calendars: dict[int, values.Calendar]
    default: values.Calendar
    overrides: tuple[OverrideRow, ...]


def _load() -> _Snapshot:
    rows = {
        row.pk: CalendarRow(
            row.pk,
            row.name,
            tuple(row.week),
            values.DayEnd(row.day_end),
            values.RollRule(row.roll_rule),
            row.is_default,
        )
        for row in models.Calendar.objects.order_by("-is_default", "name")
    }
    overrides = tuple(
        OverrideRow(row.calendar_id, row.date, row.is_working, row.name, row.source)
        for row in models.DayOverride.objects.order_by("date")
    )
    calendars = {row.id: _build(row, overrides) for row in rows.values()}
    default = next((calendars[row.id] for row in rows.values() if row.is_default), None)
    return _Snapshot(rows, calendars, default or _build(None, overrides), overrides)


def _build(row: CalendarRow | None, overrides: tuple[OverrideRow, ...]) -> values.Calendar:
    """Return the row, or without one the shipped default, under the published and the declared days."""
    published = national_days(FIRST_YEAR, LAST_YEAR)
    holidays, makeup_days = set(published.names), set(published.makeup_days)
    # The calendar's own days come last, so that they win over the country's.
    for override in sorted(overrides, key=lambda override: override.calendar_id is not None):
        if override.calendar_id is not None and (row is None or override.calendar_id != row.id):
            continue
        gains, loses = (makeup_days, holidays) if override.is_working else (holidays, makeup_days)
        gains.add(override.date)
        loses.discard(override.date)
    days = {"holidays": frozenset(holidays), "makeup_days": frozenset(makeup_days)}
    if row is None:
        return values.Calendar(first_year=FIRST_YEAR, last_year=LAST_YEAR, **days)
    return values.Calendar(
        week=tuple(values.parse_hours(text) for text in row.week),
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        day_end=row.day_end,
        roll_rule=row.roll_rule,
        **days,
    )


calendars = Policy("worktime.calendars", _load)
"""Every calendar, ready to count with; actions that change one touch it."""


def get_calendar(calendar_id: int | None) -> values.Calendar:
    """Return the calendar, ready to count with; the default one for None.

    An id that is gone gives the default too: a deadline must come out of every case. Reads at most
    the policy versions.
    """
    snapshot = calendars.get()
    if calendar_id is None:
        return snapshot.default
    return snapshot.calendars.get(calendar_id, snapshot.default)


def list_calendars() -> list[CalendarRow]:
    """Return all calendars, the default one first, then by name."""
    return list(calendars.get().rows.values())


def list_overrides(calendar_id: int | None, year: int) -> list[OverrideRow]:
    """Return the days of the year declared in the calendar (None: for the whole country), in order."""
    return [
        override
        for override in calendars.get().overrides
        if override.calendar_id == calendar_id and override.date.year == year
    ]


def list_calendar_warnings(now: datetime) -> list[CalendarWarning]:
    """Return a warning for this year and, from October on, for the coming one if its make-up days are unknown.

    Known are those of the `holidays` package and those declared for the whole country.
    """
    today = local_date(now)
    known = {day.year for day in national_days(FIRST_YEAR, LAST_YEAR).makeup_days}
    known |= {row.date.year for row in calendars.get().overrides if row.is_working and row.calendar_id is None}
    years = [today.year, today.year + 1] if today.month >= PUBLISHED_FROM_MONTH else [today.year]
    text = _("%(year)d年的调休上班日尚未录入，跨入%(year)d年的时限可能算错，请按国务院办公厅通知补录")
    return [CalendarWarning(year, text % {"year": year}) for year in years if year not in known]
