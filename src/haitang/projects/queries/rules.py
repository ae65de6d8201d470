"""The rules about projects: those changed in the office over those shipped."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.projects.models import ProjectSetting
from haitang.projects.values import Permission

SETTINGS = Settings(cache(partial(read_shipped, "projects", "settings.toml")), ProjectSetting)
RULES: Policy[Mapping[str, Any]] = Policy("projects.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the rules as of now."""
    return RULES.get()


def list_project_rules(*, viewer: Actor) -> list[SettingLine]:
    """Return every rule with its value and where it comes from; raise NotAllowed without MANAGE."""
    access.require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    return SETTINGS.lines()
