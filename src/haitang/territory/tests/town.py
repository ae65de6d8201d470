"""A small town for tests: a street of 4 × 0.01 degrees, two communities side by side, two grids in each."""

from datetime import UTC, date, datetime

from haitang.core.access import Actor, Grant
from haitang.territory import actions, queries
from haitang.territory.values import Permission

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
SINCE = date(2020, 1, 1)
MANAGER = Actor(
    "陈主任", id=1, organization_id=1, organization_name="海棠区民政局",
    grants=frozenset({Grant(Permission.MANAGE, "/"), Grant(Permission.VIEW, "/")}),
)  # fmt: skip
NOBODY = Actor("李明", id=2)
WEST, SOUTH, STEP = 121.30, 31.50, 0.01


def box(west: float, south: float, east: float, north: float) -> dict:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def strip(start: int, stop: int) -> dict:
    """From the start-th to the stop-th hundredth of a degree eastwards."""
    return box(round(WEST + start * STEP, 7), SOUTH, round(WEST + stop * STEP, 7), round(SOUTH + STEP, 7))


def row(code: str, name: str, kind: str, parent_code: str = "", boundary: dict | None = None) -> dict:
    return {
        "code": code, "name": name, "kind": kind, "parent_code": parent_code, "boundary": boundary,
        "boundary_source": "测试", "valid_from": SINCE,
    }  # fmt: skip


ROWS = [
    row("320585", "海棠市", "city"),
    row("320585001000", "海棠街道", "street", "320585", strip(0, 4)),
    row("320585001001", "春和社区", "community", "320585001000", strip(0, 2)),
    row("320585001002", "秋实社区", "community", "320585001000", strip(2, 4)),
    row("320585001001001", "第一网格", "grid", "320585001001", strip(0, 1)),
    row("320585001001002", "第二网格", "grid", "320585001001", strip(1, 2)),
    row("320585001002001", "第三网格", "grid", "320585001002", strip(2, 3)),
    row("320585001002002", "第四网格", "grid", "320585001002", strip(3, 4)),
]


def town() -> dict[str, int]:
    """Create it; return the ids by code."""
    return {area.code: area.pk for area in actions.create_areas(actor=MANAGER, rows=ROWS, now=NOW)}


def ref(code: str):
    return queries.territory().by_code(code)
