"""Records of services and the hours that come of them."""

from datetime import datetime

from django.db import connection

_MINUTES = """
SELECT coalesce(sum(extract(epoch FROM upper(part) - lower(part))), 0) / 60
FROM (SELECT unnest(range_agg(tstzrange(began_at, ended_at))) AS part FROM volunteers_servicerecord
      WHERE volunteer_id = %s AND began_at >= %s AND began_at < %s) AS parts
"""


def minutes_of(volunteer_id: int, since: datetime, until: datetime) -> int:
    """Return the minutes that somebody served in services begun in [since, until).

    Two services at the same time are counted as the time they took together: nobody serves an hour twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MINUTES, [volunteer_id, since, until])
        return round(cursor.fetchone()[0])
