"""Settings of call-ups in force."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from haitang.callups.models import CallUpSetting
from haitang.callups.values import Permission
from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped

SETTINGS = Settings(cache(partial(read_shipped, "callups", "settings.toml")), CallUpSetting)
RULES: Policy[Mapping[str, Any]] = Policy("callups.rules", SETTINGS.values)


def callup_rules() -> Mapping[str, Any]:
    """Return the settings in force by key."""
    return RULES.get()


def list_callup_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()
