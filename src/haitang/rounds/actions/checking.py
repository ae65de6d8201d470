"""The check against the lists, and the officer's opinion and price."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.organizations.queries import organizations
from haitang.rounds import policies, queries
from haitang.rounds.actions.shared import check_phase, record_all, text_of, told
from haitang.rounds.facts import ProposalAdmitted, ProposalAppraised, ProposalReopened, ProposalTurnedDown
from haitang.rounds.lifecycle import Deed, Status, check_move
from haitang.rounds.models import MergerPart, Proposal
from haitang.rounds.values import (
    AlreadyMerging,
    Appraisal,
    BadProposal,
    ClauseKind,
    Feasibility,
    Permission,
    Task,
)


def _checked(actor: Actor, proposal_ids: Iterable[int], deed: Deed, now: datetime) -> list[Proposal]:
    """Return proposals that the actor may check now, locked, in the state to which the deed leads."""
    rows = queries.lock_proposals(proposal_ids)
    for row in rows:
        policies.check_may_with(actor, Permission.CHECK, row)
        policies.check_not_own(actor, row)
        row.status = check_move(row.status, deed)
    _check_phases(rows, Task.CHECK, now)
    return rows


def _check_phases(rows: Iterable[Proposal], task: Task, now: datetime) -> None:
    for round_ in {row.round_id: row.round for row in rows}.values():
        check_phase(round_, task, now)


def _quoted(codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return the clauses as they read today. Raises BadProposal."""
    known = {each.code: each for each in queries.list_clauses()}
    if not set(codes) <= set(known):
        raise BadProposal(_("清单里没有这一条"), {"codes": _("清单里没有这一条")})
    found = [known[code] for code in dict.fromkeys(codes)]
    return [{"code": each.code, "kind": str(each.kind), "text": each.text, "source": each.source} for each in found]


def admit_proposal(*, actor: Actor, proposal_id: int, codes: Sequence[str], now: datetime) -> Proposal:
    """
    Say that a proposal is such as the lists have it, quoting the positive list; from now on it is public.

    Raises ProposalNotFound, NotAllowed (also to its author), WrongProposalState, NotInPhase, BadProposal.
    """
    return admit_proposals(actor=actor, proposal_ids=[proposal_id], codes=codes, now=now)[0]


@transaction.atomic
def admit_proposals(
    *, actor: Actor, proposal_ids: Iterable[int], codes: Sequence[str], now: datetime
) -> list[Proposal]:  # fmt: skip
    """Admit many proposals by the same clauses with a few statements, all or none. Raises as `admit_proposal`."""
    rows, clauses = _checked(actor, proposal_ids, Deed.ADMIT, now), _quoted(codes)
    if {each["kind"] for each in clauses} != {ClauseKind.POSITIVE.value}:
        fault = _("请引用符合的正面清单条目；符合负面清单的不能通过")
        raise BadProposal(fault, {"codes": fault})
    for row in rows:
        row.clauses, row.reason, row.checked_at = clauses, "", now
    Proposal.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Status.ADMITTED, clauses=clauses, reason="", checked_at=now
    )
    quoted = [each["code"] for each in clauses]
    record_all(actor, [(ProposalAdmitted(row.pk, quoted), told(row)) for row in rows], now)
    return rows


@transaction.atomic
def turn_down_proposal(
    *, actor: Actor, proposal_id: int, codes: Sequence[str], reason: str, now: datetime
) -> Proposal:  # fmt: skip
    """
    Refuse a proposal with a reason that its author reads, quoting the clauses that speak against it, if any do.

    Raises ProposalNotFound, NotAllowed (also to its author), WrongProposalState, NotInPhase, BadProposal (no reason),
    AlreadyMerging.
    """
    row = _checked(actor, [proposal_id], Deed.REFUSE, now)[0]
    if MergerPart.objects.filter(proposal=row, is_live=True).exists():
        raise AlreadyMerging(_("这个提案正在合并，请先取消合并"))
    row.reason = text_of(reason, "reason", BadProposal, missing=_("请写明原因，提案人会看到"))
    row.clauses, row.checked_at = _quoted(codes), now
    if any(each["kind"] != ClauseKind.NEGATIVE for each in row.clauses):
        fault = _("不予通过时引用负面清单；都不符合的可以不选，只写原因")
        raise BadProposal(fault, {"codes": fault})
    row.save(update_fields=["status", "clauses", "reason", "checked_at"])
    quoted = [each["code"] for each in row.clauses]
    history.record(actor=actor, fact=ProposalTurnedDown(row.pk, quoted, row.reason), at=now, audience=told(row))
    return row


@transaction.atomic
def reopen_proposal(*, actor: Actor, proposal_id: int, reason: str, now: datetime) -> Proposal:
    """
    Have a proposal checked anew, as after its author has objected.

    Raises ProposalNotFound, NotAllowed, WrongProposalState, NotInPhase, BadProposal (no reason).
    """
    row = _checked(actor, [proposal_id], Deed.REOPEN, now)[0]
    if MergerPart.objects.filter(proposal=row, is_live=True).exists():
        raise AlreadyMerging(_("这个提案正在合并，请先取消合并"))
    words = text_of(reason, "reason", BadProposal, missing=_("请写明原因"))
    row.clauses, row.checked_at, row.reason = [], None, ""
    row.save(update_fields=["status", "clauses", "checked_at", "reason"])
    history.record(actor=actor, fact=ProposalReopened(row.pk, words), at=now, audience=told(row))
    return row


def appraise_proposal(*, actor: Actor, proposal_id: int, appraisal: Appraisal, now: datetime) -> Proposal:
    """
    Say whether a proposal can be done, at which price and by which unit; said again, the last holds.

    Raises ProposalNotFound, NotAllowed, WrongProposalState, NotInPhase, BadProposal.
    """
    return appraise_proposals(actor=actor, given={proposal_id: appraisal}, now=now)[0]


@transaction.atomic
def appraise_proposals(*, actor: Actor, given: Mapping[int, Appraisal], now: datetime) -> list[Proposal]:
    """Appraise many proposals with a few statements, all or none; given: by proposal. Raises as `appraise_proposal`."""
    rows = queries.lock_proposals(given)
    for row in rows:
        policies.check_may_with(actor, Permission.APPRAISE, row)
        policies.check_not_own(actor, row)
        check_move(row.status, Deed.APPRAISE)
    _check_phases(rows, Task.APPRAISE, now)
    for row in rows:
        _appraise(row, given[row.pk], now)
    Proposal.objects.bulk_update(
        rows, ["feasibility", "price_fen", "organization_id", "appraised_at", "opinion", "exclusive"]
    )
    record_all(actor, [(ProposalAppraised(row.pk, row.feasibility, row.price_fen), told(row)) for row in rows], now)
    return rows


def _appraise(row: Proposal, given: Appraisal, now: datetime) -> None:
    """Put what was said on a proposal. Raises BadProposal."""
    if given.feasibility not in Feasibility.values:
        raise BadProposal(_("请选择可行性"), {"feasibility": _("请选择可行性")})
    possible = given.feasibility != Feasibility.NOT_FEASIBLE
    price = given.price_fen
    if (possible and price is None) or (price is not None and not 0 < price <= row.pot.budget_fen):
        fault = _("请填写核定造价，不超过这笔资金的总额")
        raise BadProposal(fault, {"price": fault})
    if not _exists(given.organization_id, local_date(now)):
        raise BadProposal(_("没有这个单位"), {"organization": _("没有这个单位")})
    row.feasibility, row.price_fen, row.organization_id = given.feasibility, price, given.organization_id
    row.opinion = text_of(given.opinion, "opinion", BadProposal, missing="" if possible else _("请写明为什么不可行"))
    row.exclusive, row.appraised_at = text_of(given.exclusive, "exclusive", BadProposal, 20), now


def _exists(organization_id: int, on: date) -> bool:
    found = organizations().by_id(organization_id)
    return found is not None and found.exists(on)
