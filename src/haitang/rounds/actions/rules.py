"""The rules for rounds and the lists, as an office sets them."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.rounds.actions.shared import text_of
from haitang.rounds.facts import ClauseKept, RoundSettingChanged
from haitang.rounds.models import OwnClause
from haitang.rounds.queries import RULES, SETTINGS
from haitang.rounds.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    BadRound,
    Clause,
    ClauseKind,
    Permission,
)

_NUMBER_MAX = 1000
_WORDS_MAX = 50


@transaction.atomic
def change_round_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for rounds. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, lambda new, _like: _fits(key, new)):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=RoundSettingChanged(change.row.pk, key, told), at=now)


def _fits(key: str, value: Any) -> bool:
    if isinstance(value, int):
        return 1 <= value <= _NUMBER_MAX
    if key.startswith("council_"):
        above, below = (int(each) for each in value)
        return 0 <= above <= below <= _NUMBER_MAX and below > 0
    words = [each for each in value if isinstance(each, str) and 0 < len(each) <= NAME_LENGTH_MAX]
    return 0 < len(words) == len(value) == len(set(value)) <= _WORDS_MAX


@transaction.atomic
def keep_clause(*, actor: Actor, clause: Clause, is_used: bool = True, now: datetime) -> OwnClause:
    """
    Add a clause to the lists, or change or retire the one with its code; those quoted before stay as they read.

    Raises NotAllowed, BadRound.
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    code = text_of(clause.code, "code", BadRound, NAME_LENGTH_MAX, missing=_("请填写编号"))
    text = text_of(clause.text, "text", BadRound, missing=_("请填写内容"))
    source = text_of(clause.source, "source", BadRound, PLACE_LENGTH_MAX)
    if clause.kind not in ClauseKind.values:
        raise BadRound(_("请选择清单"), {"kind": _("请选择清单")})
    row, _made = OwnClause.objects.select_for_update().update_or_create(
        code=code, defaults={"kind": clause.kind, "text": text, "source": source, "is_used": is_used}
    )
    history.record(actor=actor, fact=ClauseKept(row.pk, code, text, is_used), at=now)
    return row
