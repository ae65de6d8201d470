"""A small town for these tests: one street, two communities, two grids, and who may change what."""

from datetime import UTC, date, datetime

from haitang.core.access import EVERYWHERE, Actor, Grant
from haitang.organizations import actions
from haitang.organizations.values import Kind, NewOrganization, Permission
from haitang.territory import actions as territory_actions
from haitang.territory.queries import territory
from haitang.territory.values import Permission as TerritoryPermission

NOW = datetime(2026, 5, 1, 2, tzinfo=UTC)
TODAY = date(2026, 5, 1)
START = date(2026, 1, 1)

ADMIN = Actor(
    "系统管理员", id=1,
    grants=frozenset({Grant(Permission.MANAGE, EVERYWHERE), Grant(TerritoryPermission.MANAGE, EVERYWHERE)}),
)  # fmt: skip
ANYBODY = Actor("张三", id=2)


def manager(*area_ids: int, organization_ids: tuple[int, ...] = ()) -> Actor:
    """Return somebody who may manage what serves these areas, and these organizations."""
    tree = territory()
    over = {Grant(Permission.MANAGE, area_path=tree.area(area_id).path) for area_id in area_ids}
    over |= {Grant(Permission.MANAGE, organization_id=organization_id) for organization_id in organization_ids}
    return Actor("街道管理员", id=3, grants=frozenset(over))


def build_areas() -> dict[str, int]:
    """Create city, street, two communities and two grids; return their ids by a short word."""
    rows = [
        {"code": "320500000000", "name": "海棠市", "kind": "city"},
        {"code": "320585001000", "name": "海棠街道", "kind": "street", "parent_code": "320500000000"},
        {"code": "320585001001", "name": "太平社区", "kind": "community", "parent_code": "320585001000"},
        {"code": "320585001002", "name": "安乐社区", "kind": "community", "parent_code": "320585001000"},
        {"code": "320585001001001", "name": "太平第一网格", "kind": "grid", "parent_code": "320585001001"},
        {"code": "320585001002001", "name": "安乐第一网格", "kind": "grid", "parent_code": "320585001002"},
    ]
    areas = territory_actions.create_areas(actor=ADMIN, rows=[{**row, "valid_from": START} for row in rows], now=NOW)
    words = ("city", "street", "taiping", "anle", "taiping_grid", "anle_grid")
    return dict(zip(words, (area.pk for area in areas), strict=True))


def new(code: str, kind: str = Kind.OTHER, **more: object) -> NewOrganization:
    """Return an organization to be entered, named after its code."""
    return NewOrganization(**{"code": code, "name": f"{code}单位", "kind": kind, "valid_from": START, **more})


def enter(code: str, kind: str = Kind.OTHER, **more: object) -> int:
    """Enter one organization as the administrator and return its id."""
    return actions.create_organization(actor=ADMIN, new=new(code, kind, **more), now=NOW).pk
