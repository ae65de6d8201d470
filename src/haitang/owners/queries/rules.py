"""The settings in force: a snapshot, since every page asks for them."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.owners.models import OwnersSetting
from haitang.owners.values import Permission

SETTINGS = Settings(cache(partial(read_shipped, "owners", "settings.toml")), OwnersSetting)
RULES: Policy[Mapping[str, Any]] = Policy("owners.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the settings as of now: those changed in the office over those shipped."""
    return RULES.get()


def list_owners_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()
