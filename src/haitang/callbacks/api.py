"""The API of call-backs: parse, one call, print."""

from typing import Annotated, Any, Literal

from ninja import Query, Router

from haitang.callbacks import actions, queries
from haitang.callbacks.schemas import CallbackOut, CallbackPageOut, CallIn, callback_out
from haitang.callbacks.values import Permission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.paging import CURSOR_MAX
from haitang.core.schemas import REFUSALS, Id, Schema, text

router = Router(tags=["callbacks"])


class CallbackQuery(Schema):
    """Which call-backs: `ready` may be made now, `waiting` are all that wait, `ended` are over."""

    state: Literal["ready", "waiting", "ended"] = "ready"
    cursor: Annotated[str, text(CURSOR_MAX)] = ""


@router.get("/callbacks", response={200: CallbackPageOut, **REFUSALS}, operation_id="list_callbacks")
@allow(Permission.ANSWER)
def list_callbacks(request: Request, asked: Query[CallbackQuery]) -> dict[str, Any]:
    """List the call-backs that the caller may make."""
    page = queries.list_callbacks(viewer=request.actor, state=asked.state, now=clock.now(), cursor=asked.cursor)
    return {
        "rows": [callback_out(row) for row in page.rows], "total": page.total, "total_is_more": page.total_is_more,
        "previous": page.previous, "next": page.next,
    }  # fmt: skip


@router.get("/callbacks/{callback_id}", response={200: CallbackOut, **REFUSALS}, operation_id="get_callback")
@allow(Permission.ANSWER)
def get_callback(request: Request, callback_id: Id) -> dict[str, Any]:
    """Return one call-back."""
    return callback_out(queries.get_callback(viewer=request.actor, callback_id=callback_id).row)


@router.post("/callbacks/{callback_id}/calls", response={200: CallbackOut, **REFUSALS}, operation_id="record_call")
@allow(Permission.ANSWER)
def record_call(request: Request, callback_id: Id, body: CallIn) -> dict[str, Any]:
    """Write down what came of one call; a negative answer has the case done over."""
    actions.record_call(actor=request.actor, callback_id=callback_id, now=clock.now(), **body.given())
    return callback_out(queries.get_callback(viewer=request.actor, callback_id=callback_id).row)
