"""What residents say to published proposals, and what follows from it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history, limits
from haitang.core.access import Actor
from haitang.rounds import policies, queries
from haitang.rounds.actions.shared import ANONYMOUS, check_phase, public_text_of, text_of, told
from haitang.rounds.facts import ProposalRemarked, ProposalReturned, RemarkAnswered
from haitang.rounds.lifecycle import Deed, Status, check_move
from haitang.rounds.models import Proposal, Remark
from haitang.rounds.values import BadProposal, Permission, ProposalNotFound, Task, WrongProposalState

_DAY_S = 86_400


@transaction.atomic
def remark_on(*, actor: Actor, proposal_id: int, words: str, now: datetime) -> Remark:
    """
    Say something to a proposal while it is published.

    Raises NotSignedIn, ProposalNotFound, NotInPhase, WrongProposalState, BadProposal, TooMany.
    """
    account_id = policies.check_signed_in(actor)
    row = queries.lock_proposal(proposal_id)
    policies.check_may_read(actor, row)
    check_phase(row.round, Task.REMARK, now)
    if row.status not in (Status.SHORTLISTED, Status.DECLINED):
        raise WrongProposalState(_("这个提案不在公示"))
    said = public_text_of(words, "words", BadProposal, missing=_("请写下您的意见"))
    limits.hit(f"rounds.remark:{account_id}", limit=queries.rules()["proposals_a_day"], window_s=_DAY_S, now=now)
    remark = Remark.objects.create(proposal=row, account_id=account_id, words=said, said_at=now)
    fact = ProposalRemarked(row.pk, remark.pk)
    history.record(actor=ANONYMOUS, fact=fact, at=now, audience=told(row))
    return remark


@transaction.atomic
def answer_remark(*, actor: Actor, remark_id: int, answer: str, now: datetime) -> Remark:
    """Answer a remark; answered again, the last holds. Raises ProposalNotFound, NotAllowed, BadProposal."""
    remark = Remark.objects.select_for_update(of=("self",)).filter(pk=remark_id).first()
    if remark is None:
        raise ProposalNotFound(_("没有这条意见"))
    row = queries.lock_proposal(remark.proposal_id)
    policies.check_may_with(actor, Permission.CHECK, row)
    remark.answer = text_of(answer, "answer", BadProposal, missing=_("请写明答复"))
    remark.answered_at = now
    remark.save(update_fields=["answer", "answered_at"])
    history.record(actor=actor, fact=RemarkAnswered(row.pk, remark.pk), at=now, audience=told(row))
    return remark


@transaction.atomic
def return_proposal(*, actor: Actor, proposal_id: int, reason: str, now: datetime) -> Proposal:
    """
    Have the council judge a proposal again, as after a remark that has a point.

    Raises ProposalNotFound, NotAllowed, WrongProposalState, NotInPhase, BadProposal (no reason).
    """
    row = queries.lock_proposal(proposal_id)
    policies.check_may_with(actor, Permission.COUNCIL, row)
    row.status = check_move(row.status, Deed.RETURN)
    check_phase(row.round, Task.REVIEW, now)
    words = text_of(reason, "reason", BadProposal, missing=_("请写明原因"))
    row.save(update_fields=["status"])
    history.record(actor=actor, fact=ProposalReturned(row.pk, words), at=now, audience=told(row))
    return row
