"""The rules of oversight as one snapshot: settings, and the ladders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property, partial
from typing import Any

from haitang.cases.values import Level
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.oversight.models import Rung, Setting
from haitang.oversight.values import Permission
from haitang.territory.values import AreaRef
from haitang.territory.values import Kind as AreaKind

EVERYWHERE = 0
"""Stands for the area of the ladder that holds where no other does."""
_WIDEST = {
    Level.GRID: AreaKind.GRID.level, Level.COMMUNITY: AreaKind.COMMUNITY.level, Level.STREET: AreaKind.STREET.level,
    Level.DISTRICT: AreaKind.DISTRICT.level, Level.CITY: AreaKind.CITY.level,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RungRef:
    """A rung; see models.Rung. area_id: EVERYWHERE for the ladder of everywhere."""

    id: int
    area_id: int
    step: int
    after: timedelta
    level: Level
    permission: str
    serving: str
    post_kind: str
    supervises: bool


@dataclass(frozen=True)
class Rules:
    """Everything that is decided per city about oversight, as of one version."""

    settings: Mapping[str, Any]
    rungs: tuple[RungRef, ...]

    @cached_property
    def ladders(self) -> dict[int, dict[int, RungRef]]:
        """The rungs by the area of their ladder, and by step."""
        found: dict[int, dict[int, RungRef]] = {}
        for rung in self.rungs:
            found.setdefault(rung.area_id, {})[rung.step] = rung
        return found

    def ladder_of(self, area_ids: list[int]) -> dict[int, RungRef]:
        """Return the ladder of the nearest area that has one."""
        for area_id in reversed(area_ids):
            if area_id in self.ladders:
                return self.ladders[area_id]
        return self.ladders.get(EVERYWHERE, {})


def area_at(level: Level, chain: list[AreaRef]) -> AreaRef:
    """Return the narrowest area of the chain, from the root down, that is not narrower than the level."""
    wide = [area for area in chain if AreaKind(area.kind).level < _WIDEST[level] + 10]
    return wide[-1] if wide else chain[0]


SETTINGS = Settings(cache(partial(read_shipped, "oversight", "settings.toml")), Setting)


def _load() -> Rules:
    rungs = tuple(
        RungRef(
            row.pk, row.area_id or EVERYWHERE, row.step, timedelta(hours=row.after_hours), Level(row.level),
            row.permission, row.serving, row.post_kind, row.supervises,
        )
        for row in Rung.objects.order_by("area_id", "step")
    )  # fmt: skip
    return Rules(SETTINGS.values(), rungs)


RULES: Policy[Rules] = Policy("oversight.rules", _load)


def rules() -> Rules:
    """Return the rules as of now. Cheap: a snapshot shared by all requests of the process."""
    return RULES.get()


def list_rungs(*, viewer: Actor) -> list[Rung]:
    """Return all rungs, by area and step; raise NotAllowed without MANAGE_RULES."""
    access.require(viewer, Permission.MANAGE_RULES)
    return list(Rung.objects.select_related("area").defer("area__boundary").order_by("area_id", "step"))


def list_oversight_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return the settings of oversight; raise NotAllowed without MANAGE_RULES."""
    access.require(viewer, Permission.MANAGE_RULES)
    return SETTINGS.lines()
