"""Changing the rules of signing in."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.people import queries
from haitang.people.facts import SignInRuleChanged
from haitang.people.values import PRODUCTION, Permission, matches, permission_names


@transaction.atomic
def change_sign_in_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Change one rule, at once, for everybody.

    Raises NotAllowed without GRANT_MANAGE everywhere, NotFound, Invalid (a value that the rule cannot have).
    """
    require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    change = queries.SIGN_IN_SETTINGS.change(key, value, lambda value, _like: _FITS[key](value))
    if change:
        queries.SIGN_IN.touch()
        before, after = (json.dumps(each, ensure_ascii=False) for each in (change.before, value))
        history.record(actor=actor, fact=SignInRuleChanged(change.row.pk, key, before, after), at=now)


def _between(least: int, most: int) -> Callable[[int], bool]:
    return lambda value: least <= value <= most


def _patterns(value: list[str]) -> bool:
    return all(any(matches(known, [each]) for known in permission_names()) for each in value)


_FITS: dict[str, Callable[[Any], bool]] = {
    "password_length_min": _between(8, 64),
    "password_kinds_min": _between(1, 4),
    "password_days_max": _between(0, 730),
    "password_history": _between(0, 24),
    "lock_failures_max": _between(1, 20),
    "lock_minutes": _between(1, 24 * 60),
    "address_failures_max": _between(1, 100_000),
    "idle_minutes": _between(1, 24 * 60),
    "field_idle_minutes": _between(5, 30 * 24 * 60),
    "session_hours_max": _between(1, 7 * 24),
    "field_session_days_max": _between(1, 30),
    "sessions_max": _between(0, 100),
    "factor_required": lambda value: value in ("always", PRODUCTION, "never"),
    "factor_permissions": _patterns,
    "elevation_rule": lambda value: value in ("second", "report"),
    "elevation_permissions": _patterns,
    "elevation_hours_max": _between(1, 72),
    "token_days_max": _between(1, 3650),
    "token_requests_per_minute": _between(1, 10**9),
    "address_requests_per_minute": _between(1, 10**9),
}
"""What each rule may be."""
