"""Changing the rules about projects, and following areas that go on as others."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.projects.facts import ProjectRuleChanged, ProjectsMoved
from haitang.projects.models import Package, Project, Selection
from haitang.projects.queries import RULES, SETTINGS
from haitang.projects.values import NAME_LENGTH_MAX, Permission, read_criteria
from haitang.territory.queries import territory


@transaction.atomic
def change_project_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Change one rule; selections opened before keep their criteria.

    Raises NotAllowed without MANAGE everywhere, NotFound, Invalid (a value that the rule cannot have).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    change = SETTINGS.change(key, value, lambda value, _like: _FITS[key](value))
    if change:
        RULES.touch()
        before, after = (json.dumps(each, ensure_ascii=False) for each in (change.before, value))
        history.record(actor=actor, fact=ProjectRuleChanged(change.row.pk, key, before, after), at=now)


def _kinds(value: list[str]) -> bool:
    return (
        0 < len(value) <= 40
        and len(set(value)) == len(value)
        and all(0 < len(each) <= NAME_LENGTH_MAX for each in value)
    )


_FITS: dict[str, Callable[[Any], bool]] = {
    "kinds": _kinds,
    "evaluation_attempts_per_hour": lambda value: 1 <= value <= 1000,
    "reviewers_min": lambda value: 1 <= value <= 100,
    "criteria": lambda value: bool(read_criteria(value)),
}
"""What each rule may be."""


@transaction.atomic
def move_projects(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = sum(
        model._default_manager.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
        for model in (Project, Package, Selection)
    )
    if moved:
        history.record(actor=actor, fact=ProjectsMoved(area_id, new_area_id, moved), at=now)
    return moved
