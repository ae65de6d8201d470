"""The desks of the town: who serves which area, and how a test enters more organizations and posts."""

from itertools import count
from typing import Any

from haitang.core.access import Actor, Grant
from haitang.organizations import actions
from haitang.organizations.values import AreaRelation, Kind, NewOrganization, Permission, PostKind
from haitang.territory.queries import territory
from haitang.testing import land
from haitang.testing.actors import NOW, START, also

FOUNDER = also(land.FOUNDER, Permission.MANAGE)
DESKS = [
    ("ZJJ", "住房和城乡建设局", Kind.GOVERNMENT_DEPARTMENT, "city"),
    ("CGJ", "城市管理局", Kind.GOVERNMENT_DEPARTMENT, "city"),
    ("HTJD", "海棠街道办事处", Kind.STREET_OFFICE, "street"),
    ("CHSQ", "春和社区居委会", Kind.COMMUNITY, "spring"),
]
"""Code, name, kind, and the word of the area that the desk serves."""

_numbers = count(1)


def build_desks(areas: dict[str, int]) -> dict[str, int]:
    """Enter the desks of the town built on these areas (`land.build_land`); return their ids by code."""
    return {
        code: enter(code, kind, name=name, areas=((AreaRelation.SERVES, areas[word]),))
        for code, name, kind, word in DESKS
    }


def manager(*area_ids: int, organization_ids: tuple[int, ...] = ()) -> Actor:
    """Return somebody who may manage what serves these areas, and these organizations."""
    tree = territory()
    over = {Grant(Permission.MANAGE, area_path=tree.area(area_id).path) for area_id in area_ids}
    over |= {Grant(Permission.MANAGE, organization_id=organization_id) for organization_id in organization_ids}
    return Actor("街道管理员", id=3, grants=frozenset(over))


def new(code: str, kind: str = Kind.OTHER, **more: Any) -> NewOrganization:
    """Return an organization to be entered, named after its code."""
    return NewOrganization(**{"code": code, "name": f"{code}单位", "kind": kind, "valid_from": START, **more})


def enter(code: str = "", kind: str = Kind.OTHER, **more: Any) -> int:
    """Enter one organization, under a code of its own if none is given, and return its id."""
    return actions.create_organization(actor=FOUNDER, new=new(code or f"o{next(_numbers)}", kind, **more), now=NOW).pk


def build_post(organization_id: int, kind: str = PostKind.HANDLER, area_id: int | None = None) -> int:
    """Create a post in the organization and return its id."""
    return actions.create_post(
        actor=FOUNDER, organization_id=organization_id, title="岗位", kind=kind, area_id=area_id, from_date=START,
        now=NOW,
    ).pk  # fmt: skip
