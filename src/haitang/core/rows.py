"""Rows read by a statement that is put together once: for what every deed begins with.

The mapper puts each query together anew, which for a short one takes longer than the database does. Where a query runs
in every deed, it is written here once and its rows become the same model instances.
"""

from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class Statement(Generic[Row]):
    """SELECT of a model's columns. then: what follows FROM and the table, with %s for parameters; trusted text.

    without: names of columns that are left out, to be read when they are asked for.
    """

    def __init__(self, model: type[Row], then: str, *, without: tuple[str, ...] = ()) -> None:
        self._model, self._then, self._without = model, then, without

    @cached_property
    def _parts(self) -> tuple[list[str], list[Any], str]:
        fields = [field for field in self._model._meta.concrete_fields if field.attname not in self._without]
        columns = ", ".join(str(field.column) for field in fields)
        statement = f"SELECT {columns} FROM {self._model._meta.db_table} {self._then}"  # noqa: S608 - our own words
        return (
            [field.attname for field in fields],
            [getattr(field, "from_db_value", None) for field in fields],
            statement,
        )

    def all(self, *parameters: Any) -> list[Row]:
        """Return every row."""
        names, readers, statement = self._parts
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            found = cursor.fetchall()
        return [
            self._model.from_db(
                connection.alias, names,
                [read(value, None, connection) if read else value for read, value in zip(readers, row, strict=True)],
            )
            for row in found
        ]  # fmt: skip

    def first(self, *parameters: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.all(*parameters)), None)
