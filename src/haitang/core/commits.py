"""Reading the history on from a place, in the order in which it was committed, each entry once.

Ids are given out when an entry is written, and entries become visible when their transaction commits: whoever reads on
"above the last id" loses what was written earlier and committed later. So a place is a snapshot of the database: what
that snapshot does not show and the present one does is news, exactly, however long a transaction took. Of one case the
entries then come in order of their ids within each reading, and never an earlier one after a later: who writes about a
case has it locked.

After a move to another database system transactions are counted anew, and places of the old one say nothing about
what is written from then on: see `Place.system`, and core.seal, which keeps the same two things.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

IS_NEWS = "e.id > p.id_above AND NOT pg_visible_in_snapshot(e.xid::text::xid8, p.snapshot::pg_snapshot)"
"""Of an entry e: it was committed after the place p was taken. To be asked beside `e.xid >= begin_of(places)`, which
finds the few pages that can hold such entries."""
IS_NEWS_AFTER_MOVING = (
    "e.id > p.id_above AND (e.id > p.last_id OR NOT pg_visible_in_snapshot(e.xid::text::xid8, p.snapshot::pg_snapshot))"
)
"""The same once, where the place p was taken on another database system; nobody may write meanwhile (`hold_still`)."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read the history.

    system: the database system whose transactions the snapshot speaks of. id_above: entries up to this id are all read,
    whatever the snapshot says: they come from an earlier system. last_id: the highest id that was read.
    """

    system: str
    snapshot: str
    id_above: int
    last_id: int


def here() -> Place:
    """Return the place from which on all that is committed later is news."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier::text FROM pg_control_system()), pg_current_snapshot()::text,"
            " coalesce((SELECT max(id) FROM core_entry), 0)"
        )
        system, snapshot, last_id = cursor.fetchone()
        cursor.execute("SELECT system, id_above FROM core_seal ORDER BY id DESC LIMIT 1")
        sealed = cursor.fetchone()
    if sealed is None:
        return Place(system, snapshot, 0, last_id)
    # Sealed last on another system: the first minutes after a move, in which all there is came along.
    return Place(system, snapshot, sealed[1] if sealed[0] == system else last_id, last_id)


def begin_of(snapshots: Iterable[str]) -> int:
    """Return the lowest transaction that can be news to any of the snapshots."""
    return min(int(snapshot.partition(":")[0]) for snapshot in snapshots)


def hold_still() -> None:
    """Let nobody write to the history until the transaction ends: for the first reading after a move alone."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_entry IN SHARE MODE")
