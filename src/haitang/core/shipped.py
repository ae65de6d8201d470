"""Rules that a release ships as data files and an office may change: what it has not changed follows the release.

An app has a file in its `data` with a table for each setting (`value`, `source`), rows for those changed in the office
(`key`, `value`), and one `Settings` over both. What changes them is an action of the app, which asks and records.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from haitang.core.errors import Invalid, NotFound

Shipped = Mapping[str, Mapping[str, Any]]


def read_shipped(app: str, name: str) -> dict[str, Any]:
    """Return the content of one of the data files that an app ships: "settings.toml"."""
    return tomllib.loads(files(f"haitang.{app}").joinpath("data", name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting as its page shows it. is_own: whether the office has set it."""

    key: str
    value: Any
    source: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting was given another value. row: its row, with the new one."""

    row: Any
    before: Any


class Settings:
    """The settings of one app: those shipped, and over them those of the office.

    shipped: returns by key the value and its source; called with no arguments. rows: the model of those changed.
    """

    def __init__(self, shipped: Callable[[], Shipped], rows: type[Model]) -> None:
        self._shipped = shipped
        self._rows: Any = rows

    def values(self) -> dict[str, Any]:
        """Return the values in force by key: one query, so keep them in a Policy."""
        return {key: each["value"] for key, each in self._shipped().items()} | self._own()

    def lines(self) -> list[SettingLine]:
        """Return every setting, in the order in which they are shipped."""
        own = self._own()
        return [
            SettingLine(key, own.get(key, each["value"]), each.get("source", ""), key in own)
            for key, each in self._shipped().items()
        ]

    def change(self, key: str, value: Any, fits: Callable[[Any, Any], bool] | None = None) -> SettingChange | None:
        """Write the office's own value, of the type of the shipped one; None where nothing changes. For actions.

        A value equal to the shipped one is kept as the office's own all the same: it follows no release.
        fits: whether the value, beside the shipped one, is one that the setting can have; what it stumbles over fits
        not. Raises NotFound (no such setting), Invalid.
        """
        shipped = self._shipped().get(key)
        if shipped is None:
            raise NotFound(_("没有这项设置"))
        like = shipped["value"]
        try:
            is_sound = type(value) is type(like) and (fits is None or fits(value, like))
        except (ValueError, TypeError, KeyError):
            is_sound = False
        if not is_sound:
            raise Invalid(_("设置值的格式不正确"), {key: _("格式不正确")})
        row, made = self._rows.objects.select_for_update().get_or_create(key=key, defaults={"value": value})
        before = like if made else row.value
        if before == value:
            return None
        row.value = value
        row.save(update_fields=["value"])
        return SettingChange(row, before)

    def _own(self) -> dict[str, Any]:
        return dict(self._rows.objects.values_list("key", "value"))
