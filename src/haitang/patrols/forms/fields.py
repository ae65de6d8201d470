"""Choices that the forms of patrols and visits share: areas within reach, offices that serve an area."""

from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.access import Actor
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory
from haitang.territory.values import Kind

GRIDS = frozenset({Kind.GRID, Kind.SPECIAL_GRID})
AREAS = GRIDS | {Kind.STREET, Kind.TOWN, Kind.COMMUNITY, Kind.VILLAGE}


def area_choices(viewer: Actor, permission: str, kinds: Container[str], *, first: str = "") -> list[tuple[str, Any]]:
    """Return the valid areas of these kinds over which the viewer holds the permission, by code, under their parents.

    first: what stands above them for none; "" for nothing.
    """
    reach, tree = tuple(viewer.areas(permission)), territory()
    choices: list[tuple[str, Any]] = [("", first)] if first else []
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.kind not in kinds or not area.path.startswith(reach):
            continue
        parent = tree.get(area.parent_id)
        groups.setdefault(tree.full_name(parent.id) if parent else "", []).append((area.code, area.name))
    return [*choices, *groups.items()]


def office_choices(area_ids: Iterable[int], today: date | None = None) -> list[tuple[str, str]]:
    """Return the offices that may see to something in an area: those that serve it, and the city's departments."""
    chain, today = tuple(area_ids), today or clock.local_date(clock.now())
    registry = organizations()
    found = {}
    for kind in OfficeKind:
        for office in registry.all_serving(chain, kind, today):
            found[office.id] = office
    return [("", _("不指定")), *((str(office.id), office.name) for office in found.values())]
