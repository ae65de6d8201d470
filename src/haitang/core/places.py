"""Places that are few, and the wait list behind them: counted on the row that has them, under its lock.

The row has `places` (None for no limit), `taken`, and `turns`, from which each who waits gets a number of their own; a
constraint of its table keeps `taken` within `places`, whatever a caller forgets.
"""

from typing import Protocol


class Limited(Protocol):
    """A row with places; locked by whoever calls a function here."""

    taken: int
    turns: int

    @property
    def places(self) -> int | None:
        """How many there are."""

    def save(self, *, update_fields: list[str]) -> None:
        """Write these fields."""


def has_room(row: Limited) -> bool:
    """Tell whether another can have a place."""
    return row.places is None or row.taken < row.places


def take(row: Limited, change: int = 1) -> None:
    """Take a place, or leave one (-1)."""
    row.taken += change
    row.save(update_fields=["taken"])


def next_turn(row: Limited) -> int:
    """Return the number of the next who waits; nobody else ever gets it."""
    row.turns += 1
    row.save(update_fields=["turns"])
    return row.turns
