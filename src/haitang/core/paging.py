"""Long lists by keyset: a page knows how to reach its neighbours, never by counting rows from the start."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from haitang.core.errors import Invalid

T = TypeVar("T")
CURSOR_MAX = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One screenful of a list.

    total: how many rows the whole list has; None where it is not counted.
    total_is_more: counting stopped at the total, and there are more.
    previous, next: cursors for the query parameter `cursor`, "" where the list ends.
    """

    rows: Sequence[T]
    total: int | None = None
    total_is_more: bool = False
    previous: str = ""
    next: str = ""


def encode(*values: str | int) -> str:
    """Return a cursor that stands for the sort key of a row (and, if wished, a direction), safe in a URL."""
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, *types: type) -> tuple:
    """Return the values behind a cursor, each of the given type.

    Raises Invalid for anything that `encode` cannot have made: cursors come from the address bar.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor[:CURSOR_MAX] + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Invalid("翻页参数无效，请从第一页重新查看") from error
    if not isinstance(values, list) or [type(value) for value in values] != list(types):
        raise Invalid("翻页参数无效，请从第一页重新查看")
    if any(isinstance(value, str) and "\x00" in value for value in values):
        raise Invalid("翻页参数无效，请从第一页重新查看")
    if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in values):
        raise Invalid("翻页参数无效，请从第一页重新查看")
    return tuple(values)
