"""Rows in the text form that COPY reads, put together ahead: in another thread than the one that writes them.

Where tens of thousands of rows are written at once, putting values into this form is most of the client's work.
Done here, a row is a line of text and writing a batch is joining lines.

The form is told of in the documentation of PostgreSQL, under COPY, "Text Format".
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection

NULL = "\\N"
_PLAIN = frozenset({bool, int, float, date, datetime})
"""What PostgreSQL reads as Python writes it: True, 1.5e-07, 2026-05-01 10:00:00+08:00."""


def text(value: str) -> str:
    """Return a text as it stands in a line."""
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\n" in value:
        value = value.replace("\n", "\\n")
    if "\t" in value:
        value = value.replace("\t", "\\t")
    if "\r" in value:
        value = value.replace("\r", "\\r")
    return value


def field(value: Any) -> str:
    """Return a text, number, truth, instant, date, bytes or None as it stands in a line."""
    if type(value) is str:
        return text(value)
    if value is None:
        return NULL
    if type(value) in _PLAIN:
        return str(value)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return text(str(value))


def line(values: Iterable[Any]) -> str:
    """Return a row as a line, with its end."""
    return "\t".join(map(field, values)) + "\n"


def numbers(values: Iterable[int]) -> str:
    """Return whole numbers as the text of an array, for `%s::bigint[]`: a list of thousands is slow to be adapted."""
    return "{" + ",".join(map(str, values)) + "}"


def write(table: str, columns: str, lines: Iterable[str]) -> None:
    """Write the lines into those columns ("a, b") of the table by one COPY; nothing where there are none."""
    ready = "".join(lines)
    if ready:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write(ready.encode())
