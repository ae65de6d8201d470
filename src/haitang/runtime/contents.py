"""What is in an instance, told so that two can be compared: every table's rows and every file, by count and digest.

A table's digest is the sum over its rows of a hash of each row as text: it says nothing of their order, needs no
sorting, and reads the table once. Lines of JSON, one for each table and file, so that it is written and compared in
constant memory.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from psycopg import sql

_FINDINGS_MAX = 50
_TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname"
)
_DIGEST = (
    "SELECT count(*), coalesce(sum(('x' || encode(substr(sha256(convert_to(_row::text, 'UTF8')), 1, 8), 'hex'))"
    "::bit(64)::bigint::numeric), 0)::text FROM {} AS _row"
)
# How values read as text depends on these; and where rows are hidden by policies it is an error, not a smaller table.
_SESSION = (
    "SET timezone = 'UTC'", "SET datestyle = 'ISO, YMD'", "SET intervalstyle = 'iso_8601'", "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1", "SET row_security = off",
)  # fmt: skip


def fix_session(connection: psycopg.Connection) -> None:
    """Have the connection show values in one way."""
    for statement in _SESSION:
        connection.execute(statement)


def tables(connection: psycopg.Connection) -> Iterator[dict[str, Any]]:
    """Yield each table: its name, the number of its rows, their digest."""
    for (name,) in connection.execute(_TABLES).fetchall():
        rows, digest = _digest_of(connection, name)
        yield {"table": name, "rows": rows, "digest": digest}


def head(connection: psycopg.Connection) -> str:
    """Return the hash of the history's last block as hex, "" where there is none."""
    found = connection.execute("SELECT to_regclass('public.core_seal')").fetchone()
    if not found or found[0] is None:
        return ""
    row = connection.execute("SELECT encode(hash, 'hex') FROM core_seal ORDER BY id DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def files(folder: Path) -> Iterator[Path]:
    """Yield the files below, those apart that are just being written; folders may come and go meanwhile."""
    for place, _folders, names in os.walk(folder):
        for name in names:
            if not name.startswith(".new-"):
                yield Path(place) / name


class Digesting:
    """A file that is read, and meanwhile digested."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self._digest.update(data)
        return data

    @property
    def hex(self) -> str:
        """The SHA-256 of what was read so far."""
        return self._digest.hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the file's SHA-256 as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Comparison:
    """What a comparison saw. findings: sentences, at most fifty; head: the last block's hash as it was backed up."""

    tables: int = 0
    rows: int = 0
    files: int = 0
    head: str = ""
    findings: list[str] = field(default_factory=list)

    def find(self, sentence: str) -> None:
        """Note what is not as it was."""
        if len(self.findings) < _FINDINGS_MAX:
            self.findings.append(sentence)


def compare(lines: Iterable[str], connection: psycopg.Connection, folder: Path) -> Comparison:
    """Compare the list made of one instance with the database and the files of another."""
    seen = Comparison()
    here = {name for (name,) in connection.execute(_TABLES).fetchall()}
    for line in lines:
        told = json.loads(line)
        if "table" in told:
            _compare_table(seen, told, connection, here)
            here.discard(told["table"])
        elif "file" in told:
            _compare_file(seen, told, folder)
        elif "head" in told:
            seen.head = told["head"]
    for name in sorted(here):
        seen.find(f"表 {name} 不在清单里")
    present = sum(1 for _ in files(folder))
    if present != seen.files:
        seen.find(f"清单里有 {seen.files} 个文件，恢复后有 {present} 个")
    return seen


def _compare_table(seen: Comparison, told: dict[str, Any], connection: psycopg.Connection, here: set[str]) -> None:
    name = told["table"]
    seen.tables += 1
    seen.rows += told["rows"]
    if name not in here:
        seen.find(f"缺少表 {name}（{told['rows']} 行）")
        return
    rows, digest = _digest_of(connection, name)
    if rows != told["rows"]:
        seen.find(f"表 {name} 应有 {told['rows']} 行，恢复后有 {rows} 行")
    elif digest != told["digest"]:
        seen.find(f"表 {name} 的 {rows} 行与备份时内容不同")


def _compare_file(seen: Comparison, told: dict[str, Any], folder: Path) -> None:
    seen.files += 1
    path = folder / told["file"]
    if not path.is_file():
        seen.find(f"缺少文件 {told['file']}")
    elif path.stat().st_size != told["bytes"] or digest_of_file(path) != told["sha256"]:
        seen.find(f"文件 {told['file']} 与备份时内容不同")


def _digest_of(connection: psycopg.Connection, table: str) -> tuple[int, str]:
    row = connection.execute(sql.SQL(_DIGEST).format(sql.Identifier("public", table))).fetchone()
    return (row[0], row[1]) if row else (0, "0")
