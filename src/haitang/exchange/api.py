"""The API of the three lists: parse, one call, print."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.clock import local_date
from haitang.core.http import actor_of, said
from haitang.core.paging import Page
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.exchange import actions, queries
from haitang.exchange.lifecycle import Stage
from haitang.exchange.lifecycle import Status as EntryStatus
from haitang.exchange.queries import AgreementFilter, ListFilter, rules
from haitang.exchange.schemas import (
    AgreementOut,
    AgreementPageOut,
    ConfirmIn,
    DeclineIn,
    DeedIn,
    EvaluationIn,
    NeedIn,
    NeedOut,
    NeedPageOut,
    OrderIn,
    PlanOut,
    ProposalOut,
    ReasonIn,
    ResourceIn,
    ResourceOut,
    ResourcePageOut,
    TallyOut,
    UnmetPageOut,
    UnusedPageOut,
    agreement_out,
    gap_out,
    need_out,
    plan_out,
    proposal_out,
    resource_out,
    tally_out,
)
from haitang.exchange.values import Channel, Permission
from haitang.territory.queries import territory

router = Router(tags=["三张清单"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
Code = Query("", max_length=40, pattern=NO_NUL)
EntryId = Annotated[Id, Path()]
_STATUSES = ("", "open", "listed", *EntryStatus.values)
_STAGES = ("", "live", "standing", "agreed", "failed", "projects", *Stage.values)


def _path(code: str) -> str:
    area = territory().by_code(code)
    return area.path if area else ""


def _round_id(code: str) -> int | None:
    found = rules().round(code)
    return found.id if found else None


def _wanted(status: str, area: str, category: str, round_code: str, gap: bool) -> ListFilter:
    category_id = rules().category(category).id if category else None
    return ListFilter(status, category_id, _path(area), _round_id(round_code), None, gap)


def _page(page: Page, draw: Callable[[Any], dict], describe: Callable) -> dict[str, Any]:
    rows = [draw(view) for view in describe(page.rows)]
    return {"items": rows, "total": page.total, "next_cursor": page.next or None}


@router.get("/needs", operation_id="list_needs", summary="需求清单", response={200: NeedPageOut, **REFUSALS})
@allow(SIGNED_IN)
def list_needs(
    request: HttpRequest, status: Literal[_STATUSES] = "", area: str = Code, category: str = Code, batch: str = Code,  # type: ignore[valid-type]  # choices come from an enum
    without_agreement: bool = False, cursor: str = Cursor,
) -> Any:  # fmt: skip
    """List needs within reach, the latest entered first; who asks is never among what is shown."""
    wanted = _wanted(status, area, category, batch, without_agreement)
    page = queries.list_needs(viewer=actor_of(request), wanted=wanted, cursor=cursor)
    return _page(page, need_out, queries.describe_entries)


@router.post("/needs", operation_id="enter_need", summary="登记需求", response={201: NeedOut, **REFUSALS})
@allow(Permission.ENTER)
def enter_need(request: HttpRequest, given: NeedIn) -> Any:
    """Enter a need, as a draft."""
    (row,) = actions.enter_needs(news=[given.new()], channel=Channel.API, **said(request))
    return Status(201, need_out(queries.describe_entries([row])[0]))


@router.post("/needs/asked", operation_id="ask_need", summary="提出需求", response={201: NeedOut, **REFUSALS})
@allow(SIGNED_IN)
def ask_need(request: HttpRequest, given: NeedIn) -> Any:
    """Ask for something as a resident, as a draft that the community looks at first."""
    return Status(201, need_out(queries.describe_entries([actions.ask_need(new=given.new(), **said(request))])[0]))


@router.get("/needs/{need_id}", operation_id="get_need", summary="一条需求", response={200: NeedOut, **REFUSALS})
@allow(SIGNED_IN)
def get_need(request: HttpRequest, need_id: EntryId) -> Any:
    """Show one need."""
    return need_out(queries.describe_entries([queries.get_need(viewer=actor_of(request), need_id=need_id)])[0])


@router.post(
    "/needs/{need_id}/publish", operation_id="publish_need", summary="发布需求", response={200: NeedOut, **REFUSALS}
)
@allow(Permission.PUBLISH)
def publish_need(request: HttpRequest, need_id: EntryId) -> Any:
    """Put a need on the public list."""
    return need_out(queries.describe_entries(actions.publish_needs(need_ids=[need_id], **said(request)))[0])


@router.post(
    "/needs/{need_id}/deny", operation_id="deny_need", summary="不予发布需求", response={200: NeedOut, **REFUSALS}
)
@allow(Permission.PUBLISH)
def deny_need(request: HttpRequest, need_id: EntryId, given: ReasonIn) -> Any:
    """Keep a need off the public list, with the reason."""
    row = actions.deny_need(need_id=need_id, reason=given.reason, **said(request))
    return need_out(queries.describe_entries([row])[0])


@router.post(
    "/needs/{need_id}/close", operation_id="close_need", summary="关闭需求", response={200: NeedOut, **REFUSALS}
)
@allow(Permission.PUBLISH)
def close_need(request: HttpRequest, need_id: EntryId, given: ReasonIn) -> Any:
    """Take a need off the list for good, with the reason."""
    row = actions.close_need(need_id=need_id, reason=given.reason, **said(request))
    return need_out(queries.describe_entries([row])[0])


@router.get(
    "/needs/{need_id}/proposals", operation_id="propose_resources", summary="推荐资源",
    response={200: list[ProposalOut], **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def propose_resources(request: HttpRequest, need_id: EntryId) -> Any:
    """Show the resources that fit a need best, with the reasons."""
    today = local_date(clock.now())
    found = queries.propose_resources(viewer=actor_of(request), need_id=need_id, today=today)
    return [proposal_out(each) for each in found]


@router.get(
    "/resources", operation_id="list_resources", summary="资源清单", response={200: ResourcePageOut, **REFUSALS}
)
@allow(SIGNED_IN)
def list_resources(
    request: HttpRequest, status: Literal[_STATUSES] = "", area: str = Code, category: str = Code, batch: str = Code,  # type: ignore[valid-type]  # choices come from an enum
    without_agreement: bool = False, cursor: str = Cursor,
) -> Any:  # fmt: skip
    """List resources within reach, the latest entered first."""
    wanted = _wanted(status, area, category, batch, without_agreement)
    page = queries.list_resources(viewer=actor_of(request), wanted=wanted, cursor=cursor)
    return _page(page, resource_out, queries.describe_entries)


@router.post("/resources", operation_id="offer_resource", summary="登记资源", response={201: ResourceOut, **REFUSALS})
@allow(SIGNED_IN)
def offer_resource(request: HttpRequest, given: ResourceIn) -> Any:
    """Enter a resource, as a draft: for one's own unit, or for a unit where one enters needs."""
    (row,) = actions.offer_resources(news=[given.new()], channel=Channel.API, **said(request))
    return Status(201, resource_out(queries.describe_entries([row])[0]))


@router.get(
    "/resources/{resource_id}", operation_id="get_resource", summary="一条资源", response={200: ResourceOut, **REFUSALS}
)
@allow(SIGNED_IN)
def get_resource(request: HttpRequest, resource_id: EntryId) -> Any:
    """Show one resource."""
    row = queries.get_resource(viewer=actor_of(request), resource_id=resource_id)
    return resource_out(queries.describe_entries([row])[0])


@router.post(
    "/resources/{resource_id}/publish", operation_id="publish_resource", summary="发布资源",
    response={200: ResourceOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.PUBLISH)
def publish_resource(request: HttpRequest, resource_id: EntryId) -> Any:
    """Put a resource on the public list."""
    rows = actions.publish_resources(resource_ids=[resource_id], **said(request))
    return resource_out(queries.describe_entries(rows)[0])


@router.post(
    "/resources/{resource_id}/deny", operation_id="deny_resource", summary="不予发布资源",
    response={200: ResourceOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.PUBLISH)
def deny_resource(request: HttpRequest, resource_id: EntryId, given: ReasonIn) -> Any:
    """Keep a resource off the public list, with the reason."""
    row = actions.deny_resource(resource_id=resource_id, reason=given.reason, **said(request))
    return resource_out(queries.describe_entries([row])[0])


@router.post(
    "/resources/{resource_id}/close", operation_id="close_resource", summary="关闭资源",
    response={200: ResourceOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def close_resource(request: HttpRequest, resource_id: EntryId, given: ReasonIn) -> Any:
    """Take a resource off the list for good, with the reason; the unit itself may, too."""
    row = actions.close_resource(resource_id=resource_id, reason=given.reason, **said(request))
    return resource_out(queries.describe_entries([row])[0])


@router.get(
    "/resources/{resource_id}/proposals", operation_id="propose_needs", summary="推荐需求",
    response={200: list[ProposalOut], **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def propose_needs(request: HttpRequest, resource_id: EntryId) -> Any:
    """Show the needs that a resource fits best, with the reasons."""
    today = local_date(clock.now())
    found = queries.propose_needs(viewer=actor_of(request), resource_id=resource_id, today=today)
    return [proposal_out(each) for each in found]


@router.get(
    "/agreements", operation_id="list_agreements", summary="对接单", response={200: AgreementPageOut, **REFUSALS}
)
@allow(SIGNED_IN)
def list_agreements(
    request: HttpRequest, stage: Literal[_STAGES] = "", area: str = Code, batch: str = Code, for_me: bool = False,  # type: ignore[valid-type]  # choices come from an enum
    cursor: str = Cursor,
) -> Any:  # fmt: skip
    """List agreements within reach, the latest ordered first."""
    wanted = AgreementFilter(stage, _path(area), _round_id(batch), for_me=for_me)
    page = queries.list_agreements(viewer=actor_of(request), wanted=wanted, cursor=cursor)
    return _page(page, agreement_out, partial(queries.describe_agreements, viewer=actor_of(request)))


@router.post("/agreements", operation_id="order_resource", summary="一键下单", response={201: AgreementOut, **REFUSALS})
@allow(SIGNED_IN)
def order_resource(request: HttpRequest, given: OrderIn) -> Any:
    """Order a resource, for a need or without one; its capacity is held until the other side has answered."""
    row = actions.order_resource(order=given.order(), side=given.side, **said(request))
    return Status(201, _shown(request, row.pk))


def _shown(request: HttpRequest, agreement_id: int) -> dict[str, Any]:
    page = queries.get_agreement_page(viewer=actor_of(request), agreement_id=agreement_id)
    return agreement_out(page.view) | {"deeds": page.deeds}


@router.get(
    "/agreements/{agreement_id}", operation_id="get_agreement", summary="一张对接单",
    response={200: AgreementOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def get_agreement(request: HttpRequest, agreement_id: EntryId) -> Any:
    """Show one agreement, with what may be done to it now and for which side."""
    return _shown(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/confirm", operation_id="confirm_agreement", summary="确认",
    response={200: AgreementOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def confirm_agreement(request: HttpRequest, agreement_id: EntryId, given: ConfirmIn) -> Any:
    """Say yes for one side, to the terms as they stand or to other ones."""
    terms = given.terms.terms() if given.terms else None
    actions.confirm_agreement(
        agreement_id=agreement_id, side=given.side, version=given.version, terms=terms, **said(request)
    )
    return _shown(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/decline", operation_id="decline_agreement", summary="婉拒",
    response={200: AgreementOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def decline_agreement(request: HttpRequest, agreement_id: EntryId, given: DeclineIn) -> Any:
    """Say no for one side, with the reason; the capacity is free again."""
    actions.decline_agreement(agreement_id=agreement_id, side=given.side, reason=given.reason, **said(request))
    return _shown(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/withdraw", operation_id="withdraw_agreement", summary="撤回",
    response={200: AgreementOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def withdraw_agreement(request: HttpRequest, agreement_id: EntryId, given: DeedIn) -> Any:
    """Take an order back before both have said yes."""
    actions.withdraw_agreement(agreement_id=agreement_id, side=given.side, reason=given.words, **said(request))
    return _shown(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/deliver", operation_id="deliver_agreement", summary="登记交付",
    response={200: AgreementOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def deliver_agreement(request: HttpRequest, agreement_id: EntryId, given: DeedIn) -> Any:
    """Take down that a service agreed on has been done; a project is delivered when it is accepted."""
    actions.deliver_agreement(agreement_id=agreement_id, side=given.side, words=given.words, **said(request))
    return _shown(request, agreement_id)


@router.post(
    "/agreements/{agreement_id}/evaluate", operation_id="evaluate_agreement", summary="双向评价",
    response={200: AgreementOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def evaluate_agreement(request: HttpRequest, agreement_id: EntryId, given: EvaluationIn) -> Any:
    """Say for one side what the other was like, once."""
    actions.evaluate_agreement(
        agreement_id=agreement_id, side=given.side, stars=given.stars, words=given.words, **said(request)
    )
    return _shown(request, agreement_id)


@router.get("/exchange/plan", operation_id="plan_matches", summary="整体最优匹配", response={200: PlanOut, **REFUSALS})
@allow(Permission.VIEW)
def plan_matches(
    request: HttpRequest, area: str = Code, category: str = Code, batch: str = Code, cursor: str = Cursor
) -> Any:
    """Show the best whole plan for the open needs of an area, a page of its proposals at a time."""
    wanted = _wanted("open", area, category, batch, False)
    plan = queries.plan_matches(
        viewer=actor_of(request), wanted=wanted, today=local_date(clock.now()), cursor=cursor, limit=queries.PLAN_ROWS
    )
    return plan_out(plan)


def _gaps(request: HttpRequest, read: Any, named: str, draw: Any, wanted: ListFilter, cursor: str) -> dict[str, Any]:
    page = read(viewer=actor_of(request), wanted=wanted, now=clock.now(), cursor=cursor)
    items = [gap_out(each) | {named: draw(each.view)} for each in page.rows]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.get(
    "/exchange/unmet", operation_id="list_unmet", summary="未对接的需求", response={200: UnmetPageOut, **REFUSALS}
)
@allow(Permission.VIEW)
def list_unmet(
    request: HttpRequest, area: str = Code, category: str = Code, batch: str = Code, cursor: str = Cursor
) -> Any:
    """List the needs that no agreement stands for, the longest waiting first, and why."""
    wanted = _wanted("open", area, category, batch, True)
    return _gaps(request, queries.list_unmet, "need", need_out, wanted, cursor)


@router.get(
    "/exchange/unused", operation_id="list_unused", summary="没人要的资源", response={200: UnusedPageOut, **REFUSALS}
)
@allow(Permission.VIEW)
def list_unused(
    request: HttpRequest, area: str = Code, category: str = Code, batch: str = Code, cursor: str = Cursor
) -> Any:
    """List the resources that nobody has asked for, the longest waiting first, and why."""
    wanted = _wanted("open", area, category, batch, True)
    return _gaps(request, queries.list_unused, "resource", resource_out, wanted, cursor)


@router.get(
    "/exchange/figures", operation_id="tally_exchange", summary="清单数据", response={200: TallyOut, **REFUSALS}
)
@allow(Permission.VIEW)
def tally_exchange(request: HttpRequest, area: str = Code, batch: str = Code) -> Any:
    """Show the three lists in numbers."""
    return tally_out(queries.tally(viewer=actor_of(request), area_path=_path(area), round_id=_round_id(batch)))
