"""The bound: plain psycopg writing the very rows that one request wrote, each deed in one transaction."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from threading import Thread
from typing import Any

import psycopg

from haitang.bench.database import conninfo
from haitang.bench.site import CLIENTS, PROCESSES

_CASE_ID = ":case"
"""Stands among parameters for the id of the case, or whatever else, at work."""
_GIVEN = frozenset({"id", "number", "xid", "salt"})
"""Columns that the database fills, or that differ from row to row."""
_TOLD = ("core_entry", "procrastinate_jobs")
_NUMBERED = ("cases_case", "cases_countdelta", *_TOLD)
_JOB = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY[(%s, %s, %s::int, NULL, NULL, %s::jsonb, NULL)"
    "::procrastinate_job_to_defer_v1])"
)
_NEWS = ("SELECT pg_notify('haitang_live', %s)", ['{"s": "case", "i": 1000000, "f": "CaseReported", "p": "/1/2/3/4/"}'])
Statement = tuple[str, list[Any]]
Row = dict[str, tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Deed:
    """The statements of one transaction. makes_case: the first inserts a case and returns its id."""

    statements: list[Statement]
    makes_case: bool


def watch(work: Callable[[], int], case_id: int | None = None) -> Deed:
    """Do the work, which returns the id of the case it made or moved, and return what it wrote, to be done again.

    case_id: of the case that it will move; None if it makes one. Nobody else may write meanwhile.
    """
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        last = _last(connection, _NUMBERED)
        before = _rows(connection, "cases_case", "id = %s", case_id)[0] if case_id else {}
        moved = work()
        (after,) = _rows(connection, "cases_case", "id = %s", moved)
        if case_id is None:
            names = ", ".join(after)
            slots = ", ".join(f"%s::{kind}" for kind, _value in after.values())
            numbered = "(SELECT nextval('cases_case_id_seq') AS id) AS next"
            insert = f"INSERT INTO cases_case (id, number, {names}) SELECT id, 'R-' || id, {slots} FROM {numbered}"
            statements = [(f"{insert} RETURNING id", [value for _kind, value in after.values()])]
            statements += _inserts(connection, "cases_reporter", "case_id = %s", moved, moved)
        else:
            changed = {name: given for name, given in after.items() if given != before[name]}
            slots = ", ".join(f"{name} = %s::{kind}" for name, (kind, _value) in changed.items())
            given = [value for _kind, value in changed.values()]
            statements = [(f"UPDATE cases_case SET {slots} WHERE id = %s", [*given, _CASE_ID])]
        for table in ("cases_countdelta", "core_entry"):
            statements += _inserts(connection, table, "id > %s", last[table], moved)
        statements += _jobs(connection, last)
    return Deed([*statements, _NEWS], case_id is None)


def watch_told(work: Callable[[], int], updates: Sequence[str]) -> Deed:
    """Do the work, which returns the id of what it moved; return the updates with what it told, to be done again.

    updates: statements with one parameter, that id. What it told: its entries of the history and the queued jobs.
    Nobody else may write meanwhile.
    """
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        last = _last(connection, _TOLD)
        moved = work()
        statements: list[Statement] = [(each, [_CASE_ID]) for each in updates]
        statements += _inserts(connection, "core_entry", "id > %s", last["core_entry"], moved)
        statements += _jobs(connection, last)
    return Deed([*statements, _NEWS], makes_case=False)


def _last(connection: psycopg.Connection, tables: Sequence[str]) -> dict[str, int]:
    return {table: _scalar(connection, f"SELECT coalesce(max(id), 0) FROM {table}") for table in tables}


def _jobs(connection: psycopg.Connection, last: dict[str, int]) -> list[Statement]:
    """Return one statement for each job queued since, that queues it again."""
    jobs = connection.execute(
        "SELECT queue_name, task_name, priority, args::text FROM procrastinate_jobs WHERE id > %s",
        [last["procrastinate_jobs"]],
    ).fetchall()
    return [(_JOB, list(job)) for job in jobs]


def rate(deed: Deed, cases: Sequence[int | None]) -> float:
    """Do the deed once for each case (None: it makes one) over as many connections as there are clients; per second."""
    shares = [[list(cases[each::CLIENTS]) for each in range(first, CLIENTS, PROCESSES)] for first in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        spans = list(pool.map(_process, [conninfo()] * PROCESSES, [deed] * PROCESSES, shares))
    return len(cases) / (max(end for _begin, end in spans) - min(begin for begin, _end in spans))


def _process(address: str, deed: Deed, shares: list[list[int | None]]) -> tuple[float, float]:
    connections = [psycopg.connect(address, autocommit=True) for _share in shares]
    threads = [
        Thread(target=_client, args=(connection, deed, share))
        for connection, share in zip(connections, shares, strict=True)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = time.perf_counter()
    for connection in connections:
        connection.close()
    return begun, ended


def _client(connection: psycopg.Connection, deed: Deed, cases: list[int | None]) -> None:
    for each in cases:
        case_id = each
        with connection.transaction():
            for number, (statement, parameters) in enumerate(deed.statements):
                cursor = connection.execute(statement, [case_id if p == _CASE_ID else p for p in parameters])
                if number == 0 and deed.makes_case:
                    case_id = cursor.fetchone()[0]  # type: ignore[index]  # an INSERT with RETURNING always answers a row


def _inserts(connection: psycopg.Connection, table: str, where: str, bound: int, case_id: int) -> list[Statement]:
    """Return one statement that inserts those rows again, for the case at work."""
    rows = _rows(connection, table, where, bound)
    if not rows:
        return []
    slots = ", ".join("(" + ", ".join(f"%s::{kind}" for kind, _value in row.values()) + ")" for row in rows)
    parameters = [
        _CASE_ID if name in ("case_id", "subject_id") and value == str(case_id) else value
        for row in rows
        for name, (_kind, value) in row.items()
    ]
    return [(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES {slots}", parameters)]


def _rows(
    connection: psycopg.Connection, table: str, where: str, bound: int
) -> list[dict[str, tuple[str, str | None]]]:
    """Return rows as column: (type, value as text), without the columns that the database fills."""
    kinds = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [table],
    ).fetchall()
    kept = [(name, kind) for name, kind in kinds if name not in _GIVEN]
    texts = ", ".join(f"{name}::text" for name, _kind in kept)
    found = connection.execute(f"SELECT {texts} FROM {table} WHERE {where}", [bound]).fetchall()
    return [{name: (kind, value) for (name, kind), value in zip(kept, row, strict=True)} for row in found]


def _scalar(connection: psycopg.Connection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return row[0] if row else 0
