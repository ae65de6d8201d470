"""Fields and choices that the forms of owners share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.owners.values import WORDS_LENGTH_MAX
from haitang.territory.queries import territory
from haitang.territory.values import Kind

CHOOSE = ("", gettext_lazy("请选择"))
MINUTE = "%Y-%m-%dT%H:%M"


def areas_to_choose(reach: Iterable[str]) -> list[tuple[str, Any]]:
    """Return the communities within reach by code, under the street that they lie in."""
    tree, within = territory(), tuple(reach)
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.level == Kind.COMMUNITY.level and within and area.path.startswith(within):
            chain = tree.chain(area.id)
            street = next((each.name for each in chain if each.level == Kind.STREET.level), chain[0].name)
            groups.setdefault(street, []).append((area.code, area.name))
    return list(groups.items())


def words_field(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, **{"max_length": WORDS_LENGTH_MAX, **more})


def instant_field(label: Any, **more: Any) -> forms.DateTimeField:
    """Return a field for an instant, in local time."""
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(format=MINUTE), **more)
