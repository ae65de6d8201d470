"""Fields that the forms of joint work share: areas within reach, organizations by name, years."""

from collections.abc import Container, Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.ui.forms import SuggestInput, draw_options
from haitang.organizations.queries import Registry, organizations
from haitang.territory.queries import territory
from haitang.territory.values import Kind

COMMUNITIES = frozenset({Kind.COMMUNITY, Kind.VILLAGE})
PLACES = COMMUNITIES | {Kind.CITY, Kind.DISTRICT, Kind.STREET, Kind.TOWN}
HOSTS = COMMUNITIES | {Kind.STREET, Kind.TOWN}
YEARS_SHOWN = 5


def area_choices(paths: Iterable[str], kinds: Container[str] = PLACES, *, first: str = "") -> list[tuple[str, Any]]:
    """Return the valid areas of these kinds below these paths by code, under their parents; all of them of no path.

    first: what stands above them for none; "" for nothing.
    """
    tree, reach = territory(), tuple(paths)
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.kind in kinds and (not reach or area.path.startswith(reach)):
            parent = tree.get(area.parent_id)
            groups.setdefault(tree.full_name(parent.id) if parent else area.name, []).append((area.code, area.name))
    return [*([("", first)] if first else []), *groups.items()]


class AreaField(forms.ChoiceField):
    """An area by its code; cleaned to its id, None for none. `offer` sets which."""

    def offer(self, viewer: Actor, permission: str, kinds: Container[str] = PLACES, *, first: str = "") -> None:
        """Offer the areas over which the viewer holds the permission."""
        self.choices = area_choices(viewer.areas(permission), kinds, first=first)

    def clean(self, value: Any) -> int | None:
        """Return the area's id."""
        area = territory().by_code(super().clean(value))
        return area.id if area else None


@lru_cache(maxsize=4)
def _draw(registry: Registry, day: Any, kinds: tuple[str, ...]) -> SafeString:
    return draw_options(
        (each.name, each.code) for each in registry if each.exists(day) and (not kinds or each.kind in kinds)
    )


class OfficeField(forms.CharField):
    """An organization by its name or its code; cleaned to its id, None for none. kinds: only these; () for all."""

    def __init__(self, *, kinds: tuple[str, ...] = (), **more: Any) -> None:
        self._kinds = kinds
        super().__init__(max_length=100, widget=SuggestInput(self._suggest), **more)

    def _suggest(self) -> SafeString:
        return _draw(organizations(), clock.local_date(clock.now()), self._kinds)

    def clean(self, value: Any) -> int | None:
        """Return the organization's id."""
        text = super().clean(value)
        if not text:
            return None
        today, registry = clock.local_date(clock.now()), organizations()
        there = [each for each in registry if each.exists(today) and (not self._kinds or each.kind in self._kinds)]
        found = [each.id for each in there if text in (each.name, each.code)]
        found = found or [each.id for each in there if each.short_name == text]
        if len(found) != 1:
            fault = _("“%(name)s”不止一个，请填单位代码") if found else _("没有名为“%(name)s”的单位，请从提示中选择")
            raise ValidationError(fault % {"name": text})
        return found[0]


def year_choices(latest: int = 0) -> list[tuple[int, str]]:
    """Return the years that are offered, the latest first. latest: how many to come."""
    this = clock.local_date(clock.now()).year
    return [(year, str(year)) for year in range(this + latest, this - YEARS_SHOWN, -1)]


def small(rows: int = 3) -> forms.Textarea:
    """Return a text area of a few lines."""
    return forms.Textarea(attrs={"rows": rows})


def offer(form: forms.Form, name: str, choices: Any) -> None:
    """Give a field its choices."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field
