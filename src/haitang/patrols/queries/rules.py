"""Checklists and settings in force: snapshots, since every page asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.patrols.models import Checklist, PatrolSetting
from haitang.patrols.values import ChecklistNotFound, Item, Permission


@dataclass(frozen=True, slots=True)
class ChecklistRef:
    """One version of a checklist."""

    id: int
    code: str
    version: int
    name: str
    place_kind: str
    every_months: int
    source: str
    is_active: bool
    items: tuple[Item, ...]

    def item(self, key: str) -> Item | None:
        """Return the item of that key, or None."""
        return next((item for item in self.items if item.key == key), None)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about patrols and visits that is decided per city. by_id: every version there ever was."""

    checklists: tuple[ChecklistRef, ...]
    by_id: Mapping[int, ChecklistRef]
    settings: Mapping[str, Any]

    def checklist(self, code: str) -> ChecklistRef:
        """Return the version in force. Raises ChecklistNotFound."""
        found = next((each for each in self.checklists if each.code == code), None)
        if found is None:
            raise ChecklistNotFound(_("没有这份巡查清单模板"))
        return found

    def setting(self, key: str) -> Any:
        """Return the value in force, the office's own or the shipped one."""
        return self.settings[key]


SETTINGS = Settings(cache(partial(read_shipped, "patrols", "settings.toml")), PatrolSetting)


def _load() -> Rules:
    every = [
        ChecklistRef(
            row.pk, row.code, row.version, row.name, row.place_kind, row.every_months, row.source, row.is_active,
            tuple(Item(**item) for item in row.items),
        )
        for row in Checklist.objects.order_by(F("code"), F("version"))
    ]  # fmt: skip
    newest = {each.code: each for each in every}
    return Rules(tuple(newest.values()), MappingProxyType({each.id: each for each in every}), SETTINGS.values())


RULES = Policy("patrols.rules", _load)


def rules() -> Rules:
    """Return the checklists and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def list_patrol_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.MANAGE)
    return SETTINGS.lines()
