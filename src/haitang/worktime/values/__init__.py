"""The words of working time, and the pure functions from a start to a deadline."""

from haitang.worktime.values.calendar import Calendar, DayEnd, DayKind, Hours, RollRule, hours_text, parse_hours
from haitang.worktime.values.deadlines import Pause, deadline, elapsed_minutes
from haitang.worktime.values.due import DueState, Thresholds, due_state, remaining_text
from haitang.worktime.values.limit import Clock, Limit
from haitang.worktime.values.words import HoursUnusable, LimitUnreadable, OutsideCalendar, Permission

__all__ = [
    "Calendar",
    "Clock",
    "DayEnd",
    "DayKind",
    "DueState",
    "Hours",
    "HoursUnusable",
    "Limit",
    "LimitUnreadable",
    "OutsideCalendar",
    "Pause",
    "Permission",
    "RollRule",
    "Thresholds",
    "deadline",
    "due_state",
    "elapsed_minutes",
    "hours_text",
    "parse_hours",
    "remaining_text",
]
