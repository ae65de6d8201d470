"""The words of working time, and the pure functions from a start to a deadline."""

from haitang.worktime.values.calendar import (
    WEEKDAYS,
    WEEKDAYS_SHORT,
    Calendar,
    DayEnd,
    DayKind,
    Hours,
    RollRule,
    check_week,
    hours_text,
    parse_hours,
)
from haitang.worktime.values.deadlines import Pause, deadline, elapsed_minutes
from haitang.worktime.values.due import DueState, Thresholds, due_state, remaining_text
from haitang.worktime.values.limit import Clock, Limit
from haitang.worktime.values.words import (
    CalendarNameTaken,
    DayUnusable,
    HoursUnusable,
    LimitUnreadable,
    NoSuchCalendar,
    OutsideCalendar,
    Permission,
)

__all__ = [
    "WEEKDAYS",
    "WEEKDAYS_SHORT",
    "Calendar",
    "CalendarNameTaken",
    "Clock",
    "DayEnd",
    "DayKind",
    "DayUnusable",
    "DueState",
    "Hours",
    "HoursUnusable",
    "Limit",
    "LimitUnreadable",
    "NoSuchCalendar",
    "OutsideCalendar",
    "Pause",
    "Permission",
    "RollRule",
    "Thresholds",
    "check_week",
    "deadline",
    "due_state",
    "elapsed_minutes",
    "hours_text",
    "parse_hours",
    "remaining_text",
]
