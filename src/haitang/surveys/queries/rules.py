"""The settings in force."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.surveys.models import SurveySetting
from haitang.surveys.values import Permission

SETTINGS = Settings(cache(partial(read_shipped, "surveys", "settings.toml")), SurveySetting)
RULES: Policy[Mapping[str, Any]] = Policy("surveys.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the settings as of now: those changed in the office over those shipped."""
    return RULES.get()


def list_survey_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()
