"""Permissions and refusals."""

from enum import StrEnum

from haitang.core.errors import Conflict, Invalid, NotFound


class Permission(StrEnum):
    """What may be granted here."""

    MANAGE_CALENDARS = "worktime.calendar.manage"


class LimitUnreadable(Invalid):
    """A text names no time limit."""


class HoursUnusable(Invalid):
    """Office hours overlap, cross midnight, or leave the whole week without work."""


class OutsideCalendar(Invalid):
    """An instant or a deadline lies outside the years that the calendar covers."""


class NoSuchCalendar(NotFound):
    """There is no calendar of that id."""


class CalendarNameTaken(Conflict):
    """Another calendar has that name already."""


class DayUnusable(Invalid):
    """A day cannot be declared: it lies outside the years covered, or stands twice in one import."""
