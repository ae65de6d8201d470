"""Holding a case for difficult (疑难): in somebody's judgement, or by rule."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.queries import catalog
from haitang.cases.values import REASON_LENGTH_MAX, Mark
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.merging import policies
from haitang.merging.actions.judging import find_difficult
from haitang.merging.facts import DifficultFlagged, DifficultUnflagged
from haitang.merging.models import Flag
from haitang.merging.values import NothingChanged

_BATCH = 500


@transaction.atomic
def flag_case(*, actor: Actor, case_id: int, reason: str, now: datetime) -> None:
    """
    Hold a case for difficult, for the reason given.

    Raises CaseNotFound, NotAllowed, NothingChanged (it is held for that), Invalid (no reason).
    """
    reason = _clean(reason)
    _lock_for(actor, case_id)
    if Flag.objects.filter(case_id=case_id, is_on=True).exists():
        raise NothingChanged(_("此案件已标记为疑难"))
    Flag.objects.update_or_create(
        case_id=case_id, defaults={"is_on": True, "by_rule": False, "reason": reason, "at": now}
    )
    case_actions.mark_case(actor=actor, case_id=case_id, add=[Mark.DIFFICULT], now=now)
    fact = DifficultFlagged(case_id, by_rule=False, opinion=reason)
    case_actions.note_on_case(actor=actor, fact=fact, now=now)


@transaction.atomic
def unflag_case(*, actor: Actor, case_id: int, reason: str, now: datetime) -> None:
    """
    Hold a case for difficult no longer; the rule does not flag it again.

    Raises CaseNotFound, NotAllowed, NothingChanged (it is not flagged), Invalid (no reason).
    """
    reason = _clean(reason)
    _lock_for(actor, case_id)
    changed = Flag.objects.filter(case_id=case_id, is_on=True).update(is_on=False, by_rule=False, reason=reason, at=now)
    if not changed:
        raise NothingChanged(_("此案件没有标记为疑难"))
    case_actions.mark_case(actor=actor, case_id=case_id, remove=[Mark.DIFFICULT], now=now)
    case_actions.note_on_case(actor=actor, fact=DifficultUnflagged(case_id, reason), now=now)


@transaction.atomic
def judge_case(*, actor: Actor, case_id: int, now: datetime) -> bool:
    """
    Flag a case if the rule `difficult_from` says so and nobody has decided about it; return whether it was flagged.

    Raises CaseNotFound.
    """
    return find_difficult(actor=actor, case_id=case_id, now=now)


def flag_old_cases(*, actor: Actor, now: datetime) -> int:
    """Flag cases that have been open for as long as `difficult_from` says, up to 500 a call; return how many."""
    days = catalog().setting("difficult_from")["days"]
    found = case_queries.list_open_since(before=now - timedelta(days=days), unmarked=Mark.DIFFICULT, limit=_BATCH)
    decided = set(Flag.objects.filter(case_id__in=found).values_list("case_id", flat=True))
    return sum(judge_case(actor=actor, case_id=case_id, now=now) for case_id in found if case_id not in decided)


def _lock_for(actor: Actor, case_id: int) -> None:
    case_queries.get_case(viewer=actor, case_id=case_id)
    policies.check_can_flag(actor, case_queries.lock_case(case_id))


def _clean(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(_("请填写理由"), {"reason": _("请填写理由")})
    if len(reason) > REASON_LENGTH_MAX:
        text = _("理由不能超过 %(n)d 字") % {"n": REASON_LENGTH_MAX}
        raise Invalid(text, {"reason": text})
    return reason
