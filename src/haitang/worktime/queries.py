"""Reads over working calendars."""

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.clock import local_date
from haitang.core.errors import NotFound
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

    @property
    def hours_by_days(self) -> list[tuple[str, str]]:
        """Return runs of weekdays with the same hours, and the hours: 星期一至星期五, 08:00-12:00, 14:00-18:00."""
        runs = []
        for hours, days in groupby(zip(self.week, values.WEEKDAYS, strict=True), key=lambda pair: pair[0]):
            names = [str(name) for _hours, name in days]
            span = _("%(first)s至%(last)s") % {"first": names[0], "last": names[-1]} if names[1:] else names[0]
            runs.append((span, hours))
        return runs


@dataclass(frozen=True)
class OverrideRow:
    """A declared day. calendar_id: None for the whole country."""

    calendar_id: int | None
    date: date
    is_working: bool
    name: str
    source: str


@dataclass(frozen=True)
class DayCell:
    """A day of the year view. name: of the holiday. declared: by hand, rather than as published."""

    date: date
    kind: values.DayKind
    name: str
    declared: bool

    @property
    def works(self) -> bool:
        """Whether there are office hours on the day."""
        return self.kind in (values.DayKind.WORKING, values.DayKind.MAKEUP)


@dataclass(frozen=True)
class YearPage:
    """A year of a calendar. months: twelve, each of weeks from Monday on, None where the month has no day.

    overrides: what was declared for the year in this calendar and in all of them.
    """

    calendar: CalendarRow
    year: int
    months: tuple[tuple[tuple[DayCell | None, ...], ...], ...]
    working_days: int
    overrides: tuple[OverrideRow, ...]

    @property
    def previous_year(self) -> int | None:
        """The year before, None at the beginning of what is covered."""
        return self.year - 1 if self.year > FIRST_YEAR else None

    @property
    def next_year(self) -> int | None:
        """The year after, None at the end of what is covered."""
        return self.year + 1 if self.year < LAST_YEAR else None


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
    days: dict[str, Any] = {"holidays": frozenset(holidays), "makeup_days": frozenset(makeup_days)}
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


def get_calendar_row(calendar_id: int) -> CalendarRow:
    """Return the calendar as it is kept.

    Raises: NoSuchCalendar.
    """
    row = calendars.get().rows.get(calendar_id)
    if row is None:
        raise values.NoSuchCalendar(_("没有这个工作日历"))
    return row


def get_year(calendar_id: int, year: int) -> YearPage:
    """Return the calendar's days of the year, month by month.

    Raises: NoSuchCalendar; NotFound for a year that calendars do not cover.
    """
    row, calendar = get_calendar_row(calendar_id), get_calendar(calendar_id)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(_("工作日历只含%(first)d年至%(last)d年") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    declared = {override.date: override for override in list_overrides(None, year)}
    declared |= {override.date: override for override in list_overrides(calendar_id, year)}
    names = {day: name for day, name in national_days(FIRST_YEAR, LAST_YEAR).names.items() if day.year == year}
    names |= {day: override.name for day, override in declared.items()}

    def cell(day: date) -> DayCell:
        return DayCell(day, calendar.kind_of(day), names.get(day, ""), day in declared)

    months = []
    for month in range(1, 13):
        weeks = Weeks(firstweekday=0).monthdatescalendar(year, month)
        months.append(tuple(tuple(cell(day) if day.month == month else None for day in week) for week in weeks))
    working_days = sum(cell is not None and cell.works for month in months for week in month for cell in week)
    overrides = (*list_overrides(None, year), *list_overrides(calendar_id, year))
    return YearPage(row, year, tuple(months), working_days, tuple(sorted(overrides, key=lambda row: row.date)))


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
