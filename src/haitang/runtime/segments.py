"""Files as they lie where a log is kept elsewhere: compressed, sealed where it is for somebody, whole or not there."""

import gzip
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from haitang.core import envelope
from haitang.core.envelope import Opener, PublicKey, Unopened

PACKED, SEALED = ".gz", ".gz.sealed"
_BUFFER = 2**20
_BLOCK = 2**16


@contextmanager
def packing(target: Path, recipients: Sequence[PublicKey], packed: int = 1) -> Iterator[IO[bytes]]:
    """Have a file to write to, which appears whole or not at all, compressed, and sealed where it is for somebody.

    packed: how hard to compress. The name of what appears is the target's with PACKED or SEALED behind it.
    """
    whole = target.with_name(target.name + (SEALED if recipients else PACKED))
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            box = envelope.Writer(file, recipients) if recipients else file
            with gzip.GzipFile(fileobj=cast(IO[bytes], box), mode="wb", compresslevel=packed, mtime=0) as packer:
                yield cast(IO[bytes], packer)
            if isinstance(box, envelope.Writer):
                box.close()
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(whole)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def unpacking(path: Path, openers: Sequence[Opener]) -> Iterator[IO[bytes]]:
    """Have what `packing` wrote to read from. Raises Unopened when it does not open."""
    with path.open("rb") as file:
        box = cast(BinaryIO, envelope.Reader(file, openers)) if path.name.endswith(SEALED) else file
        try:
            with gzip.GzipFile(fileobj=cast(IO[bytes], box), mode="rb") as packer:
                yield cast(IO[bytes], packer)
                while packer.read(_BUFFER):  # to its end, that nothing is missing there
                    pass
        except (EOFError, gzip.BadGzipFile) as error:
            raise Unopened(f"{path} 不完整或已损坏：{error}") from error


def find(folder: Path, name: str) -> Path | None:
    """Return the file that was packed under the name, or None."""
    return next((path for end in (SEALED, PACKED) if (path := folder / f"{name}{end}").is_file()), None)


def keep(source: Path, target: Path, recipients: Sequence[PublicKey]) -> None:
    """Pack a copy; one that is there already is replaced by the same, as after a crash in between."""
    with source.open("rb") as file, packing(target, recipients) as packed:
        shutil.copyfileobj(file, packed, _BUFFER)


def fetch(source: Path, target: Path, openers: Sequence[Opener]) -> None:
    """Unpack a copy; blocks of nothing, of which a piece of the log is mostly made, take no room."""
    with unpacking(source, openers) as packed, target.open("wb") as file:
        while block := packed.read(_BLOCK):
            if block.count(0) == len(block):
                file.seek(len(block), os.SEEK_CUR)
            else:
                file.write(block)
        file.truncate()
