"""Duties, criteria and settings in force: a snapshot, since every page asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from haitang.alliances.models import AllianceSetting, CatalogueLine
from haitang.alliances.values import JUDGED_BY, Kind, Permission, bands_of, day_of, shipped_settings
from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings


@dataclass(frozen=True, slots=True)
class LineRef:
    """One line of the catalogue."""

    id: int
    kind: str
    code: str
    name: str
    group: str
    owed: str
    times: int
    points: int
    words: str
    source: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything about joint work that is decided per city."""

    lines: tuple[LineRef, ...]
    settings: Mapping[str, Any]

    def of(self, kind: str) -> tuple[LineRef, ...]:
        """Return the lines of a kind that are in use, in the order of the catalogue."""
        return tuple(line for line in self.lines if line.kind == kind and line.is_active)

    def duty(self, code: str) -> LineRef | None:
        """Return the duty of that code, in use or not; None where there is none."""
        return next((line for line in self.lines if line.kind == Kind.DUTY and line.code == code), None)

    def criteria_of(self, side: str) -> tuple[LineRef, ...]:
        """Return by what that side judges the other."""
        return self.of(JUDGED_BY[side])

    def setting(self, key: str) -> Any:
        """Return the value in force, the office's own or the shipped one."""
        return self.settings[key]

    def window(self, year: int) -> tuple[date, date]:
        """Return the first and the last day on which the year is judged; the last lies in the next year if it must."""
        first = day_of(year, self.setting("evaluation_from"))
        last = day_of(year, self.setting("evaluation_until"))
        return first, last if last >= first else day_of(year + 1, self.setting("evaluation_until"))

    def band(self, percent: int) -> str:
        """Return what such a result is called."""
        return next(name for name, floor in bands_of(self.setting("bands")) if percent >= floor)


SETTINGS = Settings(shipped_settings, AllianceSetting)


def _load() -> Rules:
    rows = CatalogueLine.objects.order_by("order", "id").values_list(
        "id", "kind", "code", "name", "group", "owed", "times", "points", "words", "source", "is_active"
    )
    return Rules(tuple(LineRef(*row) for row in rows), SETTINGS.values())


RULES = Policy("alliances.rules", _load)


def rules() -> Rules:
    """Return duties, criteria and settings in force; costs look-ups unless an action has touched them since."""
    return RULES.get()


def list_alliance_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.MANAGE)
    return SETTINGS.lines()
