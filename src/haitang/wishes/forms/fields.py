"""Choices that the forms of wishes share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.wishes.queries import rules, streets
from haitang.wishes.values import WORDS_LENGTH_MAX

ALL = ("", gettext_lazy("全部"))
CHOOSE = ("", gettext_lazy("请选择"))


def areas_to_choose(levels: Iterable[int], reach: Iterable[str] = ("/",)) -> list[tuple[str, Any]]:
    """Return the valid areas of these levels within reach by code, under the street that they lie in."""
    tree, wanted, within = territory(), set(levels), tuple(reach)
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.level not in wanted or not area.path.startswith(within):
            continue
        chain = tree.chain(area.id)
        street = next((each.name for each in chain if each.level == Kind.STREET.level), chain[0].name)
        named = area.name if area.level <= Kind.COMMUNITY.level else f"{chain[-2].name} {area.name}"
        groups.setdefault(street, []).append((area.code, named))
    return list(groups.items())


def streets_to_choose() -> list[tuple[str, str]]:
    """Return the valid streets and towns by code: as narrow as anybody may look."""
    return [(area.code, area.name) for area in streets()]


def kinds_to_choose() -> list[tuple[str, str]]:
    """Return the kinds of wishes."""
    return [(each, each) for each in rules()["kinds"]]


def words_field(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=WORDS_LENGTH_MAX, widget=widget, **more)
