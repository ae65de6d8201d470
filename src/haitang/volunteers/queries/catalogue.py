"""Catalogues and settings in force: a snapshot, since every page and every file asks for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import F

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings
from haitang.volunteers.models import CatalogueItem, VolunteerSetting
from haitang.volunteers.values import Permission, shipped_settings


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


SETTINGS = Settings(shipped_settings, VolunteerSetting)


def _load() -> Rules:
    items = tuple(
        Item(*row)
        for row in CatalogueItem.objects.order_by(F("kind"), F("id")).values_list(
            "id", "kind", "code", "name", "group", "source", "is_active"
        )
    )
    return Rules(items, MappingProxyType({(item.kind, item.code): item for item in items}), SETTINGS.values())


RULES = Policy("volunteers.rules", _load)


def rules() -> Rules:
    """Return the catalogues and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def names_of(kind: str, codes: Iterable[str]) -> list[str]:
    """Return what these codes of a catalogue are called; a code that is not there any more stands for itself."""
    known = rules().by_code
    return [known[kind, code].name if (kind, code) in known else code for code in codes]


def list_catalogue(*, viewer: Actor, kind: str) -> list[Item]:
    """Return every line of a catalogue, also those offered no more. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return [item for item in rules().items if item.kind == kind]


def list_volunteer_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()
