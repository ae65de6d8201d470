"""The API of owners' decisions: parse, one call, print."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from haitang.core import clock, limits
from haitang.core.access import ANYONE, allow
from haitang.core.http import actor_of, said
from haitang.core.schemas import REFUSALS, Id
from haitang.owners import actions, queries
from haitang.owners.schemas import (
    AnswerIn,
    BallotIn,
    DecisionIn,
    DecisionOut,
    EstateOut,
    GivenOut,
    PaperIn,
    PublicOut,
    ReadOut,
    decision_out,
    estate_out,
    public_out,
)
from haitang.owners.values import Permission, hash_code, spell_size

router = Router(tags=["业主表决"])
EstateId = Annotated[Id, Path()]
DecisionId = Annotated[Id, Path()]
EntryId = Annotated[Id, Path()]
_SHOWN = {200: DecisionOut, **REFUSALS}
_ATTEMPTS, _WINDOW_S = 600, 3600


def _choices(answers: list[AnswerIn]) -> dict[int, str]:
    return {each.question_id: each.choice for each in answers}


def _decision(request: HttpRequest, decision_id: int) -> dict[str, Any]:
    row = queries.get_decision(viewer=actor_of(request), decision_id=decision_id)
    return decision_out(queries.describe_decisions([row], clock.now())[0])


@router.get(
    "/owners/decisions", operation_id="list_owners_decisions", summary="业主表决",
    response={200: list[DecisionOut], **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def list_owners_decisions(request: HttpRequest) -> Any:
    """List the decisions of owners that anybody may see, the latest announced first; at most 200."""
    return [decision_out(view) for view in queries.list_public_decisions(now=clock.now())]


@router.get(
    "/owners/decisions/{decision_id}", operation_id="get_owners_decision", summary="一项业主表决",
    response={200: PublicOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def get_owners_decision(request: HttpRequest, decision_id: DecisionId) -> Any:
    """Show a decision with its rules and, once it is closed, its figures and formulas: sums, never who voted what."""
    return public_out(queries.get_public_decision(decision_id=decision_id, now=clock.now()))


@router.get(
    "/owners/estates", operation_id="list_estates", summary="小区", response={200: list[EstateOut], **REFUSALS}
)  # fmt: skip
@allow(Permission.VIEW)
def list_estates(request: HttpRequest) -> Any:
    """List the housing estates within reach with their units and areas; at most 500."""
    return [estate_out(view) for view in queries.list_estates(viewer=actor_of(request))]


@router.post(
    "/owners/estates/{estate_id}/decisions", operation_id="draft_owners_decision", summary="起草业主表决",
    response={201: DecisionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.PREPARE)
def draft_owners_decision(request: HttpRequest, estate_id: EstateId, given: DecisionIn) -> Any:
    """Draft a decision of the owners of an estate."""
    row = actions.draft_decision(estate_id=estate_id, new=given.new(), **said(request))
    return Status(201, _decision(request, row.pk))


def _deed(request: HttpRequest, decision_id: int, action: Callable[..., Any]) -> dict[str, Any]:
    action(decision_id=decision_id, **said(request))
    return _decision(request, decision_id)


@router.post(
    "/owners/decisions/{decision_id}/announce", operation_id="announce_owners_decision", summary="公示",
    response=_SHOWN,
)  # fmt: skip
@allow(Permission.PREPARE)
def announce_owners_decision(request: HttpRequest, decision_id: DecisionId) -> Any:
    """Publish a draft; its rules and its roll are fixed from now on."""
    return _deed(request, decision_id, actions.announce_decision)


@router.post(
    "/owners/decisions/{decision_id}/open", operation_id="open_owners_decision", summary="确认开始", response=_SHOWN
)  # fmt: skip
@allow(Permission.CLOSE)
def open_owners_decision(request: HttpRequest, decision_id: DecisionId) -> Any:
    """Open the vote, as somebody else than who announced it."""
    return _deed(request, decision_id, actions.open_decision)


@router.post(
    "/owners/decisions/{decision_id}/stop", operation_id="stop_owners_decision", summary="申请结束", response=_SHOWN
)  # fmt: skip
@allow(Permission.CLOSE)
def stop_owners_decision(request: HttpRequest, decision_id: DecisionId) -> Any:
    """Ask that the vote be closed."""
    return _deed(request, decision_id, actions.stop_voting)


@router.post(
    "/owners/decisions/{decision_id}/close", operation_id="close_owners_decision", summary="确认结束", response=_SHOWN
)  # fmt: skip
@allow(Permission.CLOSE)
def close_owners_decision(request: HttpRequest, decision_id: DecisionId) -> Any:
    """Close the vote, as somebody else than who has asked for it; the result is public."""
    return _deed(request, decision_id, actions.close_decision)


@router.post("/owners/ballots", operation_id="give_owners_ballot", summary="投票", response={200: GivenOut, **REFUSALS})
@allow(ANYONE)
def give_owners_ballot(request: HttpRequest, given: BallotIn) -> Any:
    """Vote by a code, again where the vote allows it; owners' votes are named by law."""
    key = f"owners.code:token:{actor_of(request).id}"
    limits.hit(key, limit=_ATTEMPTS, window_s=_WINDOW_S, now=clock.now())
    proof = hash_code(given.code)
    entry = actions.give_ballot(choices=_choices(given.answers), proof=proof, **said(request))
    limits.give_back(key)
    return {"entry": entry.number, "label": entry.label, "m2": spell_size(entry.size)}


@router.post(
    "/owners/entries/{entry_id}/paper", operation_id="read_paper_ballot", summary="录入纸质票",
    response={200: ReadOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.ENTER)
def read_paper_ballot(request: HttpRequest, entry_id: EntryId, given: PaperIn) -> Any:
    """Type a paper ballot in, the first or, as another person, the second time."""
    sheet = actions.read_paper(
        entry_id=entry_id, choices=_choices(given.answers), handed_in_at=given.handed_in_at, **said(request)
    )
    return {"status": sheet.status}
