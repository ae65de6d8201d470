"""Cases from another system's file: thousands at a time, in batches that can be interrupted anywhere.

A batch is so many rows of the file, and one transaction: its cases, their reporters, history and counts are written
together with the batch's own row, or not at all. Whoever runs the same file again goes on after the last batch
that is there. Within and across files, (source, external number) keeps a case from coming in twice.
"""

import gc
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from pathlib import Path

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from haitang.cases.actions.intake import (
    Incoming,
    Intaker,
    check_point,
)
from haitang.cases.actions.loading import Batch, Refused, load
from haitang.cases.models import ImportBatch, ImportRun
from haitang.cases.queries.columns import ANSWER, import_columns
from haitang.cases.values import Permission
from haitang.core import access, ids, policy
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Conflict, Invalid
from haitang.core.tables import PLAIN, ResultFile, Row, TableMap, read_table
from haitang.territory.queries import locate_many
from haitang.worktime.queries import get_calendar

BATCH_ROWS = 2_500
_LOCK = 7_301_002
_ATTEMPTS = 3
_SWITCH_SECONDS = 0.00005


class ImportRunning(Conflict):
    """Another import is going on; two at once would get in each other's way."""


@dataclass
class ImportSummary:
    """What became of the rows so far. rows: all in the file; done: those dealt with.

    repeated: refused because they had come in before, also counted in refused.
    masked: telephone, identity and card numbers hidden in texts that the history keeps for ever.
    """

    rows: int = 0
    done: int = 0
    loaded: int = 0
    refused: int = 0
    repeated: int = 0
    masked: int = 0
    resumed: bool = False


Progress = Callable[[ImportSummary], None]


def import_cases(
    *,
    actor: Actor,
    now: datetime,
    path: Path,
    table_map: TableMap = PLAIN,
    source: str = "",
    result_path: Path | None = None,
    batch_rows: int = BATCH_ROWS,
    check_only: bool = False,
    progress: Progress | None = None,
) -> ImportSummary:
    """
    Take over the cases of a csv or Excel file with their times, and write every row that is refused to a result file.

    source: name of the system they come from, for rows that name none; "" takes the map's setting `source`, then the
        file's name. External numbers are unique within it.
    result_path: where the refused rows go, with their reasons; None writes none.
    batch_rows: rows to a transaction. An interrupted import goes on with the size it began with.
    check_only: read and check every row, load nothing.
    progress: called after the check and after every batch.

    Commits batch by batch, so it is not atomic as a whole: run it again after an interruption.
    A point outside every area puts the case under the root area, where it waits to be located.

    Raises NotAllowed without REPORT over everything; Invalid with one sentence for a file that is no such table;
    ImportRunning.
    """
    access.require(actor, Permission.REPORT, area_path=EVERYWHERE)
    if not 1 <= batch_rows <= 100_000:
        raise Invalid(_("每批行数应为 1 至 100000"))
    source = (source or str(table_map.settings.get("source", "")) or path.stem)[:100]
    table = read_table(path, import_columns(), table_map)
    summary = ImportSummary(rows=table.count_rows())
    if progress:
        progress(summary)
    with _alone(), _uncollected(), _result(result_path, table.header) as result:
        run = None if check_only else _begin(path, table_map, source, batch_rows, now)
        done = {batch.number: batch for batch in run.batches.all()} if run else {}
        summary.resumed = bool(done)
        size = run.batch_rows if run else batch_rows
        asked = [name[len(ANSWER) :] for name in table.columns if name.startswith(ANSWER)]
        intaker = Intaker(actor=actor, source=source, now=now, asked=asked)
        to_take = summary.rows if run else 0
        for batch in load(run, _ahead(table, size, done, intaker, to_take)):
            _tell_refused(result, batch.rows, batch.refused)
            summary.done += len(batch.rows)
            summary.loaded += batch.taken
            summary.refused += len(batch.refused)
            summary.repeated += sum(again for _line, _reason, again in batch.refused)
            summary.masked += sum(case.masked for case in batch.incoming or () if not case.reason)
            if progress:
                progress(summary)
        if run is not None:
            ImportRun.objects.filter(pk=run.pk).update(finished_at=now)
    return summary


def _ahead(
    table: Iterable[Row], size: int, done: Mapping[int, ImportBatch], intaker: Intaker, to_take: int
) -> Iterator[Batch]:
    """Yield each batch with its rows as cases.

    The next batch is read and prepared in a thread while the database works on the last ones. That thread asks the
    database nothing: the snapshots it decides by are loaded here, one version for a whole batch, and so are the ids.

    done: what has been loaded before, by number. to_take: how many rows at most may become cases, and need an id.
    """
    unread = iter(table)
    numbers = count()

    def prepare(number: int, intaker: Intaker, free: list[int]) -> Batch | None:
        rows = list(islice(unread, size))
        if not rows:
            return None
        if before := done.get(number):
            refused = [(line, reason, again) for line, reason, again in before.refused]
            return Batch(number, rows, refused=refused, taken=before.loaded)
        return Batch(number, rows, _take_in(rows, intaker, free))

    def begin() -> Future[Batch | None]:
        nonlocal intaker
        number = next(numbers)
        wanted = 0 if number in done else max(min(size, to_take - number * size), 0)
        with policy.reading():
            intaker = intaker.brought_up()
            locate_many([], [])
            get_calendar(None)
            return helper.submit(copy_context().run, prepare, number, intaker, _take_ids(wanted))

    with ThreadPoolExecutor(1) as helper:
        coming = begin()
        while (batch := coming.result()) is not None:
            coming = begin()
            yield batch


def _take_ids(count: int) -> list[int]:
    """Take ids for so many cases; those of rows that are refused stay unused, as those of any failed insert do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_case_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the right to import, which ends with the connection at the latest; refuse while another process holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRunning(_("另一项导入正在进行，请等它结束后再试"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Suit the interpreter to two threads of which one mostly waits for the database.

    Millions of objects come and go here, none in a cycle: the collector of cycles would look at them all. And the
    thread that has just heard from the database takes its turn at once, or the server waits for it.
    """
    was_on, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if was_on:
            gc.enable()


class _NoResult:
    """Stands in for the result file where none is wanted."""

    def add(self, line: int, reason: str, raw: list[str]) -> None:
        """Let the row go."""

    def __enter__(self) -> "_NoResult":
        return self

    def __exit__(self, *_error: object) -> None:
        pass


def _result(path: Path | None, header: list[str]) -> ResultFile | _NoResult:
    return ResultFile(path, header) if path is not None else _NoResult()


def _begin(path: Path, table_map: TableMap, source: str, batch_rows: int, now: datetime) -> ImportRun:
    """Return the import of this very file that was interrupted, or a new one."""
    mapped = json.dumps(
        [source, dict(table_map.columns), {k: dict(v) for k, v in table_map.values.items()}, dict(table_map.constants),
         str(table_map.zone)],
        sort_keys=True, ensure_ascii=False,
    )  # fmt: skip
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(mapped.encode())
    run, _made = ImportRun.objects.get_or_create(
        digest=digest.hexdigest(),
        finished_at=None,
        defaults={"file_name": path.name, "source": source, "batch_rows": batch_rows, "started_at": now},
    )
    return run


def _take_in(rows: list[Row], intaker: Intaker, free: list[int]) -> list[Incoming]:
    """Return every row of a batch as a case or with the reason for which it is refused. free: ids, none for a check."""
    for row in rows:
        if not row.error:
            try:
                check_point(row.cells)
            except Invalid as refusal:
                row.error = refusal.message
    nowhere = float("nan")
    lons = np.array([row.cells.get("lon") if not row.error else None for row in rows], dtype=float)
    lats = np.array([row.cells.get("lat") if not row.error else None for row in rows], dtype=float)
    lons[np.isnan(lats)] = nowhere
    located = locate_many(lons, lats)
    free = free[: len(rows)] or [0] * len(rows)  # the end of the file may come sooner than counted
    return [
        Incoming(row.line, row.raw, row.error)
        if row.error
        else intaker.take_in(pk, code, row.line, row.raw, row.cells, area_id)
        for row, area_id, pk, code in zip(rows, located, free, ids.query_codes(len(rows)), strict=True)
    ]


def _tell_refused(result: ResultFile | _NoResult, rows: list[Row], refused: Refused) -> None:
    raw = {row.line: row.raw for row in rows}
    for line, reason, _again in refused:
        result.add(line, reason, raw[line])
