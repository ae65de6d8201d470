"""Changing the rules for call-backs."""

import json
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db import transaction

from haitang.callbacks.facts import CallbackRuleChanged
from haitang.callbacks.queries import RULES, SETTINGS
from haitang.callbacks.values import Negative, Outcome, Permission
from haitang.cases.values import Channel
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.worktime.values import Limit

ATTEMPTS_MAX = 10
QUESTIONS = ("contacted", "solved", "satisfaction")


@transaction.atomic
def change_callback_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Change one rule; call-backs made before keep their times, and answers given before stay counted where they are.

    Raises NotAllowed without MANAGE everywhere, NotFound, Invalid (a value that the rule cannot have).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    change = SETTINGS.change(key, value, lambda value, _like: _FITS[key](value))
    if change:
        RULES.touch()
        before, after = (json.dumps(each, ensure_ascii=False) for each in (change.before, value))
        history.record(actor=actor, fact=CallbackRuleChanged(change.row.pk, key, before, after), at=now)


def _limits(texts: list[str]) -> bool:
    return all(Limit.parse(text) for text in texts)


def _scale(value: dict[str, Any]) -> bool:
    satisfied, basically = value["satisfied"], value["basically"]
    return value.keys() == {"satisfied", "basically"} and 1 <= basically <= satisfied <= 5


_FITS: dict[str, Callable[[Any], bool]] = {
    "channels": lambda value: set(value) <= set(Channel.values),
    "due": lambda value: _limits([value]),
    "attempts_max": lambda value: 1 <= value <= ATTEMPTS_MAX,
    "spacing": lambda value: bool(value) and _limits(value),
    "valid_questions": lambda value: set(value) <= set(QUESTIONS),
    "final_outcomes": lambda value: set(value) <= set(Outcome.values) - {Outcome.ANSWERED.value},
    "negative": lambda value: set(value) <= set(Negative.values),
    "score_scale": _scale,
    "day_cut": lambda value: time.fromisoformat(value).second == 0 and len(value) == 5,
}
"""What each rule may be; a text that is no limit is refused by the limit itself."""
