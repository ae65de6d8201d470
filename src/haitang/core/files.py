"""Files kept by their content: the name of a file is its SHA-256, so the same content is kept once.

A file is either there whole or not there: written beside its place, forced to the disk, then moved in.
The database refers to files by name; deciding who may see one is the caller's.
"""

import hashlib
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings

from haitang.core.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{64}")
_UNCLAIMED = "unclaimed"


def store(data: bytes) -> str:
    """Keep the content and return its name, 64 hexadecimal digits; content already kept is not written again."""
    name = hashlib.sha256(data).hexdigest()
    path = path_for(name)
    if path.is_file() and path.stat().st_size == len(data):
        path.touch()  # whoever clears away unused files sees that somebody has just come to use it
        return name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _force_move(path)
    return name


def begin_file() -> Path:
    """Return a new empty file to be written and given to `store_file`; whoever does not, removes it."""
    root = Path(settings.FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, path = tempfile.mkstemp(dir=root, prefix=".new-")
    os.close(handle)
    return Path(path)


def store_file(path: Path) -> str:
    """Keep a file by its content, however large, and return its name; it is gone from its place.

    path: as `begin_file` has given it.
    """
    with path.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    kept = path_for(name)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.replace(kept)
    _force_move(kept)
    return name


def store_for_now(data: bytes) -> str:
    """Keep the content as `store` does, noted as not yet belonging to anything; see `list_unclaimed`."""
    name = store(data)
    note = _note_for(name)
    note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    note.touch()
    return name


def list_unclaimed(before: datetime) -> list[str]:
    """Return the names kept for now whose content nobody has stored since that aware instant."""
    folder = Path(settings.FILES_ROOT) / _UNCLAIMED
    notes = sorted(note.name for note in folder.glob("*")) if folder.is_dir() else []
    return [name for name in notes if _NAME.fullmatch(name) and _last_used(name) < before.timestamp()]


def claim(name: str) -> None:
    """Take back the note that the content belongs to nothing."""
    _note_for(name).unlink(missing_ok=True)


def discard(name: str) -> None:
    """Remove the content and its note; the caller knows that nothing refers to it."""
    path_for(name).unlink(missing_ok=True)
    claim(name)


def _note_for(name: str) -> Path:
    return path_for(name).parents[2] / _UNCLAIMED / name


def _last_used(name: str) -> float:
    times = [path.stat().st_mtime for path in (path_for(name), _note_for(name)) if path.exists()]
    return max(times, default=0.0)


def read(name: str) -> bytes:
    """Return the content of that name.

    Raises: NotFound.
    """
    try:
        return path_for(name).read_bytes()
    except FileNotFoundError:
        raise NotFound("文件不存在或已被清除") from None


def path_for(name: str) -> Path:
    """Return where the content of that name is kept, whether or not it is there.

    Raises: NotFound when the name is none, so that no name leads out of the store.
    """
    if not _NAME.fullmatch(name):
        raise NotFound("文件不存在或已被清除")
    return Path(settings.FILES_ROOT) / name[:2] / name[2:4] / name


def _force_move(path: Path) -> None:
    """Folders that may be new, and the move itself, outlive a power cut only once their folder is on the disk."""
    for folder in (path.parent, path.parent.parent, Path(settings.FILES_ROOT)):
        _force_folder(folder)


def _force_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
