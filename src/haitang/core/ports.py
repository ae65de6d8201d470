"""Places where an app lets those above it join in without knowing them.

An app declares a port in its `values`; an app above joins it in `apps.ready`; the app that declared it goes through
whoever has joined, in the order of their ranks and, within a rank, of joining.

    CLOSING: Port[Callable[[int], str]] = Port("what keeps a case from being closed")
    CLOSING.join(unsigned_departments)
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

Joined = TypeVar("Joined")


class Port(Generic[Joined]):
    """A place to join. purpose: what those who join are asked, in a few words."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._joined: dict[str, tuple[int, Joined]] = {}

    def join(self, one: Joined, *, rank: int = 100) -> Joined:
        """Take one in and return it; the same one again replaces the former (`apps.ready` may run twice)."""
        name = f"{getattr(one, '__module__', '')}.{getattr(one, '__qualname__', repr(one))}"
        self._joined[name] = rank, one
        return one

    def __iter__(self) -> Iterator[Joined]:
        """Go through those who have joined, by rank."""
        return iter([one for _rank, one in sorted(self._joined.values(), key=lambda pair: pair[0])])

    def __repr__(self) -> str:
        return f"<Port: {self.purpose}>"
