"""The words of service days: how days repeat, what a planner says, permissions, refusals."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound

THEME_LENGTH_MAX = 50
WORDS_LENGTH_MAX = 500
TASK_LENGTH_MAX = 40
PLACE_LENGTH_MAX = 60
REASON_LENGTH_MAX = 100
PLACES_MAX = 1000
SHIFTS_MAX = 30
ROWS_MAX = 1000
"""Shifts that one sheet may plan."""
CODE_BYTES = 12
_HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})\s*")
LAST = 5
"""As the how-manieth of a month: the last, which is the fourth or the fifth."""


class Permission(StrEnum):
    """What may be done with service days over an area. Which role holds which is data."""

    VIEW = "servicedays.day.view"
    MANAGE = "servicedays.day.manage"
    SETTINGS = "servicedays.settings.manage"


class Repeat(TextChoices):
    """How often a day comes again."""

    WEEKLY = "weekly", _("每周")
    MONTHLY = "monthly", _("每月")


class State(TextChoices):
    """What became of signing up."""

    SIGNED = "signed", _("已报名")
    LEFT = "left", _("已退出")
    RELEASED = "released", _("未确认已释放")
    MISSED = "missed", _("没有来")


HOLDS = (State.SIGNED, State.MISSED)
"""States in which a place is held, unless one waits."""


@dataclass(frozen=True, slots=True)
class NewShift:
    """One shift as it is planned. start, end: in Shanghai, on the day. skills: codes of the register, all asked for."""

    task: str
    place: str
    start: time
    end: time
    places: int
    skills: tuple[str, ...] = ()

    def stored(self) -> list[Any]:
        """Return it as JSON values."""
        return [self.task, self.place, f"{self.start:%H:%M}", f"{self.end:%H:%M}", self.places, list(self.skills)]

    @classmethod
    def of(cls, stored: list[Any]) -> "NewShift":
        """Return what was stored."""
        task, place, start, end, places, skills = stored
        return cls(task, place, time.fromisoformat(start), time.fromisoformat(end), places, tuple(skills))


@dataclass(frozen=True, slots=True)
class NewDay:
    """A day as it is planned, in the area whose people it is for."""

    theme: str
    area_code: str
    on: date
    shifts: tuple[NewShift, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewRule:
    """A day that comes again. weekday: 0 is Monday. nth: of a month, 1 to 4, or LAST; of no meaning weekly.

    from_date, until_date: the first and the last day on which it may fall; None for no end.
    """

    theme: str
    area_code: str
    repeat: str
    weekday: int
    nth: int
    from_date: date
    shifts: tuple[NewShift, ...]
    until_date: date | None = None
    words: str = ""


def read_hours(text: str) -> tuple[time, time]:
    """Return begin and end of what people write as "9:00-11:30". Raises ValueError for anything else."""
    hours = _HOURS.fullmatch(text.replace("：", ":"))
    if hours is None:
        raise ValueError(text)
    return time(int(hours[1]), int(hours[2])), time(int(hours[3]), int(hours[4]))


def hours_in_words(begin: time, end: time) -> str:
    """Return hours as `read_hours` reads them."""
    return f"{begin:%H:%M}-{end:%H:%M}"


def falls_on(day: date, repeat: str, weekday: int, nth: int) -> bool:
    """Tell whether such a rule has a service day on that day."""
    if day.weekday() != weekday:
        return False
    if repeat == Repeat.WEEKLY:
        return True
    if nth == LAST:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == nth


def days_of(repeat: str, weekday: int, nth: int, begin: date, end: date) -> list[date]:
    """Return the days from begin to end, both included, on which such a rule has a service day."""
    days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return [day for day in days if falls_on(day, repeat, weekday, nth)]


class DayNotFound(NotFound):
    """There is no such service day, shift or rule, or the viewer may not know that there is."""


class NotSignedUp(NotFound):
    """The viewer stands in no register of helpers, or has not signed up for this shift."""


class ShiftOver(Conflict):
    """The shift has begun, is closed, or its day was called off."""


class ShiftFull(Conflict):
    """Every place is taken, and the wait list is full or may not be skipped."""


class TimePromised(Conflict):
    """The person has promised something else at that time."""


class NotYetThere(Conflict):
    """Reporting on the spot, or closing, has not begun."""


class SignUpPaused(NotAllowed):
    """Too often away of late: the community signs this person up on their behalf for a while."""


class LacksSkill(Invalid):
    """The shift asks for skills that the person has not said to have."""


class WrongShiftCode(NotFound):
    """The code that was scanned belongs to no shift."""


class DayInvalid(Invalid):
    """What was said of a service day cannot stand."""
