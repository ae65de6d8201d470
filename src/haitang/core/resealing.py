"""Sealing anew, under the current key, what was sealed under a former one: in batches, while the site runs.

A column of sealed values is a BinaryField called `*_sealed`; its model says in SEALED_FOR for which context. What is
sealed elsewhere (in JSON) joins ELSEWHERE. A value is replaced only where it is still the one that was read: nobody's
deed is overwritten. A batch is a transaction of its own, and what was killed goes on where it stood.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import BinaryField, Model

from haitang.core import crypto
from haitang.core.ports import Port

BATCH = 500
ELSEWHERE: Port[Callable[[int], int]] = Port("what is sealed outside columns of its own: seals at most so many anew")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed values, and the context for which they are sealed."""

    model: type[Model]
    name: str
    context: str


def sealed_columns() -> Iterator[Column]:
    """Return every column that holds sealed values, by table."""
    for model in sorted(apps.get_models(), key=lambda each: each._meta.db_table):
        for field in model._meta.concrete_fields:
            if isinstance(field, BinaryField) and field.name.endswith("_sealed"):
                yield Column(model, field.name, getattr(model, "SEALED_FOR", {})[field.name])


def reseal(column: Column, *, after: Any = None, limit: int = BATCH) -> tuple[int, Any]:
    """Seal at most so many values of a column anew; return how many, and the key of the last row looked at.

    after: that of the call before; None for the first. The key returned is None when there is nothing behind it.
    Raises crypto.Unreadable for a value whose key is not configured, or that was altered.
    """
    meta = column.model._meta
    table, key, name = meta.db_table, meta.pk.column, column.name
    current = crypto.current_key()
    behind = f"AND {key} > %(after)s" if after is not None else ""
    found_by = (
        f"SELECT {key}, {name} FROM {table} WHERE octet_length({name}) > 0 AND get_byte({name}, 0) <> %(current)s"  # noqa: S608 - names of our own columns
        f" {behind} ORDER BY {key} LIMIT %(limit)s"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(found_by, {"after": after, "current": current, "limit": limit})
        rows = cursor.fetchall()
        pairs = [(crypto.seal(crypto.open_(old, column.context), column.context), pk, bytes(old)) for pk, old in rows]
        cursor.executemany(f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s", pairs)  # noqa: S608 - as above
    return len(rows), rows[-1][0] if len(rows) == limit else None


def reseal_all(noted: Callable[[Column, int], None] = lambda _column, _n: None) -> int:
    """Seal anew whatever is not under the current key; return how many values that were. noted: told of each batch."""
    total = 0
    for column in sealed_columns():
        after: Any = None
        while True:
            n, after = reseal(column, after=after)
            total += n
            if n:
                noted(column, n)
            if after is None:
                break
    for others in ELSEWHERE:
        while n := others(BATCH):
            total += n
    return total


def count_old() -> int:
    """Return how many values in columns are sealed under another key than the current one."""
    current, total = crypto.current_key(), 0
    with connection.cursor() as cursor:
        for column in sealed_columns():
            table, name = column.model._meta.db_table, column.name
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE octet_length({name}) > 0 AND get_byte({name}, 0) <> %s",  # noqa: S608 - names of our own columns
                [current],
            )
            total += cursor.fetchone()[0]
    return total
