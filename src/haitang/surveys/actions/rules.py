"""Rules for surveys, changed in the office."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.surveys.facts import SurveySettingChanged
from haitang.surveys.queries import RULES, SETTINGS
from haitang.surveys.values import Permission

_NUMBER_MAX, _OPTIONS_MAX, _OPTION_LENGTH_MAX = 3660, 20, 40


@transaction.atomic
def change_survey_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for surveys opened from now on. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    fits = _percent if key.endswith("_pct") else _fits
    if change := SETTINGS.change(key, value, fits):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=SurveySettingChanged(change.row.pk, key, told), at=now)


def _percent(value: Any, _like: Any) -> bool:
    return 1 <= value <= 99


def _fits(value: Any, like: Any) -> bool:
    if isinstance(like, int):
        return 1 <= value <= _NUMBER_MAX
    return 2 <= len(value) <= _OPTIONS_MAX and all(
        0 < len(option) <= _OPTION_LENGTH_MAX and type(weight) is int and 0 <= weight <= 100
        for option, weight in value.items()
    )
