"""The number that people know a case by: the day of its report and its id, 20260501-0000123.

Whoever knows the number knows the id: cases are found by that, and the number needs no index of its own.
"""

from datetime import date

_DIGITS_MAX = 18
"""More than an id can have."""


def number_of_case(day: date, case_id: int) -> str:
    """Return the number of a case that was reported on that day (of the local calendar)."""
    return f"{day:%Y%m%d}-{case_id:07d}"


def id_in_number(number: str) -> int | None:
    """Return the id that a case's number bears; None for what is no such number."""
    day, dash, digits = number.partition("-")
    known = dash and digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX
    return int(digits) if known and day.isalnum() else None
