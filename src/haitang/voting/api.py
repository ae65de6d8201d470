"""The API of votes: parse, one call, print. Voting takes a code and no account."""

from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from ninja import Path, Router, Status

from haitang.core import access
from haitang.core.access import ANYONE, Actor, allow
from haitang.core.http import said
from haitang.core.schemas import REFUSALS, Id, answer
from haitang.voting import actions, queries
from haitang.voting.schemas import (
    BallotIn,
    CodeOut,
    FileOut,
    FoundOut,
    ReceiptIn,
    ReceiptOut,
    VoteOut,
    VoterIn,
    receipt_out,
    vote_out,
)
from haitang.voting.values import Voter


def _anybody(request: HttpRequest) -> Actor:
    """Take whoever asks for a visitor: a vote is cast by its code, and which account a token belongs to is nobody's
    business here."""
    request.actor = access.VISITOR  # type: ignore[attr-defined]  # see core.http.Request
    return access.VISITOR


router = Router(tags=["投票"], auth=_anybody)
VoteId = Annotated[Id, Path()]


@router.get("/votes", operation_id="list_votes", summary="投票", response={200: list[VoteOut], **REFUSALS})
@allow(ANYONE)
def list_votes(request: HttpRequest) -> Any:
    """List the votes that were opened, the one that ends last first."""
    return [vote_out(row) for row in queries.list_public_votes()]


@router.get("/votes/{vote_id}", operation_id="get_vote", summary="一次投票", response={200: VoteOut, **REFUSALS})
@allow(ANYONE)
def get_vote(request: HttpRequest, vote_id: VoteId) -> Any:
    """Show a vote with its options, limits and rule, and its result once it is counted."""
    return vote_out(queries.get_public_vote(vote_id=vote_id))


@router.post(
    "/votes/{vote_id}/ballots", operation_id="cast_ballot", summary="投票或改投", response={201: ReceiptOut, **REFUSALS}
)
@allow(ANYONE)
def cast_ballot(request: HttpRequest, vote_id: VoteId, given: BallotIn) -> Any:
    """Put a ballot into the box; one that is there by the same code is replaced."""
    receipt = actions.cast_ballot(vote_id=vote_id, code=given.code, marks=given.marks, **said(request))
    return answer(receipt_out(receipt), 201)


@router.post(
    "/votes/{vote_id}/voters", operation_id="register_voter", summary="先投票后核实",
    response={201: CodeOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def register_voter(request: HttpRequest, vote_id: VoteId, given: VoterIn) -> Any:
    """Give a code to somebody whose vote will count once residence is proven."""
    party, voter = str(get_adapter().get_client_ip(request)), Voter(given.name, given.document, given.household)
    return Status(201, {"code": actions.register_stranger(vote_id=vote_id, voter=voter, party=party, **said(request))})


@router.post(
    "/votes/{vote_id}/receipts", operation_id="find_ballot", summary="凭回执查对", response={200: FoundOut, **REFUSALS}
)
@allow(ANYONE)
def find_ballot(request: HttpRequest, vote_id: VoteId, given: ReceiptIn) -> Any:
    """Show the ballot that a receipt finds on the published list, with the hashes that lead to the root."""
    found = queries.find_ballot(vote_id=vote_id, code=given.receipt)
    ballot = found["ballot"]
    return {**found, "marks": ballot["m"], "via": ballot["via"]}


@router.get(
    "/votes/{vote_id}/file", operation_id="get_vote_file", summary="公布的文件", response={200: FileOut, **REFUSALS}
)
@allow(ANYONE)
def get_vote_file(request: HttpRequest, vote_id: VoteId) -> Any:
    """Return what `haitang verify-vote` reads: the declaration, every ballot, the root and the result."""
    return answer(queries.file_of(queries.get_public_vote(vote_id=vote_id)))
