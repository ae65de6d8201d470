"""Changing the rules for call-ups, and following areas that go on as others."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.callups.facts import CallUpSettingChanged, CallUpsMoved
from haitang.callups.models import CallUp
from haitang.callups.queries import RULES, SETTINGS
from haitang.callups.values import REASON_LENGTH_MAX, Permission
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.territory.queries import territory

NUMBER_MAX, LINES_MAX = 100_000, 12


@transaction.atomic
def change_callup_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Set a rule for call-ups. value: a whole number from 1, or a list of reasons. Raises NotAllowed, NotFound, Invalid.
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, _fits):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=CallUpSettingChanged(change.row.pk, key, told), at=now)


def _fits(value: Any, like: Any) -> bool:
    if isinstance(like, list):
        return 1 <= len(value) <= LINES_MAX and all(1 <= len(each.strip()) <= REASON_LENGTH_MAX for each in value)
    return 1 <= value <= NUMBER_MAX


@transaction.atomic
def move_callups(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many rows. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = CallUp.objects.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=CallUpsMoved(area_id, new_area_id, moved), at=now)
    return moved
