"""The API of services, orders and offers: parse, one call, print."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router, Status

from haitang.core import clock, idempotency
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import actor_of, said
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.orders import actions, queries
from haitang.orders.lifecycle import Status as OrderStatus
from haitang.orders.queries import OrderFilter
from haitang.orders.schemas import (
    ChangeIn,
    ContactOut,
    CreatedOut,
    FinishIn,
    FollowedOut,
    FollowIn,
    MissedIn,
    OfferOut,
    OffersIn,
    OrderDetailOut,
    OrderIn,
    OrderPageOut,
    PlanIn,
    PlanOut,
    ReasonIn,
    ReviewIn,
    ServiceOut,
    SlotOut,
    offer_out,
    order_detail_out,
    order_out,
    plan_out,
    service_out,
    slot_out,
)
from haitang.orders.values import Permission
from haitang.territory.queries import territory

router = Router(tags=["点单服务"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
Code = Query("", max_length=40, pattern=NO_NUL)
Key = Annotated[str | None, Header(alias="Idempotency-Key")]
OrderId = Annotated[Id, Path()]
_STATUSES = ("", "ongoing", *OrderStatus.values)
_SHOWN = {200: OrderDetailOut, **REFUSALS}


def _once(request: HttpRequest, key: str | None, body: Any, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Write once under the key, or at all without one."""
    if key is None:
        return write()
    return idempotency.once(actor=actor_of(request), key=key, body=body, now=clock.now(), write=write)


def _shown(request: HttpRequest, order_id: int) -> dict[str, Any]:
    page = queries.get_order_page(viewer=actor_of(request), order_id=order_id, now=clock.now())
    return order_detail_out(page)


@router.get("/services", operation_id="list_services", summary="服务目录", response={200: list[ServiceOut], **REFUSALS})
@allow(SIGNED_IN)
def list_services(request: HttpRequest, area: str = Code) -> Any:
    """List the services that are to be had in an area, by its code."""
    found = territory().by_code(area)
    if found is None:
        raise NotFound(_("没有这个区域"))
    return [service_out(view) for view in queries.list_services(area_ids=found.ids)]


@router.get(
    "/services/{service_id}/slots", operation_id="list_slots", summary="可约时段",
    response={200: list[SlotOut], **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def list_slots(request: HttpRequest, service_id: Annotated[Id, Path()], on: date) -> Any:
    """List the hours of a day that can be ordered, with the places left."""
    service = queries.get_service(service_id)
    return [slot_out(view) for view in queries.list_slots(service=service, on=on, now=clock.now())]


@router.get("/orders", operation_id="list_orders", summary="订单", response={200: OrderPageOut, **REFUSALS})
@allow(Permission.VIEW)
def list_orders(
    request: HttpRequest,
    status: Literal[_STATUSES] = "",  # type: ignore[valid-type]  # choices come from an enum
    service_type: str = Code,
    area: str = Code,
    cursor: str = Cursor,
) -> Any:
    """List orders within reach, newest first."""
    found = territory().by_code(area)
    wanted = OrderFilter(status, service_type, found.path if found else "")
    page = queries.list_orders(viewer=actor_of(request), wanted=wanted, cursor=cursor)
    items = [order_out(view) for view in queries.describe_orders(page.rows)]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.post("/orders", operation_id="place_order", summary="下单", response={201: CreatedOut, **REFUSALS})
@allow(SIGNED_IN)
def place_order(request: HttpRequest, given: OrderIn, idempotency_key: Key = None) -> Any:
    """Order a service; when the hour is full the order is on the wait list (status `waiting`)."""

    def write() -> dict[str, Any]:
        row = actions.place_order(new=given.new(), **said(request))
        return {"id": row.pk, "number": row.number, "status": row.status}

    return Status(201, _once(request, idempotency_key, given.model_dump(mode="json"), write))


@router.get("/orders/{order_id}", operation_id="get_order", summary="一个订单", response=_SHOWN)
@allow(SIGNED_IN)
def get_order(request: HttpRequest, order_id: OrderId) -> Any:
    """Show one order, the caller's own or one within reach."""
    return _shown(request, order_id)


def _deed(request: HttpRequest, order_id: int, key: str | None, name: str, given: Any, action: Callable) -> Any:
    """Do a deed of an order, once under a key, and show the order as it stands."""
    body = given.model_dump(mode="json") if given is not None else {}

    def write() -> dict[str, Any]:
        action(order_id=order_id, **body, **said(request))
        return {}

    _once(request, key, [name, order_id, body], write)
    return _shown(request, order_id)


@router.post("/orders/{order_id}/cancel", operation_id="cancel_order", summary="取消订单", response=_SHOWN)
@allow(SIGNED_IN)
def cancel_order(request: HttpRequest, order_id: OrderId, given: ReasonIn, idempotency_key: Key = None) -> Any:
    """Cancel it; its place goes to the first of the wait list."""
    return _deed(request, order_id, idempotency_key, "cancel", given, actions.cancel_order)


@router.post("/orders/{order_id}/confirm", operation_id="confirm_order", summary="确认完成", response=_SHOWN)
@allow(SIGNED_IN)
def confirm_order(request: HttpRequest, order_id: OrderId, idempotency_key: Key = None) -> Any:
    """Confirm for the orderer that it was done."""
    return _deed(request, order_id, idempotency_key, "confirm", None, actions.confirm_order)


@router.post("/orders/{order_id}/contest", operation_id="contest_order", summary="否认完成", response=_SHOWN)
@allow(SIGNED_IN)
def contest_order(request: HttpRequest, order_id: OrderId, given: ReasonIn, idempotency_key: Key = None) -> Any:
    """Say for the orderer that it was not done."""
    return _deed(request, order_id, idempotency_key, "contest", given, actions.contest_order)


@router.post("/orders/{order_id}/review", operation_id="review_order", summary="评价", response=_SHOWN)
@allow(SIGNED_IN)
def review_order(request: HttpRequest, order_id: OrderId, given: ReviewIn, idempotency_key: Key = None) -> Any:
    """Review the service."""
    return _deed(request, order_id, idempotency_key, "review", given, actions.review_order)


@router.post("/orders/{order_id}/missed", operation_id="report_missed", summary="登记未能成行", response=_SHOWN)
@allow(SIGNED_IN)
def report_missed(request: HttpRequest, order_id: OrderId, given: MissedIn, idempotency_key: Key = None) -> Any:
    """Take down for the orderer, or as staff, that one side was not there."""
    return _deed(request, order_id, idempotency_key, "missed", given, actions.report_missed)


@router.post("/orders/{order_id}/offers", operation_id="offer_order", summary="派单", response=_SHOWN)
@allow(SIGNED_IN)
def offer_order(request: HttpRequest, order_id: OrderId, given: OffersIn, idempotency_key: Key = None) -> Any:
    """Offer an order to helpers; the first to accept has it."""

    def write() -> dict[str, Any]:
        actions.offer(order_id=order_id, helpers=[each.ref() for each in given.helpers], **said(request))
        return {}

    _once(request, idempotency_key, ["offer", order_id, given.model_dump(mode="json")], write)
    return _shown(request, order_id)


@router.get("/offers", operation_id="list_offers", summary="派给我的", response={200: list[OfferOut], **REFUSALS})
@allow(SIGNED_IN)
def list_offers(request: HttpRequest) -> Any:
    """List the offers that wait for the caller's answer, as a volunteer or for an organization."""
    return [offer_out(view) for view in queries.list_my_offers(viewer=actor_of(request), now=clock.now())]


@router.post(
    "/offers/{offer_id}/accept", operation_id="accept_offer", summary="接单", response={200: CreatedOut, **REFUSALS}
)
@allow(SIGNED_IN)
def accept_offer(request: HttpRequest, offer_id: Annotated[Id, Path()], idempotency_key: Key = None) -> Any:
    """Accept an offer; 409 where somebody was faster or the time is promised."""

    def write() -> dict[str, Any]:
        row = actions.accept_offer(offer_id=offer_id, **said(request))
        return {"id": row.pk, "number": row.number, "status": row.status}

    return _once(request, idempotency_key, ["accept", offer_id], write)


@router.post(
    "/offers/{offer_id}/decline", operation_id="decline_offer", summary="婉拒", response={204: None, **REFUSALS}
)
@allow(SIGNED_IN)
def decline_offer(
    request: HttpRequest, offer_id: Annotated[Id, Path()], given: ReasonIn, idempotency_key: Key = None
) -> Any:
    """Decline an offer, with the reason."""

    def write() -> dict[str, Any]:
        actions.decline_offer(offer_id=offer_id, reason=given.reason, **said(request))
        return {}

    _once(request, idempotency_key, ["decline", offer_id, given.reason], write)
    return Status(204, None)


@router.post(
    "/orders/{order_id}/finish", operation_id="finish_order", summary="报告完成", response={204: None, **REFUSALS}
)
@allow(SIGNED_IN)
def finish_order(request: HttpRequest, order_id: OrderId, given: FinishIn, idempotency_key: Key = None) -> Any:
    """Say, as the helper or for them, that it was done."""

    def write() -> dict[str, Any]:
        actions.finish_order(order_id=order_id, **given.model_dump(), **said(request))
        return {}

    _once(request, idempotency_key, ["finish", order_id, given.model_dump(mode="json")], write)
    return Status(204, None)


@router.post(
    "/orders/{order_id}/contact", operation_id="see_order_contact", summary="查看联系方式",
    response={200: ContactOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def see_order_contact(request: HttpRequest, order_id: OrderId) -> Any:
    """Tell the helper who has accepted who ordered and where; the look is recorded."""
    name, phone, address = actions.see_contact(order_id=order_id, **said(request))
    return {"name": name, "phone": phone, "address": address}


def _plan(request: HttpRequest, plan_id: int, **cursors: str) -> dict[str, Any]:
    return plan_out(queries.get_dispatch(viewer=actor_of(request), dispatch_id=plan_id, **cursors))


@router.post("/dispatch-plans", operation_id="draw_plan", summary="生成派单方案", response={201: PlanOut, **REFUSALS})
@allow(SIGNED_IN)
def draw_plan(request: HttpRequest, given: PlanIn) -> Any:
    """Propose somebody for each open order of an area; drawn again while nothing has changed, it is the same plan."""
    area = territory().by_code(given.area_code)
    if area is None:
        raise NotFound(_("没有这个区域"))
    return Status(201, _plan(request, actions.propose_helpers(area_id=area.id, **said(request)).pk))


@router.get(
    "/dispatch-plans/{plan_id}", operation_id="get_plan", summary="一份派单方案", response={200: PlanOut, **REFUSALS}
)
@allow(SIGNED_IN)
def get_plan(
    request: HttpRequest, plan_id: Annotated[Id, Path()], cursor: str = Cursor, unmet_cursor: str = Cursor
) -> Any:
    """Show a plan with the reasons, beside going order by order; a page of its proposals, one of orders left."""
    return _plan(request, plan_id, cursor=cursor, missing_cursor=unmet_cursor)


@router.post(
    "/dispatch-plans/{plan_id}/confirm", operation_id="confirm_plan", summary="确认派单方案",
    response={200: FollowedOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def confirm_plan(request: HttpRequest, plan_id: Annotated[Id, Path()], given: FollowIn) -> Any:
    """Offer its orders to those proposed; what was seen to otherwise meanwhile is told and left alone."""
    viewer = request.actor  # type: ignore[attr-defined]  # see core.http.Request
    if given.proposal_ids is None and queries.is_for_job(viewer=viewer, dispatch_id=plan_id):
        actions.start_following(dispatch_id=plan_id, **said(request))
        return {"offered": 0, "stale": [], "under_way": True}
    done = actions.confirm_proposals(dispatch_id=plan_id, proposal_ids=given.proposal_ids, **said(request))
    return {"offered": done.offered, "stale": done.stale, "under_way": False}


@router.post(
    "/proposals/{proposal_id}/change", operation_id="change_proposal", summary="改派",
    response={200: PlanOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def change_proposal(request: HttpRequest, proposal_id: Annotated[Id, Path()], given: ChangeIn) -> Any:
    """Offer the order to somebody else than proposed."""
    row = actions.change_proposal(proposal_id=proposal_id, **given.model_dump(), **said(request))
    return _plan(request, row.dispatch_id)


@router.post(
    "/proposals/{proposal_id}/refuse", operation_id="refuse_proposal", summary="不采用推荐",
    response={200: PlanOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def refuse_proposal(request: HttpRequest, proposal_id: Annotated[Id, Path()], given: ReasonIn) -> Any:
    """Do not follow a proposal; the order stays to be handed out."""
    row = actions.refuse_proposal(proposal_id=proposal_id, reason=given.reason, **said(request))
    return _plan(request, row.dispatch_id)
