"""A vote closed by two people; the result computed from the ballots and kept; ballots given out as a table."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.owners import policies, queries
from haitang.owners.actions.shared import audience_of, check_no_objections, reason_of
from haitang.owners.facts import BallotsExported, DecisionClosed, VotingResumed, VotingStopped
from haitang.owners.lifecycle import Deed, check_move
from haitang.owners.models import Decision, Outcome
from haitang.owners.values import NotVotingNow, PapersUnsettled, Permission


@transaction.atomic
def stop_voting(*, actor: Actor, decision_id: int, now: datetime) -> Decision:
    """
    Ask, once the time is over, that the vote be closed; a second person confirms, and no ballot is taken meanwhile.

    Raises DecisionNotFound, NotAllowed (no CLOSE there), WrongDecisionState, NotVotingNow (it is not over yet),
    OpenObjections, PapersUnsettled (read once only, or differently).
    """
    decision = queries.lock_decision(decision_id)
    by = policies.check_can_close(actor, decision)
    decision.status = check_move(decision.status, Deed.STOP)
    if now < decision.votes_until:
        raise NotVotingNow(_("表决还没有截止"))
    check_no_objections(decision)
    _objections, papers = queries.list_open_matters(decision)
    if papers:
        raise PapersUnsettled(_("还有 %(n)d 张纸质票只录了一遍或两遍不一致") % {"n": papers})
    decision.stopped_by_id = by
    decision.save(update_fields=["status", "stopped_by_id"])
    history.record(actor=actor, fact=VotingStopped(decision.pk), at=now, audience=audience_of(decision))
    return decision


@transaction.atomic
def resume_counting(*, actor: Actor, decision_id: int, reason: str, now: datetime) -> Decision:
    """Do not confirm the close: something about the paper ballots is to be seen to first.

    Raises DecisionNotFound, NotAllowed (no CLOSE there), WrongDecisionState, Invalid (no reason).
    """
    decision = queries.lock_decision(decision_id)
    policies.check_can_close(actor, decision)
    decision.status = check_move(decision.status, Deed.RESUME)
    decision.stopped_by_id = None
    decision.save(update_fields=["status", "stopped_by_id"])
    fact = VotingResumed(decision.pk, reason_of(reason))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


@transaction.atomic
def close_decision(*, actor: Actor, decision_id: int, now: datetime) -> Decision:
    """
    Confirm the close as a second person: the result is computed, kept with its figures, and public.

    Raises DecisionNotFound, NotAllowed (no CLOSE there), TakesTwo (who has asked for it), WrongDecisionState,
    OpenObjections (raised since the close was asked for).
    Source: 《民法典》第二百七十八条.
    """
    decision = queries.lock_decision(decision_id)
    by = policies.check_can_close(actor, decision)
    decision.status = check_move(decision.status, Deed.CLOSE)
    policies.check_is_another(by, decision.stopped_by_id)
    check_no_objections(decision)
    counted = queries.tally(decision)
    Outcome.objects.bulk_create(_outcome(decision, each) for each in counted)
    decision.closed_at, decision.closed_by_id = now, by
    decision.save(update_fields=["status", "closed_at", "closed_by_id"])
    fact = DecisionClosed(decision.pk, sum(each.verdict.passed for each in counted))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


def _outcome(decision: Decision, counted: queries.Tally) -> Outcome:
    figures = counted.figures
    sums: dict[str, Any] = {}
    for name in ("total", "yes", "no", "abstain"):
        each = getattr(figures, name)
        sums |= {f"{name}_size": each.size, f"{name}_heads": each.heads}
    return Outcome(
        question=counted.question, silent_size=counted.silent.size, silent_heads=counted.silent.heads,
        contradictions=counted.contradictions, passed=counted.verdict.passed,
        passed_with_silent=counted.silent_verdict.passed if decision.silent_follows else None, **sums,
    )  # fmt: skip


@transaction.atomic
def export_ballots(*, actor: Actor, decision_id: int, now: datetime) -> tuple[Decision, list[list[Any]]]:
    """
    Return the ballots of a closed decision by serial number and unit, for a file; that it was taken is recorded.

    Owners' votes are named by law; the file is for who runs the vote and for a court, not for publication.
    Raises DecisionNotFound, NotAllowed (no CLOSE there), NotVotingNow (not closed yet).
    """
    decision = queries.get_decision(viewer=actor, decision_id=decision_id)
    access.require(actor, Permission.CLOSE, area_path=decision.area_path)
    if decision.closed_at is None:
        raise NotVotingNow(_("结束以后才能导出表决票"))
    rows = list(queries.ballot_rows(decision))
    fact = BallotsExported(decision.pk, len(rows))
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision, rows
