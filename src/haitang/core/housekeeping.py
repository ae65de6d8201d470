"""Removing what has served its time: old idempotency keys, past rate windows, ended sessions."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

IDEMPOTENCY_DAYS = 7
"""How long a repeated request still gets its first answer; integrations retry within hours."""


def tidy_up(*, now: datetime) -> None:
    """Delete idempotency keys past their days, rate windows and sessions that have ended."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_idempotencykey WHERE at < %s", [now - timedelta(days=IDEMPOTENCY_DAYS)])
        cursor.execute("DELETE FROM core_ratewindow WHERE resets_at < %s", [now])
    Session.objects.filter(expire_date__lt=now).delete()
