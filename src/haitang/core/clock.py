"""The only place that reads the system clock. Actions are handed `now`; entrances take it from here."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

LOCAL = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return timezone.now()  # noqa: TID251 - this is the place


def local_date(instant: datetime) -> date:
    """Return the calendar date in Asia/Shanghai on which the aware instant falls."""
    return instant.astimezone(LOCAL).date()
