"""The API of service days: parse, one call, print."""

from typing import Annotated, Any

from ninja import Path, Query, Router, Status

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request, said
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.servicedays import actions, queries
from haitang.servicedays.schemas import (
    CancelDayIn,
    CodeIn,
    DayIn,
    DayOut,
    LeaveIn,
    MissedIn,
    NearOut,
    day_out,
    near_out,
)
from haitang.servicedays.values import NewDay, Permission

router = Router(tags=["服务日"])
DayId = Annotated[Id, Path()]
ShiftId = Annotated[Id, Path()]
_NEAR = {200: NearOut, **REFUSALS}
_MINE = {200: list[NearOut], **REFUSALS}
_DAY = {200: DayOut, **REFUSALS}


def _near(request: Request, shift_id: int) -> dict[str, Any]:
    return near_out(queries.get_my_shift(viewer=request.actor, shift_id=shift_id).near)


def _day(request: Request, day_id: int) -> dict[str, Any]:
    return day_out(queries.get_day(viewer=request.actor, day_id=day_id))


@router.get("/shifts", operation_id="list_shifts", summary="可报名的班次", response={200: list[NearOut], **REFUSALS})
@allow(SIGNED_IN)
def list_shifts(request: Request, area: str = Query("", max_length=40, pattern=NO_NUL)) -> Any:
    """List the shifts to come, the nearest to the area (where the caller lives, without one) first."""
    found = queries.list_shifts_near(viewer=request.actor, now=clock.now(), area_code=area)
    return [near_out(near) for near in found]


@router.get(
    "/shifts/mine", operation_id="list_my_shifts", summary="我报名的", response={200: list[NearOut], **REFUSALS}
)
@allow(SIGNED_IN)
def list_my_shifts(request: Request) -> Any:
    """List the shifts to come for which the caller has signed up."""
    coming, _over = queries.list_my_shifts(viewer=request.actor, now=clock.now())
    return [near_out(near) for near in coming]


@router.get("/shifts/{shift_id}", operation_id="get_shift", summary="一个班次", response=_NEAR)
@allow(SIGNED_IN)
def get_shift(request: Request, shift_id: ShiftId) -> Any:
    """Show one shift, and what the caller has signed up there."""
    return _near(request, shift_id)


@router.post("/shifts/{shift_id}/sign-up", operation_id="sign_up", summary="报名", response=_NEAR)
@allow(SIGNED_IN)
def sign_up(request: Request, shift_id: ShiftId) -> Any:
    """Sign the caller up; where every place is taken, on the wait list. Signed up before, nothing changes."""
    actions.sign_up(shift_id=shift_id, **said(request))
    return _near(request, shift_id)


@router.post("/shifts/{shift_id}/assure", operation_id="assure_shift", summary="确认能到", response=_NEAR)
@allow(SIGNED_IN)
def assure_shift(request: Request, shift_id: ShiftId) -> Any:
    """Confirm to come."""
    actions.assure_shift(shift_id=shift_id, **said(request))
    return _near(request, shift_id)


@router.post("/shifts/{shift_id}/leave", operation_id="leave_shift", summary="退出", response=_NEAR)
@allow(SIGNED_IN)
def leave_shift(request: Request, shift_id: ShiftId, given: LeaveIn) -> Any:
    """Give the place or the turn back, with the reason."""
    actions.leave_shift(shift_id=shift_id, reason=given.reason, **said(request))
    return _near(request, shift_id)


@router.post("/shifts/{shift_id}/report", operation_id="report_at_shift", summary="报到", response=_NEAR)
@allow(SIGNED_IN)
def report_at_shift(request: Request, shift_id: ShiftId, given: CodeIn) -> Any:
    """Report on the spot with the scanned code, once; nothing is kept of where."""
    actions.report_at_shift(shift_id=shift_id, code=given.code, **said(request))
    return _near(request, shift_id)


@router.post("/shifts/{shift_id}/close", operation_id="close_shift", summary="结束班次", response=_DAY)
@allow(SIGNED_IN)
def close_shift(request: Request, shift_id: ShiftId, given: MissedIn) -> Any:
    """Settle a shift that is over; who is not named as missed has come, and gets the hours."""
    row = actions.close_shift(shift_id=shift_id, missed=given.missed, **said(request))
    return _day(request, row.day_id)


@router.get("/service-days", operation_id="list_days", summary="服务日", response={200: list[DayOut], **REFUSALS})
@allow(Permission.VIEW)
def list_days(request: Request, past: bool = False) -> Any:
    """List the service days within reach, those to come or the last ones."""
    found = queries.list_days(viewer=request.actor, today=clock.local_date(clock.now()), past=past)
    return [day_out(view) for view in found]


@router.post(
    "/service-days", operation_id="plan_day", summary="安排服务日", response={201: DayOut, 204: None, **REFUSALS}
)
@allow(SIGNED_IN)
def plan_day(request: Request, given: DayIn) -> Any:
    """Plan a service day (201), or one that comes again, whose days are made ahead (204)."""
    new = given.new()
    if isinstance(new, NewDay):
        return Status(201, _day(request, actions.plan_day(new=new, **said(request)).pk))
    actions.plan_rule(new=new, **said(request))
    return Status(204, None)


@router.get("/service-days/{day_id}", operation_id="get_day", summary="一个服务日", response=_DAY)
@allow(SIGNED_IN)
def get_day(request: Request, day_id: DayId) -> Any:
    """Show a service day with its shifts, to who works with service days there."""
    return _day(request, day_id)


@router.post("/service-days/{day_id}/cancel", operation_id="cancel_day", summary="取消服务日", response=_DAY)
@allow(SIGNED_IN)
def cancel_day(request: Request, day_id: DayId, given: CancelDayIn) -> Any:
    """Call a day off; everybody who has signed up is told."""
    actions.cancel_day(day_id=day_id, reason=given.reason, **said(request))
    return _day(request, day_id)
