"""The rules about projects: those changed in the office over those shipped."""

from collections.abc import Mapping
from typing import Any

from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.policy import Policy
from haitang.projects.models import ProjectSetting
from haitang.projects.values import Permission, shipped_settings


def _load() -> Mapping[str, Any]:
    shipped = {key: setting["value"] for key, setting in shipped_settings().items()}
    return shipped | dict(ProjectSetting.objects.values_list("key", "value"))


RULES: Policy[Mapping[str, Any]] = Policy("projects.rules", _load)


def rules() -> Mapping[str, Any]:
    """Return the rules as of now."""
    return RULES.get()


def list_project_rules(*, viewer: Actor) -> list[tuple[str, Any, str]]:
    """Return every rule with its value and where it comes from; raise NotAllowed without MANAGE."""
    access.require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    held = rules()
    return [(key, held[key], setting["source"]) for key, setting in shipped_settings().items()]
