"""Rules for conversations, changed in the office; and areas that go on as others."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.opinions.facts import ConversationsMoved, OpinionSettingChanged
from haitang.opinions.models import Conversation
from haitang.opinions.queries import RULES, SETTINGS
from haitang.opinions.values import Permission, Who
from haitang.territory.queries import territory

_NUMBER_MAX, _LEVEL_MAX = 1000, 5.0
_LEAST = {"people_min": 10, "group_min": 2, "cell_min": 3, "cells": 2}
"""Below these an office would publish who thinks what, of past conversations too."""


@transaction.atomic
def change_opinion_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for conversations. value: of the shape of the shipped one. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, lambda value, like: _fits(key, value, like)):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=OpinionSettingChanged(change.row.pk, key, told), at=now)


def _fits(key: str, value: Any, like: Any) -> bool:
    if isinstance(like, str):
        return value in Who.values
    if isinstance(like, float):
        return 0 < value <= _LEVEL_MAX
    return _LEAST.get(key, 1) <= value <= _NUMBER_MAX


@transaction.atomic
def move_conversations(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie to an area's new version what lay in the old one, and return how many. Run again, it moves nothing."""
    ids = list(territory().area(new_area_id).ids)
    moved = Conversation.objects.filter(area_id=area_id).update(area_id=new_area_id, area_ids=ids)
    if moved:
        history.record(actor=actor, fact=ConversationsMoved(area_id, new_area_id, moved), at=now)
    return moved
