"""Half-open periods of calendar dates, and the constraint "one at a time", without any PostgreSQL extension.

A period begins on its first day and ends before its last: [from, to). An open end is None. A period
that ends on the day it begins never took effect; that is how a planned one is withdrawn without deleting it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q, Value


class Just(Func):
    """The range that holds one whole number and no other: what `=` is to btree, `&&` of it is to GiST."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, field: str, **extra: Any) -> None:
        super().__init__(F(field), F(field), Value("[]"), **extra)


class Days(Func):
    """The period from one date field until before another, open where that is null."""

    function = "daterange"
    output_field = DateRangeField()


def covers(from_date: date, to_date: date | None, on: date) -> bool:
    """Tell whether the day lies in the half-open period."""
    return from_date <= on and (to_date is None or on < to_date)


def on(day: date, *, prefix: str = "", from_field: str = "from_date", to_field: str = "to_date") -> Q:
    """Return the filter for rows whose period covers the day. prefix: a path to the row, such as "links__"."""
    begun = Q(**{f"{prefix}{from_field}__lte": day})
    return begun & (Q(**{f"{prefix}{to_field}__isnull": True}) | Q(**{f"{prefix}{to_field}__gt": day}))


def one_at_a_time(
    *, name: str, per: Sequence[str], where: Q | None = None, from_field: str = "from_date", to_field: str = "to_date"
) -> ExclusionConstraint:
    """Return the constraint that rows with the same whole numbers in `per` never overlap in time.

    per: integer or foreign-key fields. where: only among these rows (one constraint for each value of a text).
    """
    same = [(Just(field), RangeOperators.OVERLAPS) for field in per]
    return ExclusionConstraint(
        name=name, condition=where, expressions=[*same, (Days(from_field, to_field), RangeOperators.OVERLAPS)]
    )


def in_order(*, name: str, from_field: str = "from_date", to_field: str = "to_date") -> CheckConstraint:
    """Return the constraint that a period does not end before it begins."""
    return CheckConstraint(
        name=name, condition=Q(**{f"{to_field}__isnull": True}) | Q(**{f"{to_field}__gte": F(from_field)})
    )
