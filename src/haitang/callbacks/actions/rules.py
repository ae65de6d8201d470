"""Changing the rules for call-backs."""

import json
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.callbacks.facts import CallbackRuleChanged
from haitang.callbacks.models import Setting
from haitang.callbacks.queries import RULES, rules, shipped
from haitang.callbacks.values import Negative, Outcome, Permission
from haitang.cases.values import Channel
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Invalid, NotFound
from haitang.worktime.values import Limit

ATTEMPTS_MAX = 10
QUESTIONS = ("contacted", "solved", "satisfaction")


@transaction.atomic
def change_callback_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> Setting:
    """
    Change one rule; call-backs made before keep their times, and answers given before stay counted where they are.

    Raises NotAllowed without MANAGE everywhere, NotFound, Invalid (a value that the rule cannot have).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    defaults = shipped()
    if key not in defaults:
        raise NotFound(_("没有这项设置"))
    before = rules()[key]
    try:
        fits = type(value) is type(before) and _FITS[key](value)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(_("设置值的格式不正确"), {key: _("格式不正确")}) from error
    if not fits:
        raise Invalid(_("设置值的格式不正确"), {key: _("格式不正确")})
    setting, _made = Setting.objects.select_for_update().get_or_create(
        key=key, defaults={"value": before, "source": defaults[key]["source"]}
    )
    setting.value = value
    setting.save(update_fields=["value"])
    RULES.touch()
    fact = CallbackRuleChanged(
        setting.pk, key, json.dumps(before, ensure_ascii=False), json.dumps(value, ensure_ascii=False)
    )
    history.record(actor=actor, fact=fact, at=now)
    return setting


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
