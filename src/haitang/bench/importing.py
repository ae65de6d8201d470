"""Files of cases taken over, against plain COPY of the rows that came of them, over as many connections."""

import csv
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING

import psycopg

from haitang.bench import city as ground
from haitang.bench.database import conninfo
from haitang.bench.report import Result
from haitang.bench.reports import reports
from haitang.cases import actions
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.clock import local_date

if TYPE_CHECKING:
    from haitang.bench.measures import Scene

ROWS_PER_REQUEST = 100
"""Rows of a file to import for each request of a run: starting the import must not be what is measured."""
_BATCH_ROWS = 5_000
_CONNECTIONS = 2
_AWAY = 1_000_000_000
"""What the bound adds to the ids of cases: nobody gets so far."""
_TABLES = {
    "cases_case": ("id", {"id": "id + {away}", "number": "'R-' || id + {away}", "external_source": "'{away}'"}),
    "cases_reporter": ("case_id", {"case_id": "case_id + {away}"}),
    "core_entry": ("subject_id", {"subject_id": "subject_id + {away}"}),
}
"""The tables of which every case has a row: which column bears its id, and what must differ the second time."""


def import_cases(scene: "Scene") -> Result:
    """Rows of a csv file, checked and written with their history and counts, as `import-cases` does."""
    rates, bounds = [], []
    for run in range(1, scene.runs + 1):
        with tempfile.TemporaryDirectory() as folder, psycopg.connect(conninfo(), autocommit=True) as connection:
            path = Path(folder) / f"cases-{time.time_ns()}.csv"
            rows = _write_rows(path, scene)
            row = connection.execute("SELECT nextval('cases_case_id_seq')").fetchone()
            begun = time.perf_counter()
            done = actions.import_cases(actor=ground.actor(Permission.REPORT), now=clock.now(), path=path)
            rates.append(done.loaded / (time.perf_counter() - begun))
            if done.loaded != rows or row is None:
                raise AssertionError(f"{done.refused} of {rows} rows were refused")
            bounds.append(rows / _written_again(connection, row[0], rows, _AWAY * run))
    return Result(
        "import", median(rates), "rows/s", 10_000, median(bounds), None, f"{rows:,} rows a run", {"runs": rates}
    )


def _written_again(connection: psycopg.Connection, after: int, rows: int, away: int) -> float:
    """Write the rows of the cases above that id once more, by COPY and nothing else; return the seconds it took."""
    batches = [
        {table: _taken(connection, table, first, first + _BATCH_ROWS, away) for table in _TABLES}
        for first in range(after + 1, after + rows + 1, _BATCH_ROWS)
    ]
    shares = [batches[each::_CONNECTIONS] for each in range(_CONNECTIONS)]
    writers = [Thread(target=_write, args=(share,)) for share in shares]
    begun = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return time.perf_counter() - begun


def _taken(connection: psycopg.Connection, table: str, first: int, end: int, away: int) -> tuple[str, bytes]:
    """Return the columns, and the rows of the cases between those ids as COPY takes them."""
    key, other = _TABLES[table]
    columns = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table],
    ).fetchall()
    names = [name for (name,) in columns if table != "core_entry" or name not in ("id", "xid")]
    chosen = ", ".join(other.get(name, name).format(away=away) for name in names)
    about = "AND subject_type = 'case'" if table == "core_entry" else ""
    with connection.cursor() as cursor:
        read = f"COPY (SELECT {chosen} FROM {table} WHERE {key} >= {first} AND {key} < {end} {about}) TO STDOUT"
        with cursor.copy(read) as copy:
            return ", ".join(names), b"".join(bytes(part) for part in copy)


def _write(batches: Sequence[dict[str, tuple[str, bytes]]]) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        for batch in batches:
            with connection.transaction(), connection.cursor() as cursor:
                for table, (columns, rows) in batch.items():
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                        copy.write(rows)


def _write_rows(path: Path, scene: "Scene") -> int:
    """Write a file of closed cases of the year before, and return how many."""
    made, count = reports(scene.city), scene.requests * ROWS_PER_REQUEST
    day = local_date(clock.now()) - timedelta(days=400)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("外部编号", "问题描述", "来源", "经度", "纬度", "上报时间", "结案时间", "反映人", "电话"))
        for number in range(count):
            report = next(made)
            table.writerow((
                f"{path.stem}-{number}", report["description"], "12345", report["lon"], report["lat"],
                f"{day} 08:{number % 60:02d}", f"{day + timedelta(days=2)} 17:00", "王小明",
                report["reporter"]["phone"],  # type: ignore[index]  # reports yields a dict of dicts and texts
            ))  # fmt: skip
    return count
