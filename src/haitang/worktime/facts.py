"""What can have happened to the calendars. Calendar 0 stands for the days of the whole country."""

from dataclasses import dataclass
from typing import Annotated

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy


@dataclass(frozen=True)
class CalendarCreated(Fact):
    """A calendar came into being."""

    subject_type = "calendar"
    calendar_id: Annotated[int, Privacy.INTERNAL]
    name: Annotated[str, Privacy.PUBLIC]


@dataclass(frozen=True)
class CalendarChanged(Fact):
    """Its name, hours or rules became others. before, after: as sentences that a person can compare."""

    subject_type = "calendar"
    calendar_id: Annotated[int, Privacy.INTERNAL]
    before: Annotated[str, Privacy.PUBLIC]
    after: Annotated[str, Privacy.PUBLIC]


@dataclass(frozen=True)
class DefaultCalendarChosen(Fact):
    """It became the calendar of all who have none of their own."""

    subject_type = "calendar"
    calendar_id: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class DaysSet(Fact):
    """Days were declared worked or free. days: as "2026-02-14 上班 春节调休"."""

    subject_type = "calendar"
    calendar_id: Annotated[int, Privacy.INTERNAL]
    days: Annotated[list[str], Privacy.PUBLIC]
    source: Annotated[str, Privacy.PUBLIC]


@dataclass(frozen=True)
class DayCleared(Fact):
    """A declared day went back to what it would be without. day: ISO date."""

    subject_type = "calendar"
    calendar_id: Annotated[int, Privacy.INTERNAL]
    day: Annotated[str, Privacy.PUBLIC]
