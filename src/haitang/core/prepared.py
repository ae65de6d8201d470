"""Statements that every deed runs: each connection has them planned once.

To parse and plan a short statement takes the server longer than to carry it out: about 0.3 ms of 0.35 for the one that
knows a token. A statement that is kept here is sent whole the first time, under a name (PREPARE), and afterwards as
that name with its values (EXECUTE). Not for statements whose best plan depends on the values: after a few runs the
server keeps one plan for all of them.

The names belong to a session of the server. A pooler in front of it must keep sessions whole (`session` pooling).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

_PLACE = re.compile(r"%(?:\((\w+)\))?s|%%")


class Prepared:
    """A statement with %(name)s or %s for its values, as trusted text; label: how logs and plans name it.

    A value's type is taken from where it stands; one that stands in places of several types needs a cast in each.
    """

    def __init__(self, label: str, statement: str) -> None:
        self.name = f"{label}_{hashlib.sha256(statement.encode()).hexdigest()[:8]}"
        found = [place for place in _PLACE.finditer(statement) if place[0] != "%%"]
        keys = [place[1] or f"#{number}" for number, place in enumerate(found)]
        numbers = {key: number for number, key in enumerate(dict.fromkeys(keys), 1)}
        slots = iter(keys)
        self.takes = frozenset(key for key in numbers if not key.startswith("#"))
        self._planned = _PLACE.sub(lambda place: "%" if place[0] == "%%" else f"${numbers[next(slots)]}", statement)
        given = ", ".join("%s" if key.startswith("#") else f"%({key})s" for key in numbers)
        self._call = f"EXECUTE {self.name}" + (f" ({given})" if given else "")

    def execute(self, cursor: CursorWrapper, values: Mapping[str, Any] | Sequence[Any] | None = None) -> None:
        """Run the statement with these values; the cursor then holds its rows."""
        connection.prepare(self.name, self._planned)  # type: ignore[attr-defined]  # of our own engine
        cursor.execute(self._call, values)
