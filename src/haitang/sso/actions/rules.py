"""Changing the rules of single sign-on."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.core import history
from haitang.core.access import Actor
from haitang.sso import policies
from haitang.sso.facts import SingleSignOnRuleChanged
from haitang.sso.queries import RULES, SETTINGS

BOUNDS = {
    "attempt_minutes": (1, 60), "timeout_s": (1, 30), "skew_s": (0, 600), "reread_minutes": (1, 1440),
    "attempts_per_minute": (1, 1000), "code_s": (10, 600), "token_minutes": (1, 60), "id_token_minutes": (1, 60),
    "old_key_hours": (2, 720), "token_requests_per_minute": (10, 100_000),
}  # fmt: skip


@transaction.atomic
def change_single_sign_on_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for single sign-on. Raises NotAllowed without MANAGE everywhere, NotFound, Invalid."""
    policies.check_can_manage(actor)

    def fits(given: Any, _like: Any) -> bool:
        low, high = BOUNDS[key]
        return bool(low <= given <= high)

    if change := SETTINGS.change(key, value, fits):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=SingleSignOnRuleChanged(change.row.pk, key, told), at=now)
