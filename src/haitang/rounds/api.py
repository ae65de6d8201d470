"""The API of rounds and proposals: parse, one call, print."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Query, Router, Status

from haitang.core import access, clock, idempotency
from haitang.core.access import ANYONE, SIGNED_IN, Actor, allow
from haitang.core.clock import local_date
from haitang.core.http import actor_of, said
from haitang.core.schemas import ID_MAX, NO_NUL, REFUSALS, Id
from haitang.rounds import actions, queries
from haitang.rounds.queries import ProposalFilter
from haitang.rounds.schemas import (
    AdmissionIn,
    AppraisalIn,
    PotOutcomeOut,
    ProposalIn,
    ProposalOut,
    ReasonIn,
    RefusalIn,
    RoundOut,
    RoundPageOut,
    pot_outcome_out,
    proposal_out,
    round_out,
    round_page_out,
)
from haitang.rounds.values import Channel, Permission


def _anybody(request: HttpRequest) -> Actor:
    """Take whoever asks for a visitor: what is public is read without a token."""
    request.actor = access.VISITOR  # type: ignore[attr-defined]  # see core.http.Request
    return access.VISITOR


router = Router(tags=["微实事"])
Key = Annotated[str | None, Header(alias="Idempotency-Key")]
RoundId = Annotated[Id, Path()]
PotId = Annotated[Id, Path()]
ProposalId = Annotated[Id, Path()]
_SHOWN = {200: ProposalOut, **REFUSALS}


def _told(request: HttpRequest, proposal_id: int) -> dict[str, Any]:
    row = queries.get_proposal(viewer=actor_of(request), proposal_id=proposal_id)
    return proposal_out(row, queries.explain_proposal(row))


@router.get(
    "/rounds",
    operation_id="list_project_rounds",
    auth=_anybody,
    summary="微实事各轮",
    response={200: list[RoundOut], **REFUSALS},
)
@allow(ANYONE)
def list_project_rounds(request: HttpRequest) -> Any:
    """List the published rounds of micro-projects, the latest first."""
    return [round_out(line) for line in queries.list_public_rounds(today=local_date(clock.now()))]


@router.get(
    "/rounds/{round_id}", operation_id="get_project_round", auth=_anybody, summary="一轮微实事",
    response={200: RoundPageOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def get_project_round(request: HttpRequest, round_id: RoundId) -> Any:
    """Show a round with its phases, money and the rule of its votes."""
    row = queries.get_public_round(round_id=round_id)
    line = queries.describe_round(row, today=local_date(clock.now()))
    return round_page_out(line, queries.phases_of(row.pk), queries.pots_of(row.pk))


@router.get(
    "/rounds/{round_id}/proposals", operation_id="list_round_proposals", auth=_anybody, summary="一轮的提案",
    response={200: list[ProposalOut], **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def list_round_proposals(
    request: HttpRequest, round_id: RoundId, pot: Annotated[int, Query(ge=0, le=ID_MAX)] = 0,
    status: str = Query("", max_length=20, pattern=NO_NUL), category: str = Query("", max_length=50, pattern=NO_NUL),
) -> Any:  # fmt: skip
    """List the admitted proposals of a round by their numbers."""
    row = queries.get_public_round(round_id=round_id)
    wanted = ProposalFilter(pot, status, category)
    return [proposal_out(each) for each in queries.list_public_proposals(round_id=row.pk, wanted=wanted)]


@router.get(
    "/rounds/pots/{pot_id}/outcome", operation_id="get_round_outcome", auth=_anybody, summary="入选结果和原因",
    response={200: PotOutcomeOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def get_round_outcome(request: HttpRequest, pot_id: PotId) -> Any:
    """Show what came of the vote about a pot: every project with its reason; empty before it is published."""
    pot = queries.get_public_pot(pot_id=pot_id)
    return pot_outcome_out(pot, queries.list_outcome(pot))


@router.post(
    "/round-proposals", operation_id="hand_in_round_proposal", summary="提一件微实事",
    response={201: ProposalOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def hand_in_round_proposal(request: HttpRequest, given: ProposalIn, key: Key = None) -> Any:
    """Propose a micro-project, or enter one that came on paper or by telephone."""

    def write() -> dict[str, Any]:
        if given.channel == Channel.ONLINE:
            row = actions.hand_in_proposal(new=given.new(), **said(request))
        else:
            row = actions.enter_proposal(new=given.new(), channel=given.channel, **said(request))
        return _told(request, row.pk)

    return Status(201, _once(request, key, given.model_dump(), write))


def _once(request: HttpRequest, key: str | None, body: Any, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Write once under the key, or at all without one."""
    if key is None:
        return write()
    return idempotency.once(actor=actor_of(request), key=key, body=body, now=clock.now(), write=write)


@router.get(
    "/round-proposals/{proposal_id}", operation_id="get_round_proposal", summary="一个提案", response=_SHOWN
)  # fmt: skip
@allow(ANYONE)
def get_round_proposal(request: HttpRequest, proposal_id: ProposalId) -> Any:
    """Show a proposal: one that was not admitted only to its author and to staff."""
    return _told(request, proposal_id)


@router.put(
    "/round-proposals/{proposal_id}/co-proposer", operation_id="join_round_proposal", summary="联名", response=_SHOWN
)  # fmt: skip
@allow(SIGNED_IN)
def join_round_proposal(request: HttpRequest, proposal_id: ProposalId) -> Any:
    """Stand behind a proposal with its author."""
    actions.join_proposal(proposal_id=proposal_id, **said(request))
    return _told(request, proposal_id)


@router.delete(
    "/round-proposals/{proposal_id}/co-proposer", operation_id="leave_round_proposal", summary="取消联名",
    response=_SHOWN,
)  # fmt: skip
@allow(SIGNED_IN)
def leave_round_proposal(request: HttpRequest, proposal_id: ProposalId) -> Any:
    """Stand behind it no longer."""
    actions.join_proposal(proposal_id=proposal_id, joins=False, **said(request))
    return _told(request, proposal_id)


@router.post(
    "/round-proposals/{proposal_id}/withdraw", operation_id="withdraw_round_proposal", summary="撤回提案",
    response=_SHOWN,
)  # fmt: skip
@allow(SIGNED_IN)
def withdraw_round_proposal(request: HttpRequest, proposal_id: ProposalId, given: ReasonIn) -> Any:
    """Take a proposal back before its ballot is made."""
    actions.withdraw_proposal(proposal_id=proposal_id, reason=given.reason, **said(request))
    return _told(request, proposal_id)


@router.post(
    "/round-proposals/{proposal_id}/admit", operation_id="admit_round_proposal", summary="初审通过", response=_SHOWN
)  # fmt: skip
@allow(Permission.CHECK)
def admit_round_proposal(request: HttpRequest, proposal_id: ProposalId, given: AdmissionIn) -> Any:
    """Admit a proposal, quoting the positive list."""
    actions.admit_proposal(proposal_id=proposal_id, codes=given.codes, **said(request))
    return _told(request, proposal_id)


@router.post(
    "/round-proposals/{proposal_id}/refuse", operation_id="refuse_round_proposal", summary="初审不予通过",
    response=_SHOWN,
)  # fmt: skip
@allow(Permission.CHECK)
def refuse_round_proposal(request: HttpRequest, proposal_id: ProposalId, given: RefusalIn) -> Any:
    """Refuse a proposal with a reason that its author reads."""
    actions.turn_down_proposal(proposal_id=proposal_id, codes=given.codes, reason=given.reason, **said(request))
    return _told(request, proposal_id)


@router.post(
    "/round-proposals/{proposal_id}/appraise", operation_id="appraise_round_proposal", summary="可行性意见和造价",
    response=_SHOWN,
)  # fmt: skip
@allow(Permission.APPRAISE)
def appraise_round_proposal(request: HttpRequest, proposal_id: ProposalId, given: AppraisalIn) -> Any:
    """Say whether a proposal can be done, at which price and by which unit."""
    actions.appraise_proposal(proposal_id=proposal_id, appraisal=given.appraisal(), **said(request))
    return _told(request, proposal_id)
