"""The API of points: parse, one call, print. While points are off every operation answers 404."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Router, Status

from haitang.core import clock, idempotency
from haitang.core.access import SIGNED_IN, Actor, allow
from haitang.core.schemas import REFUSALS, Id
from haitang.points import actions, queries
from haitang.points.schemas import CodeIn, HandedOut, RedemptionOut, StatementOut, redemption_out, statement_out

router = Router(tags=["积分"])
Key = Annotated[str | None, Header(alias="Idempotency-Key")]
_SHOWN = {200: StatementOut, **REFUSALS}


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]  # see core.http.Request


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"actor": _actor(request), "now": clock.now()}


def _statement(request: HttpRequest) -> dict[str, Any]:
    return statement_out(queries.get_statement(viewer=_actor(request), now=clock.now()))


@router.get("/points", operation_id="get_points", summary="我的积分", response=_SHOWN)
@allow(SIGNED_IN)
def get_points(request: HttpRequest) -> Any:
    """Show the caller's own statement, with why each entry came about, and what they can have."""
    return _statement(request)


@router.post("/points/agree", operation_id="agree_to_points", summary="同意使用积分", response=_SHOWN)
@allow(SIGNED_IN)
def agree_to_points(request: HttpRequest) -> Any:
    """Open the caller's account as a volunteer."""
    actions.agree_to_points(**_said(request))
    return _statement(request)


@router.post("/points/leave", operation_id="leave_points", summary="退出积分", response=_SHOWN)
@allow(SIGNED_IN)
def leave_points(request: HttpRequest) -> Any:
    """Close the caller's account."""
    actions.leave_points(**_said(request))
    return _statement(request)


@router.post(
    "/points/rewards/{reward_id}/order", operation_id="order_reward", summary="兑换",
    response={201: RedemptionOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def order_reward(request: HttpRequest, reward_id: Annotated[Id, Path()], idempotency_key: Key = None) -> Any:
    """Spend points on a reward, once under a key."""

    def write() -> dict[str, Any]:
        return {"id": actions.order_reward(reward_id=reward_id, **_said(request)).pk}

    made = _once(request, idempotency_key, ["order", reward_id], write)
    return Status(201, redemption_out(queries.get_redemption(made["id"])))


def _once(request: HttpRequest, key: str | None, body: Any, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Write once under the key, or at all without one."""
    if key is None:
        return write()
    return idempotency.once(actor=_actor(request), key=key, body=body, now=clock.now(), write=write)


@router.post(
    "/points/redemptions/{redemption_id}/cancel", operation_id="cancel_redemption", summary="取消兑换", response=_SHOWN
)
@allow(SIGNED_IN)
def cancel_redemption(request: HttpRequest, redemption_id: Annotated[Id, Path()]) -> Any:
    """Cancel an exchange that nobody has fetched."""
    actions.cancel_redemption(redemption_id=redemption_id, **_said(request))
    return _statement(request)


@router.post(
    "/points/hand-outs", operation_id="hand_out_reward", summary="凭码发放", response={200: HandedOut, **REFUSALS}
)
@allow(SIGNED_IN)
def hand_out_reward(request: HttpRequest, given: CodeIn) -> Any:
    """Hand a thing out for its code, once."""
    row = actions.hand_out_reward(code=given.code, **_said(request))
    return {"id": row.pk, "title": row.reward.title, "status": row.status}
