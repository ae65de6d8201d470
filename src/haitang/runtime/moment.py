"""An instance as it was at a moment: the last copy of the server before it, and the log from there on."""

import json
import os
import shlex
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from haitang.core.envelope import Opener
from haitang.runtime import archive, home, postgres, segments

_PASSED_OVER = "recovery ended before configured recovery target was reached"
_BUFFER = 2**20


def restore(place: Path, at: datetime | None, openers: Sequence[Opener]) -> datetime | None:
    """Restore what `haitang continuous` has kept into an instance that holds nothing yet, as it was at that moment.

    at: aware instant; None for the last that was kept. Returns the instant of the last deed that is in it; None where
    there is none since the copy. Photos are all those kept, of whatever moment: they are found by what names them.
    Raises archive.Refused, envelope.Unopened, postgres.ServerFailed.
    """
    _check_empty(place)
    note = _choose(place / "base", at)
    archive.read(note.with_suffix(".keys"), lambda _is_sealed: openers)
    copy = segments.find(note.parent, f"{note.stem}.tar")
    if copy is None:
        raise archive.Refused(f"归档里缺少基础备份 {note.stem}")
    data, staged = postgres.data_directory(), home.directory() / ".restoring"
    try:
        _unpack_files(place, staged, openers)
        _unpack_server(copy, data, openers)
        with _log_for_server(place, json.loads(note.read_text())["segment"], openers) as incoming:
            reached = _recover(incoming, at)
    except BaseException:
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(staged, ignore_errors=True)
        raise
    staged.rename(home.directory() / "files")
    os.sync()
    return reached


def _check_empty(place: Path) -> None:
    if not postgres.is_embedded():
        raise archive.Refused("恢复到某一时刻只用于内置数据库：请去掉 DATABASE_URL，或用该数据库自己的办法恢复")
    if not (place / "system").is_file():
        raise archive.Refused(f"{place} 不是持续归档的目录")
    for path in (postgres.data_directory(), home.directory() / "files"):
        if path.exists() and any(path.iterdir()):
            raise archive.Refused(f"{path} 不是空的：请恢复到一个新的 HAITANG_HOME")


def _choose(folder: Path, at: datetime | None) -> Path:
    """Return the note of the last copy that was complete by then."""
    ended = {note: datetime.fromisoformat(json.loads(note.read_text())["ended"]) for note in folder.glob("*.json")}
    fitting = [note for note, end in ended.items() if at is None or end <= at]
    if not fitting:
        first = f"最早可恢复到 {min(ended.values()).isoformat(timespec='seconds')}" if ended else "还没有基础备份"
        raise archive.Refused(f"归档里没有这一刻之前的基础备份：{first}")
    return max(fitting, key=lambda note: ended[note])


def _unpack_server(copy: Path, data: Path, openers: Sequence[Opener]) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with segments.unpacking(copy, openers) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            tar.extractall(data, filter="data")
    except tarfile.TarError as error:
        raise archive.Refused(f"{copy} 不是完整的基础备份：{error}") from error
    data.chmod(0o700)
    for folder, _folders, names in os.walk(data):
        os.chmod(folder, 0o700)  # the server refuses a directory that others may read
        postgres.hand_over(Path(folder))
        for name in names:
            postgres.hand_over(Path(folder) / name)


def _unpack_files(place: Path, staged: Path, openers: Sequence[Opener]) -> None:
    """Bring back every photo that is kept, those removed since too: at that moment they were there."""
    mask = os.umask(0o077)
    try:
        staged.mkdir()
        for folder in ("files", "gone"):
            for packed in sorted((place / folder).rglob("*.gz*")):
                name = packed.name.removesuffix(segments.SEALED).removesuffix(segments.PACKED)
                target = staged / _place_of(packed.relative_to(place / folder).with_name(name), folder)
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    segments.fetch(packed, target, openers)
    finally:
        os.umask(mask)


def _place_of(path: Path, folder: str) -> Path:
    """Return where below `files` it belongs: what was set aside has lost its folders, which its name tells."""
    return path if folder == "files" else Path(path.name[:2]) / path.name[2:4] / path.name


@contextmanager
def _log_for_server(place: Path, first: str, openers: Sequence[Opener]) -> Iterator[Path]:
    """Have the log from its first piece on where the server can read it, until it has taken it in."""
    incoming = postgres.data_directory().parent / "incoming"
    incoming.mkdir(mode=0o700)
    try:
        for packed in sorted((place / "wal").iterdir()):
            name = packed.name.removesuffix(segments.SEALED).removesuffix(segments.PACKED)
            if not name.startswith(".") and (len(name) != 24 or name[8:] >= first[8:]):
                segments.fetch(packed, incoming / name, openers)
                postgres.hand_over(incoming / name)
        postgres.hand_over(incoming)
        yield incoming
    finally:
        shutil.rmtree(incoming)


def _recover(incoming: Path, at: datetime | None) -> datetime | None:
    fetch = f'cp {shlex.quote(str(incoming)).replace("%", "%%")}/%f "%p"'.replace("'", "''")
    settings = f"restore_command = '{fetch}'\nrecovery_target_timeline = 'latest'\n"
    until = (
        f"recovery_target_time = '{at.astimezone(UTC).isoformat()}'\nrecovery_target_action = 'promote'\n" if at else ""
    )
    reached: list[datetime | None] = []

    def note(connection: psycopg.Connection) -> None:
        row = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
        reached.append(row[0] if row else None)

    try:
        postgres.recover(settings + until, note)
    except postgres.ServerFailed as error:
        if not until or _PASSED_OVER not in str(error):
            raise
        postgres.recover(settings, note)  # nothing happened between the end of the log and that moment
    return reached[-1] if reached else None
