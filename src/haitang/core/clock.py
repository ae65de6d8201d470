"""The only place that reads the system clock. Actions are handed `now`; entrances take it from here."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

LOCAL = ZoneInfo("Asia/Shanghai")
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""Nothing told of by people lies before it. PostgreSQL keeps instants before the year 1 that Python cannot read back:
one such row would break every list that it stands in, so entrances refuse what lies before this."""


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return timezone.now()  # noqa: TID251 - this is the place


def local_date(instant: datetime) -> date:
    """Return the calendar date in Asia/Shanghai on which the aware instant falls."""
    return instant.astimezone(LOCAL).date()
