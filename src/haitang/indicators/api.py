"""The API of indicators: parse, one call, print."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import Field

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.paging import CURSOR_MAX
from haitang.core.replicas import from_replica
from haitang.core.schemas import REFUSALS, Id, Schema, answer, text
from haitang.indicators import actions, queries
from haitang.indicators.schemas import (
    CODE,
    DeskCasesOut,
    DeskTableOut,
    ExclusionIn,
    ExclusionOut,
    IndicatorTableOut,
    ReviewIn,
    SetOut,
    UndoIn,
    desk_cases_out,
    desk_table_out,
    exclusion_out,
    set_out,
    table_out,
)
from haitang.indicators.values import Period, Permission, month_of

router = Router(tags=["indicators"])
DAYS_MAX = 366


class IndicatorQuery(Schema):
    """Which table: of a set and an area (the caller's own by default), over a month of assessment ("2026-05"), or days.

    from, to: both or neither; instead of the month.
    """

    set: CODE = "three_rates"
    area: CODE = ""
    month: Annotated[str, Field(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")] | None = None
    from_: date | None = Field(None, alias="from")
    to: date | None = None


class DeskQuery(IndicatorQuery):
    """Which table of organizations: as for areas. kind: of organizations, "" all.

    Callers who hold the figures of organizations alone, and of no area, leave the area empty.
    """

    kind: CODE = ""


class DeskCasesQuery(IndicatorQuery):
    """Which cases: of a counter that a quantity names, such as "due_late:handle", and a period as for areas."""

    measure: Annotated[str, text(60)]
    cursor: Annotated[str, text(CURSOR_MAX)] = ""


@router.get("/indicator-sets", response={200: list[SetOut], **REFUSALS}, operation_id="list_indicator_sets")
@allow(Permission.VIEW)
def list_sets(request: Request) -> list[dict[str, Any]]:
    """List the sets of indicators with their formulas."""
    return [set_out(each) for each in queries.sets()]


@router.get("/indicators", response={200: IndicatorTableOut, **REFUSALS}, operation_id="get_indicators", by_alias=True)
@allow(Permission.VIEW)
@from_replica
def get_indicators(request: Request, asked: Query[IndicatorQuery]) -> HttpResponse:
    """Compute the indicators of an area and of those directly below it; exact at every read."""
    now = clock.now()
    area = queries.pick_area(request.actor, asked.area)
    if area is None:
        raise Invalid(_("没有可统计的区域"))
    found = queries.get_table(viewer=request.actor, area=area, set_code=asked.set, period=_period(asked), now=now)
    return answer(table_out(found))


@router.get(
    "/indicators/organizations",
    response={200: DeskTableOut, **REFUSALS},
    operation_id="get_desk_indicators",
    by_alias=True,
)
@allow(Permission.VIEW)
@from_replica
def get_desk_indicators(request: Request, asked: Query[DeskQuery]) -> HttpResponse:
    """Compute the indicators of the organizations that had cases of an area, or of the caller's own organizations."""
    found = queries.get_desk_table(**_narrowed(request, asked), kind=asked.kind)
    return answer(desk_table_out(found))


@router.get(
    "/indicators/organizations/{code}/cases",
    response={200: DeskCasesOut, **REFUSALS},
    operation_id="list_desk_indicator_cases",
    by_alias=True,
)
@allow(Permission.VIEW)
@from_replica
def list_desk_cases(request: Request, code: str, asked: Query[DeskCasesQuery]) -> HttpResponse:
    """List the cases that a counter of an organization holds, as far as the caller may see them."""
    page = queries.list_desk_cases(
        **_narrowed(request, asked), organization=queries.pick_desk(code), measure=asked.measure, cursor=asked.cursor
    )
    return answer(desk_cases_out(page))


@router.post("/cases/{case_id}/exclusions", response={201: ExclusionOut, **REFUSALS}, operation_id="request_exclusion")
@allow(Permission.REQUEST)
def request_exclusion(request: Request, case_id: Id, body: ExclusionIn) -> Status:
    """Ask that a case be left out of the figures."""
    made = actions.request_exclusion(actor=request.actor, case_id=case_id, now=clock.now(), **body.dict())
    return Status(201, exclusion_out(made))


@router.post(
    "/exclusions/{exclusion_id}/review", response={200: ExclusionOut, **REFUSALS}, operation_id="review_exclusion"
)
@allow(Permission.REVIEW)
def review_exclusion(request: Request, exclusion_id: Id, body: ReviewIn) -> dict[str, Any]:
    """Decide on a request that somebody else made."""
    return exclusion_out(
        actions.review_exclusion(actor=request.actor, exclusion_id=exclusion_id, now=clock.now(), **body.dict())
    )


@router.post("/exclusions/{exclusion_id}/undo", response={200: ExclusionOut, **REFUSALS}, operation_id="undo_exclusion")
@allow(Permission.REVIEW)
def undo_exclusion(request: Request, exclusion_id: Id, body: UndoIn) -> dict[str, Any]:
    """Put a case back into the figures."""
    return exclusion_out(
        actions.undo_exclusion(actor=request.actor, exclusion_id=exclusion_id, now=clock.now(), **body.dict())
    )


def _narrowed(request: Request, asked: IndicatorQuery) -> dict[str, Any]:
    return {
        "viewer": request.actor, "area": queries.pick_area(request.actor, asked.area), "set_code": asked.set,
        "period": _period(asked), "now": clock.now(),
    }  # fmt: skip


def _period(asked: IndicatorQuery) -> Period:
    if asked.from_ is not None and asked.to is not None:
        if not 0 <= (asked.to - asked.from_).days < DAYS_MAX or asked.to >= date.max:
            raise Invalid(_("统计期间最长一年"))
        return Period(asked.from_, asked.to)
    if asked.from_ is not None or asked.to is not None:
        raise Invalid(_("开始日期和结束日期应同时填写"))
    if asked.month is not None:
        return queries.period_for(asked.set, date.fromisoformat(f"{asked.month}-01"))
    start_day = queries.versions_of(asked.set)[-1].formulas.month_start_day
    return queries.period_for(asked.set, month_of(clock.local_date(clock.now()), start_day))
