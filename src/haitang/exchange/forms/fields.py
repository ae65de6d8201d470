"""Choices that the forms of the three lists share: areas, categories, rounds, units."""

from collections.abc import Container
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.ui.forms import draw_options
from haitang.exchange.queries import rules
from haitang.exchange.values import Permission
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.territory.values import Kind

GRIDS = frozenset({Kind.GRID, Kind.SPECIAL_GRID})
COMMUNITIES = frozenset({Kind.COMMUNITY, Kind.VILLAGE})
WIDE = COMMUNITIES | {Kind.CITY, Kind.STREET, Kind.TOWN}
Choices = list[tuple[str, Any]]


def area_choices(kinds: Container[str], reach: tuple[str, ...] | None = None, *, first: str = "") -> Choices:
    """Return the valid areas of these kinds by code, under their parents.

    reach: paths within which they lie, None for everywhere. first: what stands above them for none; "" for nothing.
    """
    tree = territory()
    choices: Choices = [("", first)] if first else []
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.kind not in kinds or (reach is not None and not area.path.startswith(reach)):
            continue
        parent = tree.get(area.parent_id)
        groups.setdefault(tree.full_name(parent.id) if parent else _("全市"), []).append((area.code, area.name))
    return [*choices, *groups.items()]


def reach_of(viewer: Actor, permission: str) -> tuple[str, ...]:
    """Return the paths over which the viewer holds the permission."""
    return tuple(viewer.areas(permission))


def category_choices(*, first: str = "") -> Choices:
    """Return the categories in use, by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in rules().categories:
        if each.is_active:
            groups.setdefault(each.group, []).append((each.code, each.name))
    return [*([("", first)] if first else []), *groups.items()]


def round_choices(*, first: str, only_open: bool = False) -> Choices:
    """Return the rounds of collecting, the latest first; those alone that still collect, where it is about entering."""
    today = clock.local_date(clock.now())
    found = [each for each in rules().rounds if not only_open or each.is_open(today)]
    return [("", first), *((each.code, each.name) for each in found)]


def own_units(viewer: Actor) -> Choices:
    """Return the units for which the viewer speaks."""
    registry = organizations()
    found = [registry.by_id(each) for each in sorted(viewer.organizations(Permission.OFFER))]
    return [(str(each.id), each.name) for each in found if each is not None]


def unit_names() -> SafeString:
    """Return the names of all organizations, as suggestions."""
    return _drawn(tuple(each.name for each in organizations() if each.valid_to is None))


@lru_cache(maxsize=2)
def _drawn(names: tuple[str, ...]) -> SafeString:
    return draw_options((name, "") for name in names)


def unit_named(name: str) -> int:
    """Return the id of the one organization of that name or code. Raises ValidationError."""
    found = organizations().named(name.strip(), clock.local_date(clock.now()))
    if len(found) != 1:
        raise forms.ValidationError(_("没有这个单位，请从提示中选择"))
    return found[0].id


def small(rows: int = 3) -> forms.Textarea:
    """Return a text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows})
