"""A working calendar as an immutable value: built once, asked millions of times.

All times of day are Asia/Shanghai. Days are numbered from the first one covered, minutes from the
midnight that begins it. The arithmetic assumes UTC+8 throughout, which holds from 1992 (until 1991
there was summer time); the years covered may not begin earlier.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from haitang.worktime.values.words import HoursUnusable, OutsideCalendar

Hours = tuple[tuple[int, int], ...]
"""Office hours of one day: (start, end) in minutes after midnight, in order, half-open; empty is a day of rest."""

WEEKDAYS = [
    gettext_lazy("星期一"),
    gettext_lazy("星期二"),
    gettext_lazy("星期三"),
    gettext_lazy("星期四"),
    gettext_lazy("星期五"),
    gettext_lazy("星期六"),
    gettext_lazy("星期日"),
]
WEEKDAYS_SHORT = [
    pgettext_lazy("星期", "一"),
    pgettext_lazy("星期", "二"),
    pgettext_lazy("星期", "三"),
    pgettext_lazy("星期", "四"),
    pgettext_lazy("星期", "五"),
    pgettext_lazy("星期", "六"),
    pgettext_lazy("星期", "日"),
]

DAY = 24 * 60
_UTC_OFFSET = 8 * 60
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
FIRST_YEAR_MIN = 1992

OFFICE: Hours = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
"""The shipped default of a day: 08:00-12:00, 14:00-18:00."""
OFFICE_WEEK: tuple[Hours, ...] = (OFFICE,) * 5 + ((),) * 2


class DayEnd(StrEnum):
    """When the last day of a limit in days is over.

    Source: 《民法典》 art. 203: at 24:00, but where there are business hours, when business stops.
    """

    OFFICE = "office"
    MIDNIGHT = "midnight"


class RollRule(StrEnum):
    """What happens when the last of so many calendar days is a day without work.

    Source: 《民法典》 art. 203: ends on the day after the public holiday. HOLIDAY follows the letter (法定休假日),
    REST_DAY takes ordinary weekends too, as many offices do, NEVER lets the limit end on that day.
    """

    HOLIDAY = "holiday"
    REST_DAY = "rest_day"
    NEVER = "never"


class DayKind(StrEnum):
    """What sort of day it is in a calendar."""

    WORKING = "working"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True)
class Calendar:
    """When an office works.

    week: office hours from Monday to Sunday.
    holidays: public holidays, weekends inside of them included; no work whatever the weekday.
    makeup_days: working days in place of a day of rest (调休); they win over holidays. Where the weekday
        itself has no hours, they have those of the first weekday that has some.
    first_year, last_year: what is covered, both included.
    """

    week: tuple[Hours, ...] = OFFICE_WEEK
    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    first_year: int = 2001
    last_year: int = 2050
    day_end: DayEnd = DayEnd.OFFICE
    roll_rule: RollRule = RollRule.HOLIDAY

    first_ordinal: int = field(init=False, repr=False, compare=False)
    days: int = field(init=False, repr=False, compare=False)
    worked_before: list[int] = field(init=False, repr=False, compare=False)
    """For each day (and the one after the last): office minutes before it."""
    working_days_before: list[int] = field(init=False, repr=False, compare=False)
    working_days: list[int] = field(init=False, repr=False, compare=False)
    """The numbers of the days with office hours, in order."""
    _hours: list[Hours] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_week(self.week)
        if not FIRST_YEAR_MIN <= self.first_year <= self.last_year <= 9998:
            raise OutsideCalendar(_("日历年份须在1992年以后，且起止有序"))
        first = date(self.first_year, 1, 1).toordinal()
        days = date(self.last_year + 1, 1, 1).toordinal() - first
        rest_of_makeup = next(hours for hours in self.week if hours)
        holidays = {day.toordinal() for day in self.holidays}
        makeup_days = {day.toordinal() for day in self.makeup_days}
        hours_of: list[Hours] = []
        worked, working = [0], [0]
        working_days = []
        for number in range(days):
            ordinal = first + number
            hours = self.week[(ordinal - 1) % 7]
            if ordinal in makeup_days:
                hours = hours or rest_of_makeup
            elif ordinal in holidays:
                hours = ()
            hours_of.append(hours)
            worked.append(worked[-1] + sum(end - start for start, end in hours))
            working.append(working[-1] + (1 if hours else 0))
            if hours:
                working_days.append(number)
        for name, value in {
            "first_ordinal": first, "days": days, "_hours": hours_of, "worked_before": worked,
            "working_days_before": working, "working_days": working_days,
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)

    def day_number(self, day: date) -> int:
        """Return the number of the date. Raises: OutsideCalendar."""
        number = day.toordinal() - self.first_ordinal
        if not 0 <= number < self.days:
            raise self._outside()
        return number

    def date_of(self, number: int) -> date:
        """Return the date of a day's number."""
        return date.fromordinal(self.first_ordinal + number)

    def minute_of(self, instant: datetime) -> int:
        """Return the number of the first whole minute that does not begin before the aware instant.

        Raises: OutsideCalendar; ValueError for an instant without zone, which is a bug.
        """
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        minute = int(-(-instant.timestamp() // 60)) + _UTC_OFFSET - (self.first_ordinal - _EPOCH_ORDINAL) * DAY
        if not 0 <= minute < self.days * DAY:
            raise self._outside()
        return minute

    def instant_of(self, minute: int) -> datetime:
        """Return the instant, in UTC, at which the minute of that number begins."""
        return datetime.fromtimestamp(((self.first_ordinal - _EPOCH_ORDINAL) * DAY + minute - _UTC_OFFSET) * 60, tz=UTC)

    def worked_by(self, minute: int) -> int:
        """Return how many office minutes lie before the minute, from the first day covered."""
        day, of_day = divmod(minute, DAY)
        worked = self.worked_before[day]
        if of_day:
            for start, end in self._hours[day]:
                if of_day <= start:
                    break
                worked += (end if of_day > end else of_day) - start
        return worked

    def minute_when_worked(self, worked: int) -> int:
        """Return the earliest minute by which so many office minutes (at least 1) have gone.

        Raises: OutsideCalendar.
        """
        day = bisect_left(self.worked_before, worked) - 1
        if day >= self.days:
            raise self._outside()
        left = worked - self.worked_before[day]
        for start, end in self._hours[day]:
            if left <= end - start:
                return day * DAY + start + left
            left -= end - start
        raise AssertionError("the prefix sums disagree with the hours")

    def check_covered(self, minute: int) -> int:
        """Return the minute if it lies within the years covered, their very end included. Raises: OutsideCalendar."""
        if minute > self.days * DAY:
            raise self._outside()
        return minute

    def nth_day(self, number: int, n: int) -> int:
        """Return the n-th day, counting the one of that number as the first. Raises: OutsideCalendar."""
        if number + n > self.days:
            raise self._outside()
        return number + n - 1

    def nth_working_day(self, number: int, n: int) -> int:
        """Return the n-th day with office hours, not before that number. Raises: OutsideCalendar."""
        index = self.working_days_before[min(number, self.days)] + n - 1
        if index >= len(self.working_days):
            raise self._outside()
        return self.working_days[index]

    def end_of_day(self, number: int) -> int:
        """Return the minute at which the day is over for limits in days; days without hours end at midnight."""
        hours = self._hours[number]
        if hours and self.day_end is DayEnd.OFFICE:
            return number * DAY + hours[-1][1]
        return (number + 1) * DAY

    def hours_on(self, day: date) -> Hours:
        """Return the office hours on the date, empty on a day of rest. Raises: OutsideCalendar."""
        return self._hours[self.day_number(day)]

    def kind_of(self, day: date) -> DayKind:
        """Return what sort of day the date is. Raises: OutsideCalendar."""
        if self.hours_on(day):
            return DayKind.WORKING if self.week[day.weekday()] else DayKind.MAKEUP
        return DayKind.HOLIDAY if day in self.holidays else DayKind.REST

    def ends_elsewhere(self, number: int) -> bool:
        """Tell whether a limit in calendar days may not end on that day."""
        if self.roll_rule is RollRule.NEVER or self._hours[number]:
            return False
        return self.roll_rule is RollRule.REST_DAY or self.date_of(number) in self.holidays

    def _outside(self) -> OutsideCalendar:
        return OutsideCalendar(
            _("时间超出工作日历的范围（%(first)s年至%(last)s年）") % {"first": self.first_year, "last": self.last_year}
        )


def check_week(week: tuple[Hours, ...]) -> None:
    """Refuse hours that are no week of office hours.

    Raises: HoursUnusable unless there are seven days, each in order within one day, and some work in the week.
    """
    if len(week) != 7 or not any(week):
        raise HoursUnusable(_("一周至少要有一个工作时段"))
    for hours in week:
        if any(not 0 <= start < end <= DAY for start, end in hours):
            raise HoursUnusable(_("工作时段的开始须早于结束，且不跨过零点"))
        if any(earlier[1] > later[0] for earlier, later in pairwise(hours)):
            raise HoursUnusable(_("同一天的工作时段须按先后排列，互不重叠"))


_PERIOD = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})")


def parse_hours(text: str) -> Hours:
    """Read the office hours of a day, "08:00-12:00, 14:00-18:00"; an empty text is a day of rest.

    Raises: HoursUnusable.
    """
    periods = []
    for part in filter(None, (part.strip() for part in re.split("[,，、;；]", text))):
        match = _PERIOD.fullmatch(part)
        if match is None or int(match[2]) > 59 or int(match[4]) > 59:
            raise HoursUnusable(_("看不懂工作时段“%(text)s”，请写成“08:00-12:00, 14:00-18:00”") % {"text": part[:40]})
        periods.append((int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])))
    hours = tuple(periods)
    if hours:
        check_week((hours,) * 7)
    return hours


def hours_text(hours: Hours) -> str:
    """Write office hours as `parse_hours` reads them."""
    return ", ".join(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in hours)


def days_between(first: date, last: date) -> list[date]:
    """Return every date from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
