"""Changing the rules."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.cases.queries import catalog
from haitang.core import history
from haitang.core.access import Actor
from haitang.opendata import policies
from haitang.opendata.facts import OpenDataRuleChanged
from haitang.opendata.queries import RULES, SETTINGS
from haitang.opendata.values import AREA_KINDS, TEXT_LENGTH_MAX, Dates

BOUNDS = {"months": (1, 120), "rounding_m": (0, 10_000), "cell_min": (2, 1_000)}
ROUNDING_MIN_M = 100
"""A square of less would hold a single house."""


@transaction.atomic
def change_open_data_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule of open data; what is published is made anew by a reaction. Raises NotAllowed, NotFound, Invalid."""
    policies.check_can_manage(actor)
    if change := SETTINGS.change(key, value, lambda given, _like: _fits(key, given)):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=OpenDataRuleChanged(change.row.pk, key, told), at=now)


def _fits(key: str, value: Any) -> bool:
    if key == "enabled":
        return True
    if key == "unpublished":
        return set(value) <= set(catalog().by_code)
    if key == "area_kind":
        return value in AREA_KINDS
    if key == "dates":
        return value in Dates.values
    if key in BOUNDS:
        low, high = BOUNDS[key]
        return bool(low <= value <= high) and (key != "rounding_m" or not 0 < value < ROUNDING_MIN_M)
    if key == "licence_url" and value and not value.startswith("https://"):
        return False
    return len(value) <= TEXT_LENGTH_MAX and value.isprintable() and (key != "licence" or bool(value.strip()))
