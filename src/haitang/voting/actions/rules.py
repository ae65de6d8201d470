"""The rules for votes, as an office sets them."""

import json
from datetime import datetime

from django.db import transaction

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.voting.facts import VotingSettingChanged
from haitang.voting.queries import RULES, SETTINGS
from haitang.voting.values import Permission

_NUMBER_MAX = 3660


@transaction.atomic
def change_voting_setting(*, actor: Actor, key: str, value: int, now: datetime) -> None:
    """Set a rule for votes. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, lambda new, _like: 1 <= new <= _NUMBER_MAX):
        RULES.touch()
        history.record(actor=actor, fact=VotingSettingChanged(change.row.pk, key, json.dumps(value)), at=now)
