"""Writes over working calendars.

A change counts for deadlines computed from then on; deadlines already given stay as they were given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.facts import Fact
from haitang.core.history import record
from haitang.worktime import facts, models, queries, values

COUNTRY = 0
"""In facts: the days of the whole country, rather than of one calendar."""


@dataclass(frozen=True)
class CalendarSpec:
    """What a calendar is to be.

    week: seven texts of office hours from Monday on, "08:00-12:00, 14:00-18:00", empty for rest.
    """

    name: str
    week: Sequence[str]
    day_end: values.DayEnd = values.DayEnd.OFFICE
    roll_rule: values.RollRule = values.RollRule.HOLIDAY

    def __str__(self) -> str:
        return f"{self.name}；{' | '.join(hours or '休' for hours in self.week)}；{self.day_end}；{self.roll_rule}"


@dataclass(frozen=True)
class DaySpec:
    """A day to be declared worked or free; name: of the holiday."""

    date: date
    is_working: bool
    name: str = ""

    def __str__(self) -> str:
        return f"{self.date} {'上班' if self.is_working else '放假'} {self.name}".strip()


@transaction.atomic
def create_calendar(*, actor: Actor, calendar: CalendarSpec, now: datetime) -> int:
    """Create a calendar and return its id; the first one becomes the default.

    Raises: NotAllowed; HoursUnusable; CalendarNameTaken.
    """
    require(actor, values.Permission.MANAGE_CALENDARS, area_path=EVERYWHERE)
    row = models.Calendar(is_default=not models.Calendar.objects.filter(is_default=True).exists())
    _write(row, calendar)
    _done(actor, facts.CalendarCreated(row.pk, row.name), now)
    return row.pk


@transaction.atomic
def change_calendar(*, actor: Actor, calendar_id: int, calendar: CalendarSpec, now: datetime) -> None:
    """Give the calendar another name, other hours or rules; changing nothing records nothing.

    Raises: NotAllowed; NoSuchCalendar; HoursUnusable; CalendarNameTaken.
    """
    row = _lock(calendar_id)
    require(actor, values.Permission.MANAGE_CALENDARS, area_path=EVERYWHERE)
    before = str(CalendarSpec(row.name, row.week, values.DayEnd(row.day_end), values.RollRule(row.roll_rule)))
    _write(row, calendar)
    after = str(CalendarSpec(row.name, row.week, calendar.day_end, calendar.roll_rule))
    if before != after:
        _done(actor, facts.CalendarChanged(row.pk, before, after), now)


@transaction.atomic
def choose_default_calendar(*, actor: Actor, calendar_id: int, now: datetime) -> None:
    """Make the calendar that of all who have none of their own; the one that was it no longer is.

    Raises: NotAllowed; NoSuchCalendar.
    """
    # All rows, in order: two administrators who choose at once must not both find the place free.
    rows = {row.pk: row for row in models.Calendar.objects.select_for_update(no_key=True).order_by("pk")}
    row = rows.get(calendar_id)
    if row is None:
        raise values.NoSuchCalendar(_("没有这个工作日历"))
    require(actor, values.Permission.MANAGE_CALENDARS, area_path=EVERYWHERE)
    if row.is_default:
        return
    models.Calendar.objects.filter(is_default=True).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])
    _done(actor, facts.DefaultCalendarChosen(row.pk), now)


@transaction.atomic
def set_days(
    *, actor: Actor, calendar_id: int | None, days: Sequence[DaySpec], source: str = "", now: datetime
) -> None:
    """Declare days worked or free in one calendar, or with None in all; days declared before are replaced.

    source: the notice that says so, for everyone who asks later.

    Raises: NotAllowed; NoSuchCalendar; DayUnusable.
    """
    if calendar_id is not None:
        _lock(calendar_id)
    require(actor, values.Permission.MANAGE_CALENDARS, area_path=EVERYWHERE)
    if not days:
        return
    for day in days:
        if not queries.FIRST_YEAR <= day.date.year <= queries.LAST_YEAR:
            raise values.DayUnusable(_("日期 %(day)s 超出工作日历的范围") % {"day": day.date})
    if len({day.date for day in days}) < len(days):
        raise values.DayUnusable(_("同一天不能写两次"))
    models.DayOverride.objects.bulk_create(
        [
            models.DayOverride(
                calendar_id=calendar_id, date=day.date, is_working=day.is_working, name=day.name, source=source
            )
            for day in days
        ],
        update_conflicts=True,
        unique_fields=["calendar", "date"],
        update_fields=["is_working", "name", "source"],
    )
    _done(actor, facts.DaysSet(calendar_id or COUNTRY, [str(day) for day in days], source), now)


@transaction.atomic
def clear_day(*, actor: Actor, calendar_id: int | None, day: date, now: datetime) -> None:
    """Take back what was declared for the day in the calendar (None: in all); nothing declared, nothing done.

    Raises: NotAllowed.
    """
    require(actor, values.Permission.MANAGE_CALENDARS, area_path=EVERYWHERE)
    rows = models.DayOverride.objects.filter(Q(calendar=calendar_id) if calendar_id else Q(calendar=None), date=day)
    deleted, _rows = rows.delete()
    if deleted:
        _done(actor, facts.DayCleared(calendar_id or COUNTRY, day.isoformat()), now)


def _lock(calendar_id: int) -> models.Calendar:
    row = models.Calendar.objects.select_for_update(no_key=True).filter(pk=calendar_id).first()
    if row is None:
        raise values.NoSuchCalendar(_("没有这个工作日历"))
    return row


def _write(row: models.Calendar, calendar: CalendarSpec) -> None:
    week = tuple(values.parse_hours(hours) for hours in calendar.week)
    values.check_week(week)
    row.name, row.day_end, row.roll_rule = calendar.name, calendar.day_end, calendar.roll_rule
    row.week = [values.hours_text(hours) for hours in week]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "worktime_calendar_name" not in str(error):
            raise
        raise values.CalendarNameTaken(_("已有同名的工作日历，请换一个名称")) from None


def _done(actor: Actor, fact: Fact, now: datetime) -> None:
    queries.calendars.touch()
    record(actor=actor, fact=fact, at=now)
