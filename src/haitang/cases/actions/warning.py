"""What is still to be told of a case's deadline, kept in a narrow table; the caller holds the lock on the case."""

from datetime import datetime

from django.db import connection

from haitang.cases.actions import timing
from haitang.cases.models import Case, PendingWarning
from haitang.cases.queries.catalog import Catalog
from haitang.core.prepared import Prepared

_KEEP = Prepared(
    "cases_keep_warning",
    """
INSERT INTO cases_pendingwarning (case_id, at, given) VALUES (%s, %s, %s)
ON CONFLICT (case_id) DO UPDATE SET at = excluded.at, given = excluded.given
""",
)


def renew_warning(case: Case, known: Catalog, now: datetime) -> None:
    """Find anew what is to be told of a case's deadline: who was told of the former deadline is told of this one."""
    if case.stage is None or case.stage_started_at is None or case.due_at is None:
        drop_warning(case.pk)
        return
    percents = known.setting("warn_percents")
    kept = case.deadlines.get(case.stage)
    given, at = timing.next_telling(case.stage_started_at, case.due_at, percents, now, kept)
    keep_warning(case.pk, at, given)


def keep_warning(case_id: int, at: datetime, given: int) -> None:
    """Write down when something is to be told next, and how many warnings were given."""
    with connection.cursor() as cursor:
        _KEEP.execute(cursor, [case_id, at, given])


def drop_warning(case_id: int) -> None:
    """Let nothing more be told of the case's deadline."""
    PendingWarning.objects.filter(pk=case_id).delete()


def pending_warning(case_id: int) -> PendingWarning | None:
    """Return what is to be told of the case next; None where nothing is, or where it was told that it was missed."""
    return PendingWarning.objects.filter(pk=case_id).first()
