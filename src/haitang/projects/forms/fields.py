"""Fields that the forms of projects share: areas within reach, units by name, money in yuan."""

from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.money import format_yuan, parse_yuan
from haitang.core.ui.forms import SuggestInput, draw_options
from haitang.organizations.queries import Registry, organizations
from haitang.territory.queries import territory
from haitang.territory.values import Kind

PLACES = frozenset({Kind.CITY, Kind.DISTRICT, Kind.STREET, Kind.TOWN, Kind.COMMUNITY, Kind.VILLAGE})


def area_choices(reach: tuple[str, ...], *, first: str = "") -> list[tuple[str, Any]]:
    """Return the valid areas down to communities below these paths, under their parents; all of them of no path.

    first: what stands above them for none; "" for nothing.
    """
    tree = territory()
    choices: list[tuple[str, Any]] = [("", first)] if first else []
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.kind in PLACES and (not reach or area.path.startswith(reach)):
            parent = tree.get(area.parent_id)
            groups.setdefault(tree.full_name(parent.id) if parent else area.name, []).append((area.code, area.name))
    return [*choices, *groups.items()]


class AreaField(forms.ChoiceField):
    """An area by its code; cleaned to its id, None for none. `offer` sets which."""

    def offer(self, viewer: Actor, permission: str, *, first: str = "") -> None:
        """Offer the areas over which the viewer holds the permission; all to those who hold it over a unit."""
        self.choices = area_choices(tuple(viewer.areas(permission)), first=first)

    def clean(self, value: Any) -> int | None:
        """Return the area's id."""
        area = territory().by_code(super().clean(value))
        return area.id if area else None


@lru_cache(maxsize=4)
def _draw(registry: Registry, day: Any) -> SafeString:
    return draw_options((each.name, each.code) for each in registry if each.exists(day))


def _suggest() -> SafeString:
    return _draw(organizations(), clock.local_date(clock.now()))


def office_name(organization_id: int | None) -> str:
    """Return the unit's full name, "" for none."""
    office = organizations().by_id(organization_id)
    return office.name if office else ""


def find_office(text: str) -> int:
    """Return the id of the one unit of that name, short name or code that exists; raise ValidationError otherwise."""
    found = organizations().named(text, clock.local_date(clock.now()))
    if len(found) != 1:
        fault = _("“%(name)s”不止一个，请填单位代码") if found else _("没有名为“%(name)s”的单位，请从提示中选择")
        raise ValidationError(fault % {"name": text})
    return found[0].id


class OfficeField(forms.CharField):
    """A unit by its name or its code; cleaned to its id, None for none."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, widget=SuggestInput(_suggest), **more)

    def clean(self, value: Any) -> int | None:
        """Return the unit's id."""
        text = super().clean(value)
        return find_office(text) if text else None


class YuanField(forms.CharField):
    """An amount typed in yuan; cleaned to whole fen, None for none."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the field: fen as yuan, what was typed as it was."""
        return format_yuan(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return the fen."""
        text = super().clean(value)
        try:
            return parse_yuan(text) if text else None
        except Invalid as refusal:
            raise ValidationError(refusal.message) from refusal


def small(rows: int = 3) -> forms.Textarea:
    """Return a text area of a few lines."""
    return forms.Textarea(attrs={"rows": rows})
