"""Settings of service days in force."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.servicedays.models import ServiceDaySetting
from haitang.servicedays.values import Permission

SETTINGS = Settings(cache(partial(read_shipped, "servicedays", "settings.toml")), ServiceDaySetting)
RULES: Policy[Mapping[str, Any]] = Policy("servicedays.rules", SETTINGS.values)


def serviceday_rules() -> Mapping[str, Any]:
    """Return the settings in force by key."""
    return RULES.get()


def list_serviceday_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()
