"""Similar proposals become one once every author has agreed, and are themselves again when that is undone."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.rounds import policies, queries
from haitang.rounds.actions.shared import check_phase, recorded_as, text_of, told
from haitang.rounds.facts import MergerAnswered, MergerBegun, MergerUndone, ProposalsMerged
from haitang.rounds.lifecycle import MERGEABLE, Deed, MergerStatus, Status, check_move
from haitang.rounds.models import Merger, MergerPart, Proposal
from haitang.rounds.values import (
    AlreadyMerging,
    BadProposal,
    MergerNotFound,
    Permission,
    Task,
    WrongProposalState,
)


@transaction.atomic
def begin_merger(
    *, actor: Actor, target_id: int, proposal_ids: Iterable[int], reason: str, now: datetime
) -> Merger:  # fmt: skip
    """
    Ask the authors of similar proposals of one pot whether they become one: that of `target_id`.

    Raises ProposalNotFound, NotAllowed, WrongProposalState, NotInPhase, AlreadyMerging, BadProposal.
    """
    rows = queries.lock_proposals({target_id, *proposal_ids})
    target = next(row for row in rows if row.pk == target_id)
    for row in rows:
        policies.check_may_with(actor, Permission.CHECK, row)
        check_move(row.status, Deed.MERGE)
    check_phase(target.round, Task.MERGE, now)
    if len(rows) < 2 or {row.pot_id for row in rows} != {target.pot_id}:
        fault = _("请选择同一笔资金下的另一个提案")
        raise BadProposal(fault, {"others": fault})
    words = text_of(reason, "reason", BadProposal, missing=_("请写明为什么合并，提案人会看到"))
    merger = Merger.objects.create(target=target, status=MergerStatus.WAITING, reason=words, begun_at=now)
    with refusing({"rounds_one_merger": AlreadyMerging(_("其中有提案正在合并或已经合并"))}):
        MergerPart.objects.bulk_create(MergerPart(merger=merger, proposal=row) for row in rows)
    fact = MergerBegun(target.pk, merger.pk, words)
    history.record(actor=actor, fact=fact, at=now, audience=told(target))
    return merger


@transaction.atomic
def answer_merger(
    *, actor: Actor, merger_id: int, proposal_id: int, agreed: bool, how: str = "", now: datetime
) -> Merger:  # fmt: skip
    """
    Agree to a merger for one's proposal, or not; when all have agreed, the proposals are one.

    Staff note the word of an author without an account and say how it came. One who does not agree ends the merger.
    Raises MergerNotFound, NotAllowed, WrongProposalState, BadProposal.
    """
    merger, parts, rows = _locked(merger_id)
    part, row = parts.get(proposal_id), rows.get(proposal_id)
    if part is None or row is None or not (policies.is_author(actor, row) or policies.is_staff_of(actor, row)):
        raise MergerNotFound(_("没有这次合并"))
    if merger.status != MergerStatus.WAITING:
        raise WrongProposalState(_("这次合并已经有结果"))
    if not policies.is_author(actor, row):
        policies.check_may_with(actor, Permission.CHECK, row)
        if row.account_id is not None:
            policies.check_author(actor, row)
        part.by_staff = True
        part.how = text_of(how, "how", BadProposal, 200, missing=_("请写明提案人怎么答复的，例如：电话确认"))
    part.agreed = agreed
    part.save(update_fields=["agreed", "by_staff", "how"])
    fact = MergerAnswered(row.pk, merger.pk, agreed)
    history.record(actor=recorded_as(actor, row), fact=fact, at=now, audience=told(row))
    if not agreed:
        _end(merger, MergerStatus.DECLINED, now)
    elif all(each.agreed for each in parts.values()):
        _merge(recorded_as(actor, row), merger, parts, rows, now)
    return merger


def _locked(merger_id: int) -> tuple[Merger, dict[int, MergerPart], dict[int, Proposal]]:
    """Return a merger with its parts and proposals by the proposals' ids, all locked: proposals first, by id."""
    known = queries.list_merged_ids(merger_id)
    if not known:
        raise MergerNotFound(_("没有这次合并"))
    rows = {row.pk: row for row in queries.lock_proposals(known)}
    merger = queries.lock_merger(merger_id)
    parts = {part.proposal_id: part for part in MergerPart.objects.filter(merger=merger).order_by("pk")}
    return merger, parts, rows


def _merge(
    actor: Actor, merger: Merger, parts: dict[int, MergerPart], rows: dict[int, Proposal], now: datetime
) -> None:  # fmt: skip
    target = rows[merger.target_id]
    if any(row.status not in MERGEABLE for row in rows.values()):
        raise WrongProposalState(_("其中有提案已经不能合并"))
    for pk, row in rows.items():
        if pk == target.pk:
            continue
        parts[pk].before = row.status
        parts[pk].save(update_fields=["before"])
        row.status, row.into = check_move(row.status, Deed.MERGE), target
        row.save(update_fields=["status", "into"])
    merger.status, merger.ended_at = MergerStatus.DONE, now
    merger.save(update_fields=["status", "ended_at"])
    fact = ProposalsMerged(target.pk, merger.pk, len(rows) - 1)
    history.record(actor=actor, fact=fact, at=now, audience=told(target))


def _end(merger: Merger, status: MergerStatus, now: datetime) -> None:
    merger.status, merger.ended_at = status, now
    merger.save(update_fields=["status", "ended_at"])
    MergerPart.objects.filter(merger=merger).update(is_live=False)


@transaction.atomic
def undo_merger(*, actor: Actor, merger_id: int, reason: str, now: datetime) -> Merger:
    """
    Take a merger back, or give up one that waits: every proposal is as it was before.

    Until the proposal that holds them goes before the council. Raises MergerNotFound, NotAllowed, WrongProposalState,
    BadProposal (no reason).
    """
    merger, parts, rows = _locked(merger_id)
    target = rows[merger.target_id]
    policies.check_may_with(actor, Permission.CHECK, target)
    if merger.status not in (MergerStatus.WAITING, MergerStatus.DONE):
        raise WrongProposalState(_("这次合并已经结束"))
    if target.status not in MERGEABLE:
        raise WrongProposalState(_("合并后的提案已经进入下一步，不能再拆开"))
    words = text_of(reason, "reason", BadProposal, missing=_("请写明原因"))
    if merger.status == MergerStatus.DONE:
        for pk, row in rows.items():
            if pk != target.pk and row.status == Status.MERGED:
                row.status, row.into = Status(parts[pk].before), None
                row.save(update_fields=["status", "into"])
    _end(merger, MergerStatus.UNDONE, now)
    history.record(actor=actor, fact=MergerUndone(target.pk, merger.pk, words), at=now, audience=told(target))
    return merger
