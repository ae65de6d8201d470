"""Rows read by a statement that is put together once: for what every deed begins with.

The mapper puts each query together anew, which for a short one takes longer than the database does. Where a query runs
in every deed, it is written here once, planned once by each connection, and its rows become the same model instances.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

from haitang.core.prepared import Prepared

Row = TypeVar("Row", bound=Model)
Other = TypeVar("Other", bound=Model)


class _Columns(Generic[Row]):
    """The columns of a model, and how its rows are made of them."""

    def __init__(self, model: type[Row], without: tuple[str, ...] = ()) -> None:
        fields = [field for field in model._meta.concrete_fields if field.attname not in without]
        self._model, self._names = model, [field.attname for field in fields]
        self._readers = [getattr(field, "from_db_value", None) for field in fields]
        self.selected = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
        self.width = len(fields)

    def row(self, values: Sequence[Any]) -> Row:
        """Return the row of these values, in the order of the columns."""
        pairs = zip(self._readers, values, strict=True)
        read = [reader(value, None, connection) if reader else value for reader, value in pairs]
        return self._model.from_db(connection.alias, self._names, read)


def _fetch(statement: Prepared, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        statement.execute(cursor, parameters)
        return cursor.fetchall()


class Statement(Generic[Row]):
    """SELECT of a model's columns. then: what follows FROM and the table, with %s for parameters; trusted text.

    without: names of columns that are left out, to be read when they are asked for.
    """

    def __init__(self, model: type[Row], then: str, *, without: tuple[str, ...] = ()) -> None:
        self._model, self._then, self._without = model, then, without

    @cached_property
    def _parts(self) -> tuple[_Columns[Row], Prepared]:
        columns = _Columns(self._model, self._without)
        table = self._model._meta.db_table
        statement = f"SELECT {columns.selected} FROM {table} {self._then}"  # noqa: S608 - our own words
        return columns, Prepared(table, statement)

    def all(self, *parameters: Any) -> list[Row]:
        """Return every row."""
        columns, statement = self._parts
        return [columns.row(values) for values in _fetch(statement, parameters)]

    def first(self, *parameters: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.all(*parameters)), None)


class Joined(Generic[Row, Other]):
    """SELECT of the columns of two models at once. then: what follows FROM and the first table; trusted text.

    without: names of columns, of whichever of the two has them, that are left out.
    """

    def __init__(self, first: type[Row], second: type[Other], then: str, *, without: tuple[str, ...] = ()) -> None:
        self._first, self._second, self._then, self._without = first, second, then, without

    @cached_property
    def _parts(self) -> tuple[_Columns[Row], _Columns[Other], Prepared]:
        first, second = _Columns(self._first, self._without), _Columns(self._second, self._without)
        table, selected = self._first._meta.db_table, f"{first.selected}, {second.selected}"
        statement = f"SELECT {selected} FROM {table} {self._then}"  # noqa: S608 - our own words
        return first, second, Prepared(table, statement)

    def all(self, *parameters: Any) -> list[tuple[Row, Other]]:
        """Return every pair of rows; one after the other with the same first row share it."""
        first, second, statement = self._parts
        pairs: list[tuple[Row, Other]] = []
        held: tuple[Any, ...] | None = None
        for values in _fetch(statement, parameters):
            given = values[: first.width]
            row = pairs[-1][0] if given == held else first.row(given)
            pairs.append((row, second.row(values[first.width :])))
            held = given
        return pairs
