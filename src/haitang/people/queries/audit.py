"""The history as the audit administrator reads it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.clock import LOCAL
from haitang.core.history import Entry
from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.core.seal import SEALED
from haitang.people.values import HISTORY_AUDIT

PAGE_ROWS = 50


_MATTER = frozenset({"opinion", "routing_reason", "routing_problems", "solved", "score"})
"""What says of a case what it is about: an administrator sees who did what to it and when, and not the matter.

Denunciations stand in the history as well, and no administrator is trusted with them.
"""


@dataclass(frozen=True)
class HistoryFilter:
    """What the history is narrowed by; empty fields narrow nothing. from_date, to_date: both days included."""

    who: str = ""
    fact: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    from_date: date | None = None
    to_date: date | None = None


def list_history(*, viewer: Actor, wanted: HistoryFilter, cursor: str = "") -> Page[Entry]:
    """Return a page of everything recorded, newest first; not counted, for it is long.

    Raises NotAllowed without the audit permission everywhere, Invalid for a cursor that is none.
    """
    require(viewer, HISTORY_AUDIT, area_path=EVERYWHERE)
    rows = Entry.objects.all()
    if wanted.who:
        rows = rows.filter(actor_name=wanted.who)
    if wanted.fact:
        rows = rows.filter(fact=wanted.fact)
    if wanted.subject_type:
        rows = rows.filter(subject_type=wanted.subject_type)
    if wanted.subject_id is not None:
        rows = rows.filter(subject_id=wanted.subject_id)
    if wanted.from_date is not None:
        rows = rows.filter(at__gte=_start_of(wanted.from_date))
    if wanted.to_date is not None and wanted.to_date < date.max:  # after the last day there is nothing to leave out
        rows = rows.filter(at__lt=_start_of(wanted.to_date + timedelta(days=1)))
    page = page_by_instant(rows, instant="at", cursor=cursor, limit=PAGE_ROWS)
    for entry in page.rows:
        entry.data.pop(SEALED, None)  # of what was erased: it says nothing to anybody who reads
        if entry.subject_type == "case":
            entry.data = {key: value for key, value in entry.data.items() if key not in _MATTER}
    return page


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)
