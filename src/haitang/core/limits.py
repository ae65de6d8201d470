"""Rate limits that hold across processes: one row per party and deed, a fixed window."""

from datetime import datetime, timedelta

from django.db import connection

from haitang.core.errors import TooMany


def hit(key: str, *, limit: int, window_s: int, now: datetime) -> None:
    """Count one attempt under the key and raise TooMany past the limit within the window.

    Commits with the caller's transaction; call it outside of one that may roll back, so that
    refused attempts count too. A window that would last a minute longer than it can was begun by a clock that was
    ahead, and is over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_ratewindow AS w (key, count, resets_at) VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN w.resets_at > %s AND w.resets_at <= excluded.resets_at + interval '1 minute'
                             THEN w.count + 1 ELSE 1 END,
                resets_at = CASE WHEN w.resets_at > %s AND w.resets_at <= excluded.resets_at + interval '1 minute'
                                 THEN w.resets_at ELSE excluded.resets_at END
            RETURNING count, resets_at
            """,
            [key, now + timedelta(seconds=window_s), now, now],
        )
        count, resets_at = cursor.fetchone()
    if count > limit:
        wait_s = max(int((resets_at - now).total_seconds()), 1)
        raise TooMany(f"操作过于频繁，请在 {-(-wait_s // 60)} 分钟后再试", retry_after_s=wait_s)


def give_back(key: str) -> None:
    """Take one counted attempt back, for windows that are to count only what failed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_ratewindow SET count = count - 1 WHERE key = %s AND count > 0", [key])


def forget(key: str) -> None:
    """Forget what was counted under the key."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_ratewindow WHERE key = %s", [key])
