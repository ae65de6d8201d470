"""The history's seal: blocks of hashes, each over the one before, so that whatever is altered later shows.

An entry is sealed once nothing older can still appear beside it: its transaction is older than every
transaction still running. The hash of an entry covers all its columns; `data` enters as a salted hash of its own,
so that a lawful erasure of personal data can leave that hash in its place (`erased_data`) and the chain holds.
Where it must be forgotten who did it as well, the entry keeps the hash under which it was sealed (`SEALED` in its
data) beside what is left of it, its salt goes, and the fact of the erasure holds the hash of the rest: so what is left
is as safe from changes as before, and what is gone cannot be guessed back (`core.erasing`).

What a chain cannot show by itself is the loss of its newest blocks together with their entries. For that, note
the last block's hash elsewhere: `verify(expected=…)` says whether it is still there.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import connection, transaction

BLOCK_ENTRIES_MAX = 5000
ERASED = "erased"
SEALED = "_sealed"
"""Under which the data of an entry that was erased in part keeps the hash of the whole, as hex."""
ERASURE_FACT = "EntryErased"
"""The fact, with the entry as its subject, that must stand behind an entry whose data was erased."""

_ONE_SEALER = 0x68746773  # "htgs", the number of the advisory lock
_COLUMNS = (
    "id", "fact", "subject_type", "subject_id", "actor_id", "actor_name", "organization_id", "organization_name",
    "area_path", "at", "request_id", "xid", "data", "salt",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM core_entry "  # noqa: S608 - column names of our own


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed. entry_id, block_id: where; sentence: what, for people."""

    kind: str
    sentence: str
    entry_id: int | None = None
    block_id: int | None = None


@dataclass
class Report:
    """What a verification found. head: the last block's hash as hex, "" before the first block."""

    blocks: int = 0
    sealed: int = 0
    waiting: int = 0
    erased: int = 0
    head: str = ""
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Stretch:
    """How far the history is sealed: see Seal."""

    system: str
    id_above: int
    xid_below: int


def data_hash(data: Any, salt: Any) -> str:
    """Return the salted hash of an entry's content as hex, also after its erasure."""
    if isinstance(data, dict) and data.keys() == {ERASED}:
        return str(data[ERASED])
    return sha256(f"{salt}\n{_canonical(data)}".encode()).hexdigest()


def erased_data(data: Any, salt: Any) -> dict[str, str]:
    """Return what stands in place of erased content. Whoever erases sets the salt to zero in the same statement."""
    return {ERASED: data_hash(data, salt)}


def entry_hash(row: tuple) -> bytes:
    """Return the hash of one entry, its columns in the order of `_COLUMNS`."""
    *columns, data, salt = row
    if is_partly_erased(data):
        return bytes.fromhex(data[SEALED])
    return sha256(f"haitang entry 1\n{_canonical([*_plain(columns), data_hash(data, salt)])}".encode()).digest()


def is_partly_erased(data: Any) -> bool:
    """Tell whether an entry's content is what an erasure has left of it (see `core.erasing`)."""
    return isinstance(data, dict) and SEALED in data


def rest_hash(row: tuple) -> str:
    """Return the hash of what is left of an entry that was erased in part as hex, its columns as in `entry_hash`.

    The fact of the erasure holds it, and is sealed itself.
    """
    *columns, data, _salt = row
    return sha256(f"haitang rest 1\n{_canonical([*_plain(columns), data])}".encode()).hexdigest()


def _plain(columns: list[Any]) -> list[Any]:
    """Return the columns with the instant as text: it is the tenth."""
    return [*columns[:9], columns[9].astimezone(UTC).isoformat(timespec="microseconds"), *columns[10:]]


def block_hash(previous: bytes, at: datetime, reach: _Stretch, ids: list[int], hashes: list[bytes]) -> bytes:
    """Return the hash of a block over everything in it and the block before."""
    head = [at.astimezone(UTC).isoformat(timespec="microseconds"), reach.system, reach.id_above, reach.xid_below, ids]
    return sha256(b"haitang block 1\n" + previous + _canonical(head).encode() + b"".join(hashes)).digest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@transaction.atomic
def seal(*, now: datetime) -> int:
    """Seal every entry that can be sealed by now, and return how many; 0 while another process seals."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_SEALER])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "SELECT (SELECT system_identifier::text FROM pg_control_system()),"
            " pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
        system, xid_below = cursor.fetchone()
        cursor.execute("SELECT hash, system, id_above, xid_below FROM core_seal ORDER BY id DESC LIMIT 1")
        last = cursor.fetchone()
        previous = bytes(last[0]) if last else b""
        done = _Stretch(*last[1:]) if last else _Stretch(system, 0, 0)
        if done.system == system:
            reach = _Stretch(system, done.id_above, xid_below)
            entries = _entries("WHERE id > %s AND xid >= %s AND xid < %s", [done.id_above, done.xid_below, xid_below])
        else:
            reach, entries = _after_moving(system, xid_below)
        count = 0
        block = list(islice(entries, BLOCK_ENTRIES_MAX))
        while block:
            following = list(islice(entries, BLOCK_ENTRIES_MAX))
            previous = _write_block(previous, now, done if following else reach, block)
            count += len(block)
            block = following
    return count


def _after_moving(system: str, xid_below: int) -> tuple[_Stretch, Iterator[tuple]]:
    """Return the reach and the entries of the first sealing on another database system.

    Transactions are counted anew there, so the old stretch ends at the highest id, when for once nobody is writing.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_entry IN SHARE MODE")
        cursor.execute("SELECT coalesce(max(id), 0) FROM core_entry")
        (id_above,) = cursor.fetchone()
    unsealed = "WHERE id <= %s AND NOT EXISTS (SELECT FROM sealed WHERE sealed.id = core_entry.id)"
    return _Stretch(system, id_above, 0), _entries(unsealed, [id_above], prefix=_SEALED)


_SEALED = "WITH sealed AS (SELECT unnest(entry_ids) AS id FROM core_seal) "


def _entries(where: str, parameters: list[Any], prefix: str = "") -> Iterator[tuple]:
    """Yield entries in order of id, in constant memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{prefix}{_SELECT}{where} ORDER BY id", parameters)
        while rows := cursor.fetchmany(BLOCK_ENTRIES_MAX):
            yield from map(_parsed, rows)


def _parsed(row: tuple) -> tuple:
    """Return the row with its data as a value: Django's cursors hand JSON over as text."""
    *columns, data, salt = row
    return (*columns, json.loads(data) if isinstance(data, str) else data, salt)


def _write_block(previous: bytes, at: datetime, reach: _Stretch, rows: Iterable[tuple]) -> bytes:
    ids, hashes = [], []
    for row in rows:
        ids.append(row[0])
        hashes.append(entry_hash(row))
    own = block_hash(previous, at, reach, ids, hashes)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_seal (previous_hash, entry_ids, entry_hashes, system, id_above, xid_below, hash, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [previous, ids, hashes, reach.system, reach.id_above, reach.xid_below, own, at],
        )
    return own


@transaction.atomic
def verify(*, expected: str = "") -> Report:
    """Compare the history with its seal, entry by entry and block by block.

    expected: a block's hash as hex that was noted elsewhere; its absence is a finding.
    """
    report = Report()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT max(id) FROM core_seal")
        last_id = cursor.fetchone()[0]
    previous, heads, reach = b"", set(), _Stretch("", 0, 0)
    for block_id, *block in _blocks(last_id):
        was_previous, ids, hashes, system, id_above, xid_below, own, at = block
        reach = _Stretch(system, id_above, xid_below)
        hashes, own, was_previous = [bytes(h) for h in hashes], bytes(own), bytes(was_previous)
        if was_previous != previous:
            _find(report, "block_missing", f"第 {block_id} 块之前缺少一块，或前一块已被替换", block_id=block_id)
        if block_hash(was_previous, at, reach, ids, hashes) != own:
            _find(report, "block_altered", f"第 {block_id} 块的内容与其摘要不符", block_id=block_id)
        _verify_entries(report, block_id, dict(zip(ids, hashes, strict=False)))
        previous = own
        heads.add(own.hex())
        report.blocks += 1
        report.sealed += len(ids)
    report.head = previous.hex()
    if expected and expected.lower() not in heads:
        _find(report, "block_missing", f"找不到摘要为 {expected} 的块：其后的记录可能已被整段删除")
    _verify_unsealed(report, reach)
    return report


def _blocks(last_id: int | None) -> Iterator[tuple]:
    """Yield the blocks one by one."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT id, previous_hash, entry_ids, entry_hashes, system, id_above, xid_below, hash, at"
            " FROM core_seal WHERE id <= %s ORDER BY id",
            [last_id or 0],
        )
        while row := cursor.fetchone():
            yield row


def _verify_entries(report: Report, block_id: int, sealed: dict[int, bytes]) -> None:
    present = set()
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + "WHERE id = ANY(%s)", [list(sealed)])
        for row in map(_parsed, cursor.fetchall()):
            present.add(row[0])
            if entry_hash(row) != sealed[row[0]]:
                _find(report, "entry_altered", f"第 {row[0]} 条记录封存后被改动", row[0], block_id)
            elif isinstance(row[-2], dict) and row[-2].keys() == {ERASED}:
                report.erased += 1
                _verify_erasure(report, row[0], block_id)
            elif is_partly_erased(row[-2]):
                report.erased += 1
                _verify_erasure(report, row[0], block_id, rest_hash(row))
    for entry_id in sorted(sealed.keys() - present):
        _find(report, "entry_missing", f"第 {entry_id} 条记录封存后被删除", entry_id, block_id)


def _verify_erasure(report: Report, entry_id: int, block_id: int, rest: str = "") -> None:
    """Look for the fact behind an erasure. rest: the hash of what is left, which the latest such fact must name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data->>'rest' FROM core_entry WHERE subject_type = 'entry' AND subject_id = %s AND fact = %s"
            " ORDER BY id DESC LIMIT 1",
            [entry_id, ERASURE_FACT],
        )
        found = cursor.fetchone()
    if found is None:
        _find(report, "entry_erased", f"第 {entry_id} 条记录的内容被清除，却没有清除的记录", entry_id, block_id)
    elif rest and found[0] != rest:
        _find(report, "entry_altered", f"第 {entry_id} 条记录清除后余下的内容又被改动", entry_id, block_id)


def _verify_unsealed(report: Report, reach: _Stretch) -> None:
    """Entries of a sealed stretch that are in no block were put in afterwards; later ones wait for the seal."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SEALED  # noqa: S608 - a text of our own
            + "SELECT id, id <= %s OR (xid < %s AND %s = (SELECT system_identifier::text FROM pg_control_system()))"
            " FROM core_entry WHERE NOT EXISTS (SELECT FROM sealed WHERE sealed.id = core_entry.id) ORDER BY id",
            [reach.id_above, reach.xid_below, reach.system],
        )
        for entry_id, is_late in cursor.fetchall():
            if is_late:
                _find(report, "entry_added", f"第 {entry_id} 条记录是封存之后补入的", entry_id)
            else:
                report.waiting += 1


def _find(report: Report, kind: str, sentence: str, entry_id: int | None = None, block_id: int | None = None) -> None:
    report.findings.append(Finding(kind, sentence, entry_id, block_id))
