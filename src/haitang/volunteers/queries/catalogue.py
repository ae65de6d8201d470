"""Catalogues and settings in force: a snapshot, since every page and every file asks for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import F

from haitang.core.policy import Policy
from haitang.volunteers.models import CatalogueItem, VolunteerSetting
from haitang.volunteers.values import shipped_settings


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a catalogue."""

    id: int
    kind: str
    code: str
    name: str
    group: str
    source: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about the register that is decided per city."""

    items: tuple[Item, ...]
    by_code: Mapping[tuple[str, str], Item]
    settings: Mapping[str, Any]

    def of(self, kind: str) -> tuple[Item, ...]:
        """Return the lines of a catalogue that are offered, in its order."""
        return tuple(item for item in self.items if item.kind == kind and item.is_active)

    def setting(self, key: str) -> Any:
        """Return the value in force, the office's own or the shipped one."""
        return self.settings[key]


def _load() -> Rules:
    items = tuple(
        Item(*row)
        for row in CatalogueItem.objects.order_by(F("kind"), F("id")).values_list(
            "id", "kind", "code", "name", "group", "source", "is_active"
        )
    )
    settings = {key: each["value"] for key, each in shipped_settings().items()}
    settings |= dict(VolunteerSetting.objects.values_list("key", "value"))
    return Rules(items, MappingProxyType({(item.kind, item.code): item for item in items}), settings)


RULES = Policy("volunteers.rules", _load)


def rules() -> Rules:
    """Return the catalogues and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def names_of(kind: str, codes: Iterable[str]) -> list[str]:
    """Return what these codes of a catalogue are called; a code that is not there any more stands for itself."""
    known = rules().by_code
    return [known[kind, code].name if (kind, code) in known else code for code in codes]
