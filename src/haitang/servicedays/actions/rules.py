"""Changing the rules for service days, and following areas that go on as others."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.servicedays.facts import ServiceDaySettingChanged, ServiceDaysMoved
from haitang.servicedays.models import ServiceDay, ServiceRule
from haitang.servicedays.queries import RULES, SETTINGS
from haitang.servicedays.values import Permission
from haitang.territory.queries import territory

NUMBER_MAX, LINES_MAX = 1000, 10


@transaction.atomic
def change_serviceday_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Set a rule for service days. value: a whole number from 0, or a list of these. Raises NotAllowed, NotFound, Invalid.
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, _fits):
        RULES.touch()
        fact = ServiceDaySettingChanged(change.row.pk, key, json.dumps(value))
        history.record(actor=actor, fact=fact, at=now)


def _fits(value: Any, like: Any) -> bool:
    if isinstance(like, list):
        return len(value) <= LINES_MAX and all(type(each) is int and _fits(each, 0) for each in value)
    return 0 <= value <= NUMBER_MAX


@transaction.atomic
def move_servicedays(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = sum(
        model._default_manager.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
        for model in (ServiceDay, ServiceRule)
    )
    if moved:
        history.record(actor=actor, fact=ServiceDaysMoved(area_id, new_area_id, moved), at=now)
    return moved
