"""How a deadline stands at a moment: in words, and in three states."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _


class DueState(StrEnum):
    """How near a deadline is."""

    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something is due soon: whichever of the two comes first.

    used_percent: so much of the time between start and deadline has gone.
    left_minutes: no more than so many minutes are left.
    """

    used_percent: int = 80
    left_minutes: int = 60


DEFAULT_THRESHOLDS = Thresholds()


def due_state(started: datetime, due: datetime, now: datetime, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> DueState:
    """Return how the deadline stands now. What is done at the very deadline is still in time."""
    if now > due:
        return DueState.OVERDUE
    used_enough = (now - started) * 100 >= (due - started) * thresholds.used_percent
    if used_enough or due - now <= timedelta(minutes=thresholds.left_minutes):
        return DueState.DUE_SOON
    return DueState.ON_TIME


def remaining_text(due: datetime, now: datetime) -> str:
    """Say how long is left, or by how much it is late, in the two largest units: 剩余 2天3小时, 超期 5小时.

    Parts of a minute are dropped; less than one minute is said so.
    """
    if now > due:
        return _("超期 %(time)s") % {"time": duration_text(now - due)}
    return _("剩余 %(time)s") % {"time": duration_text(due - now)}


def duration_text(duration: timedelta) -> str:
    """Write a duration of at least zero in its two largest units: 2天3小时, 5小时, 20分钟."""
    minutes = int(duration.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        (days, _("%(n)d天") % {"n": days}),
        (hours, _("%(n)d小时") % {"n": hours}),
        (0 if days else minutes, _("%(n)d分钟") % {"n": minutes}),
    ]
    return "".join(text for count, text in parts if count) or _("不足1分钟")
