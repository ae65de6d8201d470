"""Rules for wishes, changed in the office."""

import json
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.wishes.facts import WishSettingChanged
from haitang.wishes.queries import RULES, SETTINGS
from haitang.wishes.values import NAME_LENGTH_MAX, Permission
from haitang.worktime.values import Limit

_NUMBER_MAX, _LINES_MAX, _YUAN_MAX = 3660, 30, 100_000


@transaction.atomic
def change_wish_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for wishes. value: of the shape of the shipped one. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, _fits):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=WishSettingChanged(change.row.pk, key, told), at=now)


def _fits(value: Any, like: Any) -> bool:
    if isinstance(like, str):
        return bool(Limit.parse(value))
    if isinstance(like, int):
        return 1 <= value <= _NUMBER_MAX
    if not 1 <= len(value) <= _LINES_MAX or len(set(value)) != len(value):
        return False
    if isinstance(like[0], int):
        return all(type(each) is int and 1 <= each <= _YUAN_MAX for each in value) and all(
            one < other for one, other in pairwise(value)
        )
    return all(isinstance(each, str) and 1 <= len(each) <= NAME_LENGTH_MAX and "\x00" not in each for each in value)
