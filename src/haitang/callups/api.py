"""The API of call-ups: parse, one call, print."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from ninja import Header, Path, Query, Router, Status

from haitang.callups import actions, queries
from haitang.callups.lifecycle import Status as CallUpStatus
from haitang.callups.schemas import (
    AnswerIn,
    CallPageOut,
    CallUpChangeIn,
    CallUpIn,
    CallUpOut,
    CallUpPageOut,
    CancelIn,
    CloseIn,
    MyCallOut,
    ReportIn,
    call_out,
    callup_out,
    my_call_out,
)
from haitang.callups.values import Group, Permission
from haitang.core import clock, idempotency
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request, said
from haitang.core.paging import CURSOR_MAX
from haitang.core.schemas import NO_NUL, REFUSALS, Id

router = Router(tags=["一键召唤"])
Cursor = Query("", max_length=CURSOR_MAX, pattern=NO_NUL)
Key = Annotated[str | None, Header(alias="Idempotency-Key")]
CallUpId = Annotated[Id, Path()]
_STATUSES = ("", *CallUpStatus.values)
_SHOWN = {200: CallUpOut, **REFUSALS}
_MINE = {200: MyCallOut, **REFUSALS}


def _once(request: Request, key: str | None, body: Any, write: Callable[[], Any]) -> dict[str, Any]:
    """Write once under the key, or at all without one; the answer is the call-up's id."""

    def written() -> dict[str, Any]:
        return {"id": write().pk}

    if key is None:
        return written()
    return idempotency.once(actor=request.actor, key=key, body=body, now=clock.now(), write=written)


def _shown(request: Request, callup_id: int) -> dict[str, Any]:
    row = queries.get_callup(viewer=request.actor, callup_id=callup_id)
    return callup_out(queries.describe_callups([row])[0])


def _my_call(request: Request, callup_id: int) -> dict[str, Any]:
    return my_call_out(queries.get_my_call(viewer=request.actor, callup_id=callup_id))


@router.get("/callups", operation_id="list_callups", summary="召唤", response={200: CallUpPageOut, **REFUSALS})
@allow(Permission.VIEW)
def list_callups(
    request: Request,
    status: Literal[_STATUSES] = "",  # type: ignore[valid-type]  # choices come from an enum
    cursor: str = Cursor,
) -> Any:
    """List the call-ups within reach, the latest first."""
    page = queries.list_callups(viewer=request.actor, status=status, cursor=cursor)
    items = [callup_out(view) for view in queries.describe_callups(page.rows)]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.post("/callups", operation_id="start_callup", summary="一键召唤", response={201: CallUpOut, **REFUSALS})
@allow(SIGNED_IN)
def start_callup(request: Request, given: CallUpIn, idempotency_key: Key = None) -> Any:
    """Call everybody who fits and has agreed to be called."""
    made = _once(
        request, idempotency_key, given.model_dump(mode="json"),
        lambda: actions.start_callup(new=given.new(), **said(request)),
    )  # fmt: skip
    return Status(201, _shown(request, made["id"]))


@router.get(
    "/callups/mine", operation_id="list_my_calls", summary="召唤我的", response={200: list[MyCallOut], **REFUSALS}
)
@allow(SIGNED_IN)
def list_my_calls(request: Request) -> Any:
    """List what the caller is called to, the soonest first."""
    going, _over = queries.list_my_calls(viewer=request.actor, now=clock.now())
    return [my_call_out(view) for view in going]


@router.get("/callups/{callup_id}", operation_id="get_callup", summary="一次召唤", response=_SHOWN)
@allow(SIGNED_IN)
def get_callup(request: Request, callup_id: CallUpId) -> Any:
    """Show a call-up with its numbers, to who works with call-ups there."""
    return _shown(request, callup_id)


@router.get(
    "/callups/{callup_id}/people", operation_id="list_called", summary="被召唤的人",
    response={200: CallPageOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def list_called(
    request: Request,
    callup_id: CallUpId,
    group: Literal[tuple(Group.values)] = Group.ALL.value,  # type: ignore[valid-type]  # choices come from an enum
    cursor: str = Cursor,
) -> Any:
    """List those called, of one group; those who wait by turn, others by their answer, the latest first."""
    page = queries.list_called(viewer=request.actor, callup_id=callup_id, group=group, cursor=cursor)
    return {"items": [call_out(line) for line in page.rows], "next_cursor": page.next or None}


@router.patch("/callups/{callup_id}", operation_id="change_callup", summary="修改召唤", response=_SHOWN)
@allow(SIGNED_IN)
def change_callup(request: Request, callup_id: CallUpId, given: CallUpChangeIn) -> Any:
    """Say anew how many are needed and until when they may answer."""
    actions.change_callup(callup_id=callup_id, places=given.places, answer_by=given.answer_by, **said(request))
    return _shown(request, callup_id)


@router.post("/callups/{callup_id}/close", operation_id="close_callup", summary="结束召唤", response=_SHOWN)
@allow(SIGNED_IN)
def close_callup(request: Request, callup_id: CallUpId, given: CloseIn) -> Any:
    """Close it with a summary; who has reported gets their hours."""
    actions.close_callup(callup_id=callup_id, summary=given.summary, ended_at=given.ended_at, **said(request))
    return _shown(request, callup_id)


@router.post("/callups/{callup_id}/cancel", operation_id="cancel_callup", summary="取消召唤", response=_SHOWN)
@allow(SIGNED_IN)
def cancel_callup(request: Request, callup_id: CallUpId, given: CancelIn) -> Any:
    """Call it off; everybody is told, with the reason."""
    actions.cancel_callup(callup_id=callup_id, reason=given.reason, **said(request))
    return _shown(request, callup_id)


@router.post(
    "/callups/{callup_id}/people/{call_id}/answer", operation_id="take_down_answer", summary="代为答复",
    response=_SHOWN,
)  # fmt: skip
@allow(SIGNED_IN)
def take_down_answer(request: Request, callup_id: CallUpId, call_id: Annotated[Id, Path()], given: AnswerIn) -> Any:
    """Take down what somebody has answered by telephone."""
    actions.take_down_answer(
        callup_id=callup_id, call_id=call_id, answer=given.answer, reason=given.reason, **said(request)
    )
    return _shown(request, callup_id)


@router.post("/callups/{callup_id}/answer", operation_id="answer_call", summary="答复召唤", response=_MINE)
@allow(SIGNED_IN)
def answer_call(request: Request, callup_id: CallUpId, given: AnswerIn) -> Any:
    """Answer a call; where every place is taken, who comes waits (`waits`). The same answer again changes nothing."""
    actions.answer_call(callup_id=callup_id, answer=given.answer, reason=given.reason, **said(request))
    return _my_call(request, callup_id)


@router.post("/callups/{callup_id}/report", operation_id="report_here", summary="现场报到", response=_MINE)
@allow(SIGNED_IN)
def report_here(request: Request, callup_id: CallUpId, given: ReportIn) -> Any:
    """Report on the spot with the scanned code, once; nothing is kept of where."""
    actions.report_here(callup_id=callup_id, code=given.code, **said(request))
    return _my_call(request, callup_id)
