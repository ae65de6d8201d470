"""Rules for owners' decisions, changed in the office. What the law says is no rule of the office."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.owners.facts import OwnersSettingChanged
from haitang.owners.queries import RULES, SETTINGS
from haitang.owners.values import Permission, UnitKind

_DAYS_MAX = 365


@transaction.atomic
def change_owners_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for owners' decisions. value: as the shipped one is shaped. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, lambda given, like: _fits(key, given, like)):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=OwnersSettingChanged(change.row.pk, key, told), at=now)


def _fits(key: str, value: Any, like: Any) -> bool:
    """Tell whether a setting can have that value; the notice is never shorter than the one shipped."""
    if isinstance(value, bool):
        return True
    if isinstance(value, list):
        return len(set(value)) == len(value) and all(each in UnitKind.values for each in value)
    return (like if key == "notice_days" else 1) <= value <= _DAYS_MAX
