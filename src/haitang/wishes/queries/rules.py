"""The settings in force: a snapshot, since every page asks for them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.wishes.models import WishSetting
from haitang.wishes.values import Permission, bands
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Limit, deadline

SETTINGS = Settings(cache(partial(read_shipped, "wishes", "settings.toml")), WishSetting)
RULES: Policy[Mapping[str, Any]] = Policy("wishes.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the settings as of now: those changed in the office over those shipped."""
    return RULES.get()


def list_wish_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()


def after(setting: str, start: datetime) -> datetime:
    """Return when the limit of that setting, begun at an instant, is over; on the default calendar."""
    found = deadline(start, Limit.parse(rules()[setting]), get_calendar(None))
    assert found is not None  # only an open pause holds a deadline back
    return found


def cost_bands() -> dict[str, str]:
    """Return the ranges of cost to choose from, by code, in words."""
    return bands(rules()["cost_bands"])
