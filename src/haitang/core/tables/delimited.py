"""Delimited text (csv, tsv) as records, a line at a time, with every defect named at its line."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from haitang.core.errors import Invalid

LINE_MAX_BYTES = 1_048_576
"""A file with a longer line is no table."""
RECORD_MAX_LINES = 500
"""A quoted cell may run over so many lines; beyond, its quotation mark was never closed."""
DELIMITERS = (",", "\t", ";", "|", "，")

_CHUNK_BYTES = LINE_MAX_BYTES
_RECORD_MAX_CHARACTERS = 4 * LINE_MAX_BYTES
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

# A cell as long as a whole record is legitimate; the bound on records is ours.
csv.field_size_limit(2 * _RECORD_MAX_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line at which it begins (from 1), its cells, and why it cannot be used ("" if it can)."""

    line: int
    cells: list[str]
    error: str = ""


def detect_encoding(path: Path) -> str:
    """Return the first of these that fits the whole file: what its mark says, UTF-8, GB18030 (GBK with it).

    Strict and without guessing: one pass over the bytes. Raises Invalid for bytes that are no such text, and
    for a line of more than a megabyte.
    """
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    candidates = [marked] if marked else ["utf-8", "gb18030"]
    decoders = {name: codecs.getincrementaldecoder(name)("strict") for name in candidates}
    read_bytes, broken_at = 0, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            last = len(chunk) < _CHUNK_BYTES
            if not last and b"\n" not in chunk and b"\r" not in chunk:
                raise Invalid("文件中有超过 1 MB 的行，这不是表格文件")
            for name, decoder in list(decoders.items()):
                try:
                    decoder.decode(chunk, final=last)
                except UnicodeDecodeError as error:
                    broken_at = broken_at or read_bytes + error.start
                    del decoders[name]
            if not decoders:
                raise Invalid(_broken(path, broken_at))
            read_bytes += len(chunk)
    return next(iter(decoders))


def _broken(path: Path, position: int) -> str:
    with path.open("rb") as file:
        line = file.read(position).count(b"\n") + 1
    return f"文件的文字编码有误（第 {line} 行附近），请另存为 UTF-8 或 GBK 编码的 csv，或改用 xlsx"


def records(path: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    """Yield every record, blank lines left out, in constant memory.

    A quotation mark that is never closed, or is followed by more text, spoils the one line it stands in:
    reading goes on with the next line.
    """
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        while True:
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            try:
                for cells in reader:
                    if any(cells):
                        yield Record(lines.first_line, cells)
                    lines.accept()
                return
            except (csv.Error, _UnclosedError) as error:
                unclosed = isinstance(error, _UnclosedError)
                reason = "引号没有闭合" if unclosed else "引号没有成对，或引号后有多余的文字"
                line, text = lines.reject()
                yield Record(line, [text.rstrip("\r\n")], f"{reason}，本行无法分列")


class _UnclosedError(Exception):
    """The record has run over more lines than a cell may have."""


class _Lines:
    """The file's lines, remembered for as long as their record is not complete, so that they can be read again."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._again: list[str] = []
        self._pending: list[str] = []
        self._characters = 0
        self.first_line = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._pending and (len(self._pending) >= RECORD_MAX_LINES or self._characters > _RECORD_MAX_CHARACTERS):
            raise _UnclosedError
        line = self._again.pop() if self._again else next(self._file)
        self._pending.append(line)
        self._characters += len(line)
        return line

    def accept(self) -> None:
        """The record is complete: its lines are done with."""
        self.first_line += len(self._pending)
        self._pending.clear()
        self._characters = 0

    def reject(self) -> tuple[int, str]:
        """Give up the record's first line and return it with its number; the others will be read again."""
        line, text = self.first_line, self._pending[0]
        self._again.extend(reversed(self._pending[1:]))
        self._pending.clear()
        self._characters = 0
        self.first_line += 1
        return line, text
