"""The API of oversight: parse, one call, print."""

from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import Field

from haitang.cases import queries as cases
from haitang.cases.values import Permission as CasePermission
from haitang.core import access, clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.paging import CURSOR_MAX
from haitang.core.schemas import REFUSALS, Id, Schema, text
from haitang.oversight import actions, queries
from haitang.oversight.schemas import (
    AnswerIn,
    BurndownOut,
    ClockOut,
    DecisionIn,
    MadeOut,
    OpinionIn,
    RequestIn,
    RequestOut,
    RequestPageOut,
    SplitIn,
    SuperviseIn,
    SupervisionOut,
    SupervisionPageOut,
    TieIn,
    UrgeIn,
    burndown_out,
    page_out,
)
from haitang.oversight.values import Permission
from haitang.territory.queries import territory
from haitang.territory.values import AreaNotFound

router = Router(tags=["oversight"])
CLOCK = {200: ClockOut, **REFUSALS}


class SupervisedQuery(Schema):
    """Which open supervisions."""

    wanted: Literal["", "unanswered", "answered"] = ""
    cursor: Annotated[str, text(CURSOR_MAX)] = ""


class BurndownQuery(Schema):
    """Of which area, over how many days."""

    area: Annotated[str, text(40, 1)]
    days: Annotated[int, Field(ge=1, le=366)] = 30


def _clock(request: Request, case_id: int) -> dict[str, Any]:
    viewer = request.actor
    case = cases.get_case(viewer=viewer, case_id=case_id)
    access.require(viewer, CasePermission.VIEW, area_path=case.area_path, organization_id=case.organization_id)
    found = queries.get_oversight(viewer=viewer, case=case, now=clock.now())
    return {
        "case_id": case.pk, "stage": case.stage, "due_at": case.due_at, "paused_until": case.paused_until,
        "escalated": found.step, "urged": found.urgings, "parent_id": found.whole.pk if found.whole else None,
        "parts": [part.pk for part in found.parts], "requests": found.requests, "supervisions": found.supervisions,
    }  # fmt: skip


@router.get("/cases/{case_id}/oversight", response=CLOCK, operation_id="get_case_oversight")
@allow(CasePermission.VIEW)
def get_case_oversight(request: Request, case_id: Id) -> dict[str, Any]:
    """Return what was asked for, demanded and split off, and how the clock stands."""
    return _clock(request, case_id)


@router.post("/cases/{case_id}/requests", response={200: RequestOut, **REFUSALS}, operation_id="ask_for")
@allow(SIGNED_IN)
def ask_for(request: Request, case_id: Id, body: RequestIn) -> Any:
    """Ask for a pause, an extension or a return."""
    return actions.ask_for(actor=request.actor, case_id=case_id, now=clock.now(), **body.model_dump())


@router.get("/oversight/requests", response={200: RequestPageOut, **REFUSALS}, operation_id="list_to_decide")
@allow(Permission.DECIDE)
def list_to_decide(request: Request, cursor: Annotated[str, text(CURSOR_MAX)] = "") -> dict[str, Any]:
    """List the requests that wait for a decision of the caller's."""
    return page_out(queries.list_to_decide(viewer=request.actor, cursor=cursor))


@router.post(
    "/oversight/requests/{request_id}/decision", response={200: RequestOut, **REFUSALS}, operation_id="decide_request"
)
@allow(Permission.DECIDE)
def decide_request(request: Request, request_id: Id, body: DecisionIn) -> Any:
    """Grant or decline what was asked for."""
    return actions.decide_request(actor=request.actor, request_id=request_id, now=clock.now(), **body.model_dump())


@router.post(
    "/oversight/requests/{request_id}/withdraw", response={200: RequestOut, **REFUSALS}, operation_id="withdraw_request"
)
@allow(SIGNED_IN)
def withdraw_request(request: Request, request_id: Id) -> Any:
    """No longer ask."""
    return actions.withdraw_request(actor=request.actor, request_id=request_id, now=clock.now())


@router.post("/cases/{case_id}/resume", response={200: RequestOut, **REFUSALS}, operation_id="resume_case")
@allow(SIGNED_IN)
def resume_case(request: Request, case_id: Id, body: OpinionIn) -> Any:
    """Let a standing clock go on before its day."""
    return actions.resume_case(actor=request.actor, case_id=case_id, now=clock.now(), opinion=body.opinion)


@router.post("/cases/{case_id}/urge", response=CLOCK, operation_id="urge_case")
@allow(SIGNED_IN)
def urge_case(request: Request, case_id: Id, body: UrgeIn) -> dict[str, Any]:
    """催办: ask the desk to get on with it."""
    actions.urge_case(actor=request.actor, case_id=case_id, text=body.text, now=clock.now())
    return _clock(request, case_id)


@router.post("/cases/{case_id}/supervisions", response={200: SupervisionOut, **REFUSALS}, operation_id="supervise_case")
@allow(Permission.SUPERVISE)
def supervise_case(request: Request, case_id: Id, body: SuperviseIn) -> Any:
    """督办: demand an answer."""
    return actions.supervise_case(actor=request.actor, case_id=case_id, now=clock.now(), **body.model_dump())


@router.get("/oversight/supervisions", response={200: SupervisionPageOut, **REFUSALS}, operation_id="list_supervised")
@allow(CasePermission.VIEW)
def list_supervised(request: Request, asked: Query[SupervisedQuery]) -> dict[str, Any]:
    """List the open supervisions of cases that the caller may see, the answer due first on top."""
    return page_out(queries.list_supervised(viewer=request.actor, wanted=asked.wanted, cursor=asked.cursor))


@router.post(
    "/oversight/supervisions/{supervision_id}/answer", response={200: SupervisionOut, **REFUSALS},
    operation_id="answer_supervision",
)  # fmt: skip
@allow(SIGNED_IN)
def answer_supervision(request: Request, supervision_id: Id, body: AnswerIn) -> Any:
    """Answer for the desk."""
    return actions.answer_supervision(
        actor=request.actor, supervision_id=supervision_id, answer=body.answer, now=clock.now()
    )


@router.post(
    "/oversight/supervisions/{supervision_id}/close", response={200: SupervisionOut, **REFUSALS},
    operation_id="close_supervision",
)  # fmt: skip
@allow(Permission.SUPERVISE)
def close_supervision(request: Request, supervision_id: Id, body: OpinionIn) -> Any:
    """销办: be satisfied."""
    return actions.close_supervision(
        actor=request.actor, supervision_id=supervision_id, opinion=body.opinion, now=clock.now()
    )


@router.post("/cases/{case_id}/split", response={200: MadeOut, **REFUSALS}, operation_id="split_case")
@allow(CasePermission.DISPATCH)
def split_case(request: Request, case_id: Id, body: SplitIn) -> dict[str, Any]:
    """Split parts off an open case."""
    parts = [actions.NewPart(part.description, part.category_code) for part in body.parts]
    made = actions.split_case(actor=request.actor, case_id=case_id, parts=parts, now=clock.now())
    return {"cases": [child.pk for child in made]}


@router.put("/cases/{case_id}/parent", response=CLOCK, operation_id="tie_case")
@allow(CasePermission.DISPATCH)
def tie_case(request: Request, case_id: Id, body: TieIn) -> dict[str, Any]:
    """Make the case a part of another."""
    actions.tie_case(actor=request.actor, case_id=case_id, parent_id=body.parent_id, now=clock.now())
    return _clock(request, case_id)


@router.delete("/cases/{case_id}/parent", response=CLOCK, operation_id="untie_case")
@allow(CasePermission.DISPATCH)
def untie_case(request: Request, case_id: Id) -> dict[str, Any]:
    """Let the case be a part of another no longer."""
    actions.untie_case(actor=request.actor, case_id=case_id, now=clock.now())
    return _clock(request, case_id)


@router.get("/oversight/burndown", response={200: BurndownOut, **REFUSALS}, operation_id="get_burndown")
@allow(CasePermission.VIEW)
def get_burndown(request: Request, asked: Query[BurndownQuery]) -> dict[str, Any]:
    """归零: an area's unsolved matters day by day, and by category and age."""
    area = territory().by_code(asked.area)
    if area is None:
        raise AreaNotFound(f"没有编码为“{asked.area}”的区域")
    return burndown_out(queries.burn_down(viewer=request.actor, area=area, days=asked.days, now=clock.now()))
