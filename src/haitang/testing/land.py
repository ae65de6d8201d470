"""The land of the town: a street of two communities with two grids each, in a row eastwards, and a street beside it."""

from haitang.core.access import Actor
from haitang.territory import actions
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef, Permission
from haitang.testing.actors import NOW, START, actor_with

FOUNDER: Actor = actor_with(Permission.MANAGE, Permission.VIEW, account_id=900_001, name="建设者")
"""Builds the town. Each tier adds what it takes to build its part."""
WEST, SOUTH, STEP = 121.30, 31.50, 0.01


def box(west: float, south: float, east: float, north: float) -> dict:
    """Return a rectangle as GeoJSON, in degrees."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def strip(start: int, stop: int) -> dict:
    """Return the land from the start-th to the stop-th hundredth of a degree eastwards."""
    return box(round(WEST + start * STEP, 7), SOUTH, round(WEST + stop * STEP, 7), round(SOUTH + STEP, 7))


def row(code: str, name: str, kind: str, parent_code: str = "", boundary: dict | None = None) -> dict:
    """Return an area to be created."""
    return {
        "code": code, "name": name, "kind": kind, "parent_code": parent_code, "boundary": boundary,
        "boundary_source": "测试", "valid_from": START,
    }  # fmt: skip


AREAS = {
    "city": row("320585", "海棠市", "city"),
    "street": row("320585001000", "海棠街道", "street", "320585", strip(0, 4)),
    "other_street": row("320585002000", "玉兰街道", "street", "320585", strip(6, 8)),
    "spring": row("320585001001", "春和社区", "community", "320585001000", strip(0, 2)),
    "autumn": row("320585001002", "秋实社区", "community", "320585001000", strip(2, 4)),
    "grid": row("320585001001001", "第一网格", "grid", "320585001001", strip(0, 1)),
    "second_grid": row("320585001001002", "第二网格", "grid", "320585001001", strip(1, 2)),
    "third_grid": row("320585001002001", "第三网格", "grid", "320585001002", strip(2, 3)),
    "fourth_grid": row("320585001002002", "第四网格", "grid", "320585001002", strip(3, 4)),
}
"""By the word under which tests name them. Spring has the first two grids, autumn the others."""


def build_land() -> dict[str, int]:
    """Create the areas; return their ids by the words of `AREAS`."""
    areas = actions.create_areas(actor=FOUNDER, rows=list(AREAS.values()), now=NOW)
    return dict(zip(AREAS, (area.pk for area in areas), strict=True))


def ref(code: str) -> AreaRef | None:
    """Return the valid area that bears the code; None if there is none any more."""
    return territory().by_code(code)
