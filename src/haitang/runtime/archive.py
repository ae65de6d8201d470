"""What a backup is: one sealed tar file with the instance's keys, the database's dump, the files, and a list of it all.

Dump and list are of one snapshot, taken while everything runs on. Files are only ever added, so those taken
afterwards are complete for it; one that is lawfully removed in between is not in it any more. Everything is written and
read as a stream: nothing of the contents lies on a disk in the clear, and memory does not grow with the city.

Order within: manifest.json, secrets/…, database/00000001 … (the dump in pieces), files/…, contents.jsonl. Format 1, not
sealed and without list, is still read.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict

from haitang.core import envelope
from haitang.core.envelope import Opener, Recipient
from haitang.runtime import contents, home, postgres, programs

FORMAT = 2
_FORMATS = (1, 2)
_MANIFEST, _DATABASE, _FILES, _SECRETS, _CONTENTS = "manifest.json", "database", "files", "secrets", "contents.jsonl"
_PIECE = 8 * 2**20
_BUFFER = 2**20
OpenersFor = Callable[[bool], Sequence[Opener]]
"""What opens a file, asked once it is known whether it is sealed."""


class Refused(Exception):
    """The archive cannot be written or read; the message says why."""


@dataclass(frozen=True)
class Parts:
    """What an archive holds: the data (database and files), the instance's keys, or both."""

    data: bool = True
    keys: bool = True


EVERYTHING = Parts()


def write(target: Path, recipients: Sequence[Recipient], parts: Parts = EVERYTHING) -> int:
    """Write the archive, which appears whole or not at all, readable by its owner only. Returns its size in bytes.

    recipients: for whom it is sealed; nobody leaves it open to all. Raises Refused.
    """
    if target.exists():
        raise Refused(f"{target} 已存在，请换一个文件名")
    if not target.parent.is_dir():
        raise Refused(f"目录 {target.parent} 不存在")
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            box: Any = envelope.Writer(file, recipients) if recipients else file
            with tarfile.open(fileobj=box, mode="w|", bufsize=_BUFFER) as tar:
                _fill(tar, parts)
            if recipients:
                box.close()  # the authenticated end: only of a whole archive
            file.flush()
            os.fsync(file.fileno())
        Path(draft).rename(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return target.stat().st_size


def _fill(tar: tarfile.TarFile, parts: Parts) -> None:
    with psycopg.connect(_address()) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        contents.fix_session(connection)
        _add(tar, _MANIFEST, _manifest(connection, parts))
        if parts.keys:
            for path in contents.files(home.directory() / _SECRETS):
                _add_file(tar, path, f"{_SECRETS}/{path.name}")
        if parts.data:
            _add_dump(tar, connection)
            with tempfile.TemporaryFile(dir=home.directory()) as told:
                for table in contents.tables(connection):
                    _tell(told, table)
                _tell(told, {"head": contents.head(connection)})
                connection.rollback()
                _add_files(tar, told)
                size = told.tell()
                told.seek(0)
                tar.addfile(_entry(_CONTENTS, size), told)


def _manifest(connection: psycopg.Connection, parts: Parts) -> bytes:
    found = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    applied = []
    if found and found[0]:
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        applied = [f"{app}.{name}" for app, name in rows]
    told = {"format": FORMAT, "at": _now(), "version": _version(), "data": parts.data,
            "server": connection.info.server_version, "keys": parts.keys, "fingerprints": home.fingerprints(),
            "migrations": applied}  # fmt: skip
    return json.dumps(told).encode()


def _add_dump(tar: tarfile.TarFile, connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    snapshot = f"--snapshot={row[0] if row else ''}"
    options = ("--format=custom", "--no-owner", "--no-acl", snapshot)
    with _program("pg_dump", *options, address=_address(), stdout=subprocess.PIPE) as dump:
        number = 0
        while piece := cast(IO[bytes], dump.stdout).read(_PIECE):
            number += 1
            _add(tar, f"{_DATABASE}/{number:08}", piece)


def _add_files(tar: tarfile.TarFile, told: IO[bytes]) -> None:
    folder = home.directory() / _FILES
    for path in contents.files(folder):
        name = str(path.relative_to(folder))
        with contextlib.suppress(FileNotFoundError):  # removed since the folder was read
            size, digest = _add_file(tar, path, f"{_FILES}/{name}")
            _tell(told, {"file": name, "bytes": size, "sha256": digest})


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    tar.addfile(_entry(name, len(data)), io.BytesIO(data))
    _forget(tar)


def _add_file(tar: tarfile.TarFile, path: Path, name: str) -> tuple[int, str]:
    """Add the file; return its size and its SHA-256 as it was read."""
    with path.open("rb") as file:
        state, digest = os.fstat(file.fileno()), contents.Digesting(file)
        entry = _entry(name, state.st_size)
        entry.mtime = int(state.st_mtime)
        tar.addfile(entry, cast(IO[bytes], digest))
    _forget(tar)
    return state.st_size, digest.hex


def _forget(tar: tarfile.TarFile) -> None:
    """Have it not remember every file of the city."""
    cast(Any, tar).members.clear()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _tell(told: IO[bytes], line: dict[str, Any]) -> None:
    told.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def read(source: Path, openers_for: OpenersFor, keep_list: Path | None = None) -> dict[str, Any]:
    """Restore the archive into an instance that holds nothing yet, and return its manifest.

    The whole file is read and proven before anything is written; the database comes in one transaction, and files and
    keys are moved in once it is there. keep_list: where the list of contents is to be left.
    Raises Refused, and Unopened when the file does not open.
    """
    if not source.is_file():
        raise Refused(f"找不到文件 {source}")
    openers = openers_for(is_sealed(source))
    manifest = _prove(source, openers)
    _check_version(manifest)
    _check_empty(manifest)
    with tempfile.TemporaryDirectory(dir=home.directory(), prefix=".restoring-") as place:
        staged = Path(place)
        _unpack(source, openers, staged)
        _check_keys(manifest, staged / _SECRETS)
        if manifest.get("data", True):
            _restore_database(source, openers)
        for name in (_SECRETS, _FILES):
            _move_in(staged / name, home.directory() / name)
        if keep_list and (staged / _CONTENTS).exists():
            (staged / _CONTENTS).replace(keep_list)
    os.sync()
    return manifest


def is_sealed(source: Path) -> bool:
    """Tell whether the file is sealed, or a plain tar file."""
    with source.open("rb") as file:
        return file.read(len(envelope.MAGIC)) == envelope.MAGIC


def _prove(source: Path, openers: Sequence[Opener]) -> dict[str, Any]:
    """Read the file to its authenticated end; return its manifest."""
    manifest: dict[str, Any] | None = None
    last = ""
    for member, stream in _members(source, openers):
        if member.name == _MANIFEST:
            manifest = _parsed(source, stream.read())
        else:
            while stream.read(_BUFFER):
                pass
        last = member.name
    if manifest is None:
        raise Refused(f"{source} 不是完整的备份文件：没有说明")
    if manifest.get("format") not in _FORMATS:
        raise Refused(f"备份格式为 {manifest.get('format')}，本版本只认识 {'、'.join(map(str, _FORMATS))}")
    if manifest["format"] > 1 and manifest.get("data", True) and last != _CONTENTS:
        raise Refused(f"{source} 不是完整的备份文件：没有清单")
    return manifest


def _parsed(source: Path, text: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError) as error:
        raise Refused(f"{source} 不是完整的备份文件：{error}") from error


def _members(source: Path, openers: Sequence[Opener]) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Yield the files within, in order, each to be read before the next; to the very end of the archive."""
    try:
        with source.open("rb") as file:
            box = cast(BinaryIO, envelope.Reader(file, openers)) if is_sealed(source) else file
            with tarfile.open(fileobj=box, mode="r|", bufsize=_BUFFER) as tar:
                while member := tar.next():
                    if member.isfile():
                        yield member, cast(IO[bytes], tar.extractfile(member))
                    _forget(tar)
            while box.read(_BUFFER):
                pass
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise Refused(f"{source} 不是完整的备份文件：{error}") from error


def _check_version(manifest: dict[str, Any]) -> None:
    """Refuse what a newer version wrote: this one would not know its tables."""
    own = Path(__file__).parents[1]
    for applied in manifest.get("migrations", ()):
        app, _, name = applied.partition(".")
        folder = own / app / "migrations"
        if folder.is_dir() and not (folder / f"{name}.py").exists():
            version = manifest.get("version", "")
            raise Refused(f"备份来自更新的版本 {version}（本版本没有 {applied}）：请用那个版本或更新的版本恢复")


def _check_empty(manifest: dict[str, Any]) -> None:
    if not manifest.get("data", True):
        return
    with psycopg.connect(_address()) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if row and row[0]:
            raise Refused("数据库不是空的：请恢复到一个新的 HAITANG_HOME 或空的数据库")
    files = home.directory() / _FILES
    if files.is_dir() and any(files.iterdir()):
        raise Refused(f"{files} 不是空的：请恢复到一个新的 HAITANG_HOME")


def _check_keys(manifest: dict[str, Any], given: Path) -> None:
    """Refuse where the protected fields could not be read afterwards: no keys, or others."""
    for secret in given.glob("*") if given.is_dir() else ():
        here = home.directory() / _SECRETS / secret.name
        if here.exists() and here.read_text().strip() != secret.read_text().strip():
            raise Refused(f"此实例已有自己的密钥（{here}），与备份中的不同：请恢复到一个新的 HAITANG_HOME")
    here_are = home.fingerprints()
    for name, wanted in manifest.get("fingerprints", {}).items():
        if name == "django" or (given / name).exists():  # without the former everybody signs in again, no more
            continue
        if not set(wanted) <= set(here_are.get(name, ())):
            raise Refused(
                f"备份不含密钥 {name}，此实例也没有它：请先恢复密钥的备份（haitang backup --only-keys 所写），"
                "或用环境变量给出，否则受保护的字段再也读不出来"
            )


def _unpack(source: Path, openers: Sequence[Opener], place: Path) -> None:
    mask = os.umask(0o077)
    try:
        for member, stream in _members(source, openers):
            top = member.name.partition("/")[0]
            if top not in (_SECRETS, _FILES, _CONTENTS):
                continue
            target = place / member.name
            if ".." in target.parts:
                raise Refused(f"{source} 不是完整的备份文件：{member.name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(stream, file, _BUFFER)
            os.utime(target, (member.mtime, member.mtime))
    finally:
        os.umask(mask)


def _move_in(staged: Path, target: Path) -> None:
    if not staged.is_dir():
        return
    if not target.exists():
        staged.rename(target)
        return
    for path in staged.iterdir():
        if not (target / path.name).exists():  # a key that is there is the same
            path.rename(target / path.name)


def _restore_database(source: Path, openers: Sequence[Opener]) -> None:
    options = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
    address = os.environ.get("DATABASE_URL") or postgres.url()  # the role that shall own the tables
    database = f"--dbname={conninfo_to_dict(address)['dbname']}"
    with _program("pg_restore", *options, database, address=address, stdin=subprocess.PIPE) as program:
        taking = cast(IO[bytes], program.stdin)
        with contextlib.suppress(BrokenPipeError):  # its own last words say why
            for member, stream in _members(source, openers):
                if member.name.partition("/")[0] in (_DATABASE, "database.dump"):  # the latter in format 1
                    shutil.copyfileobj(stream, taking, _BUFFER)
                elif member.name.startswith(f"{_FILES}/"):
                    break
        with contextlib.suppress(BrokenPipeError):
            taking.close()


def _address() -> str:
    """Return the database's address for reading all of it: as the superuser where the server is our own."""
    return os.environ.get("DATABASE_URL") or postgres.url("postgres")


@contextlib.contextmanager
def _program(
    program: str, *arguments: str, address: str, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Have a program of PostgreSQL run on a database. Raises Refused with its last words when it fails."""
    try:
        with programs.running(
            [postgres.client(program, address), *arguments], address, stdin=stdin, stdout=stdout
        ) as running:
            yield running
    except programs.Failed as error:
        raise Refused(str(error)) from error


def _version() -> str:
    try:
        return metadata.version("haitang")
    except metadata.PackageNotFoundError:  # run from its sources
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - no Django here
