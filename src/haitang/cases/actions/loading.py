"""The batches of an import into the database: each all of it or nothing, two at a time.

A server works on one connection with one processor; the next batch need not wait for the other to have been written.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import chain, cycle

from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext as _

from haitang.cases.actions.intake import (
    ANSWERED_COLUMNS,
    CASE_COLUMNS,
    HASHED,
    REPORTER_COLUMNS,
    UNANSWERED,
    WARNING_COLUMNS,
    Incoming,
)
from haitang.cases.models import ImportBatch, ImportRun
from haitang.cases.values import id_in_number
from haitang.core import copying
from haitang.core.history import BulkRecord
from haitang.core.tables import Row

_ATTEMPTS = 3
_LOADERS = 2

Refused = list[tuple[int, str, bool]]
"""Line, reason, and whether the row had come in before."""


@dataclass
class Batch:
    """So many rows of a file. incoming: None where they have been loaded before; refused and taken are known then."""

    number: int
    rows: list[Row]
    incoming: list[Incoming] | None = None
    refused: Refused = field(default_factory=list)
    taken: int = 0

    def keys(self) -> set[tuple[str, str]]:
        """Return what no case of another batch may share."""
        return {case.key for case in self.incoming or () if not case.reason}


def load(run: ImportRun | None, batches: Iterable[Batch]) -> Iterator[Batch]:
    """Write the batches, two at a time on connections of their own, and yield each in turn when it is there.

    run: None writes nothing and only tells what would be refused. Within a transaction of the caller's everything
    happens in that, one after the other. A batch with a number that is being written already waits: the first in the
    file is taken, on every run.
    """
    if run is None or connection.in_atomic_block:
        yield from (_load(run, batch) for batch in batches)
        return
    with ExitStack() as stack:
        loaders = [stack.enter_context(ThreadPoolExecutor(1)) for _number in range(_LOADERS)]
        for loader in loaders:
            stack.callback(loader.submit, _close)
        under_way: deque[tuple[Future[Batch], set[tuple[str, str]]]] = deque()
        for batch, loader in zip(batches, cycle(loaders), strict=False):
            keys = batch.keys()
            while under_way and (len(under_way) > _LOADERS or any(keys & others for _loading, others in under_way)):
                yield under_way.popleft()[0].result()
            under_way.append((loader.submit(copy_context().run, _load, run, batch), keys))
        while under_way:
            yield under_way.popleft()[0].result()


def _close() -> None:
    """Close the connection of the thread that this is called in."""
    connection.close()


def _load(run: ImportRun | None, batch: Batch) -> Batch:
    """Write one batch, all of it or nothing, and return it with the refused rows and how many were taken.

    A case that somebody registers under the same external number at this very moment makes the batch begin again.
    """
    if batch.incoming is None:
        return batch
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                fresh, batch.refused = _apart(batch.incoming)
                if run is not None:
                    _write(fresh)
                    ImportBatch.objects.create(run=run, number=batch.number, loaded=len(fresh), refused=batch.refused)
                batch.taken = len(fresh)
                return batch
        except IntegrityError as error:
            if "cases_case_external" not in str(error) or attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _apart(incoming: list[Incoming]) -> tuple[list[Incoming], Refused]:
    """Tell the cases that are new from the rows that are refused, repeated ones among them."""
    sound = [case for case in incoming if not case.reason]
    own_numbers: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_source, external_id FROM cases_case WHERE (external_source, external_id) IN "
            "(SELECT * FROM unnest(%s::text[], %s::text[]))",
            [[case.key[0] for case in sound], [case.key[1] for case in sound]],
        )
        seen = set(cursor.fetchall())
        if named := [found for case in sound if (found := id_in_number(case.number)) is not None]:
            cursor.execute("SELECT number FROM cases_case WHERE id = ANY(%s::bigint[])", [copying.numbers(named)])
            own_numbers = {row[0] for row in cursor.fetchall()}
    fresh: list[Incoming] = []
    refused: Refused = []
    for case in incoming:
        if case.reason:
            refused.append((case.line, case.reason, False))
        elif case.number in own_numbers:
            refused.append((case.line, _("本系统已有编号为“%(number)s”的案件，已跳过") % {"number": case.number}, True))
        elif case.key in seen:
            refused.append((case.line, _repeated(case.key[1]), True))
        else:
            seen.add(case.key)
            fresh.append(case)
    return fresh, refused


def _repeated(external_id: str) -> str:
    if external_id.startswith(HASHED):
        return _("内容相同的一行此前已导入，已跳过")
    return _("外部编号“%(number)s”此前已导入，已跳过") % {"number": external_id}


def _write(cases: list[Incoming]) -> None:
    """Write the cases with their reporters, history and counts, each table by one COPY."""
    counted = Counter(chain.from_iterable(case.counts for case in cases))
    counts = (f"{where}\t{n}\n" for where, n in counted.items())
    if any(case.answers for case in cases):
        lines = (case.case[:-1] + (case.answers or UNANSWERED) for case in cases)
        copying.write("cases_case", f"{CASE_COLUMNS}, {ANSWERED_COLUMNS}", lines)
    else:
        copying.write("cases_case", CASE_COLUMNS, (case.case for case in cases))
    copying.write("cases_reporter", REPORTER_COLUMNS, (case.reporter for case in cases))
    copying.write("cases_pendingwarning", WARNING_COLUMNS, (case.warning for case in cases))
    copying.write("cases_countdelta", "day, area_ids, category_id, channel, measure, n", counts)
    BulkRecord.write(case.entry for case in cases)
