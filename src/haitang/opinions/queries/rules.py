"""The settings in force: a snapshot, since every page asks for them."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from haitang.clustering import Rules
from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.opinions.models import OpinionSetting
from haitang.opinions.values import Permission

SETTINGS = Settings(cache(partial(read_shipped, "opinions", "settings.toml")), OpinionSetting)
RULES: Policy[Mapping[str, Any]] = Policy("opinions.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the settings as of now: those changed in the office over those shipped."""
    return RULES.get()


def clustering_rules() -> Rules:
    """Return the constants by which groups are found."""
    held = rules()
    return Rules(
        least_votes=held["votes_min"], least_people=held["people_min"], cells=held["cells"],
        per_group=held["per_group"], least_group=held["group_min"], level=held["level"], named=held["named"],
    )  # fmt: skip


def list_opinion_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()
