"""Lists and figures may be read from a copy of the database, and never show less than had been written when asked for.

A page or operation says that it may be (`from_replica`). When it is asked for, the database itself says how far its log
has come, in one short statement; a copy that has taken in as much, at once or within REPLICA_WAIT_MS, is read in its
place. So everybody sees at least what was committed before they asked, whoever wrote it, on whatever machine or device:
nothing has to be remembered about who wrote when. Where no copy has come so far the database itself is read, and that
copy is left alone for a moment.

Without DATABASE_REPLICA_URL nothing is asked and nothing differs.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, InternalError, OperationalError, connection, connections

from haitang.core import wall

if TYPE_CHECKING:
    from haitang.core.http import Request

log = logging.getLogger(__name__)

_AWAY_S = 10.0
"""A copy that could not be reached, or that is none any more, is not asked again for so long."""
_BEHIND_S = 1.0
"""One that is behind, for so long: a page does not wait for what the page before has waited for in vain."""
_LOOK_AGAIN_S = 0.002

_HOW_FAR = """
SELECT ('x' || left(pg_walfile_name(log.place), 8))::bit(32)::int, log.place::text FROM (
    SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
           ELSE pg_current_wal_flush_lsn() END AS place
) AS log
"""
"""What is committed is in the log up to here (and, but where nobody waits for the disk, forced to it)."""
_HAS = """
SELECT pg_is_in_recovery() AND greatest(
           (SELECT min_recovery_end_timeline FROM pg_control_recovery()),
           (SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming')
       ) >= %s,
       pg_last_wal_replay_lsn() >= %s::pg_lsn
"""
"""The timeline tells a copy of the present leader from one that still holds what a former leader had not yet handed on:
the same place in the log of another timeline holds something else. Such a copy cannot receive the new one's log. What
is received is told to members of pg_read_all_stats alone; others hear of it minutes later, at its next checkpoint.
"""


class Source(StrEnum):
    """From where a page was read, and if not from a copy, why; as counted by `haitang_reads_total`."""

    REPLICA = "replica"
    BEHIND = "behind"
    AWAY = "away"
    FAILED = "failed"


class Place(NamedTuple):
    """How far the log has come: the timeline and the place in it, as PostgreSQL writes it."""

    timeline: int
    lsn: str


class _Thread(threading.local):
    primary: Any = None
    """The thread's connection to the database itself, while another one stands in its place."""


_thread = _Thread()
_resting: dict[str, float] = {}
"""Copies that are left alone, and until when (monotonic seconds); shared by the threads of the process."""
_turn = count()


def from_replica(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let what a page or operation reads come from a copy of the database, when it is asked for with GET or HEAD.

    For what reads alone: lists and figures. A copy takes no writes; should one refuse, be lost half-way, or give a
    statement up for the sake of its log, the page is read again, from the database itself. What is read after the
    answer was returned (a stream) comes from the database itself.
    """

    @wraps(view)
    def reading(request: "Request", *args: Any, **named: Any) -> Any:
        if not settings.REPLICAS or request.method not in ("GET", "HEAD") or _thread.primary is not None:
            return view(request, *args, **named)
        alias, request.read_from = _choose()
        if alias is not None:
            try:
                with _instead(alias):
                    return view(request, *args, **named)
            except (InterfaceError, InternalError, OperationalError) as error:
                if isinstance(error.__cause__, psycopg.errors.QueryCanceled) and not _is_conflict(error.__cause__):
                    raise  # it took too long, and would again
                log.warning("%s is read again, from the database itself: %s", view.__name__, type(error.__cause__))
                _leave(alias, _BEHIND_S)
                request.read_from = Source.FAILED
        return view(request, *args, **named)

    return reading


@contextmanager
def primary() -> Iterator[None]:
    """Read inside from the database itself, in the midst of a page that is read from a copy, too.

    For what a process keeps: it must not be older than the version under which it is kept.
    """
    own = _thread.primary
    if own is None:
        yield
        return
    replica = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS], _thread.primary = own, None
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS], _thread.primary = replica, own


@contextmanager
def _instead(alias: str) -> Iterator[None]:
    """Have the copy stand in the place of this thread's database."""
    own = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS], _thread.primary = connections[alias], own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS], _thread.primary = own, None


def _choose() -> tuple[str | None, Source]:
    """Return a copy that holds all that is committed now, or why there is none. Asks them in turn."""
    why, place, first = Source.AWAY, None, next(_turn)
    for number in range(len(settings.REPLICAS)):
        alias = settings.REPLICAS[(first + number) % len(settings.REPLICAS)]
        if _resting.get(alias, 0.0) > time.monotonic():
            continue
        place = place or _how_far()
        found = _ask(alias, place)
        if found is Source.REPLICA:
            return alias, found
        why = found
        _leave(alias, _BEHIND_S if found is Source.BEHIND else _AWAY_S, close=found is not Source.BEHIND)
    return None, why


def _how_far() -> Place:
    with connection.cursor() as cursor:
        cursor.execute(_HOW_FAR)
        return Place(*cursor.fetchone())


def _ask(alias: str, place: Place) -> Source:
    """Return REPLICA once the copy holds as much, BEHIND if it does not in time, AWAY if it is none or is not there."""
    replica = connections[alias]
    deadline = time.monotonic() + settings.REPLICA_WAIT_MS / 1000
    kept = replica.connection is not None
    if not kept:  # while this thread tries whether it is there, no other one does
        _resting[alias] = time.monotonic() + _AWAY_S
    while True:
        try:
            with wall.opened("what a copy receives is told to the owner"), replica.cursor() as cursor:
                cursor.execute(_HAS, place)
                follows, has = cursor.fetchone()
        except (InterfaceError, OperationalError):
            replica.close()
            if not kept:
                return Source.AWAY
            kept = False  # it may have been restarted since it was read last
            continue
        _resting.pop(alias, None)
        if not follows:
            return Source.AWAY
        if has:
            return Source.REPLICA
        if time.monotonic() > deadline:
            return Source.BEHIND
        time.sleep(_LOOK_AGAIN_S)


def _leave(alias: str, seconds: float, *, close: bool = True) -> None:
    _resting[alias] = time.monotonic() + seconds
    if close:
        connections[alias].close()


def _is_conflict(cause: BaseException) -> bool:
    """Tell whether the copy gave a statement up because what it read was about to go (it says so in these words)."""
    return "conflict with recovery" in str(cause)
