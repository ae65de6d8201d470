"""The API of who takes part in alliances, branches, points and workstations, and of how these end."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from haitang.alliances import actions, queries
from haitang.alliances.api.base import RowId, actor_of, router, said, today
from haitang.alliances.api.circles import shown
from haitang.alliances.queries import ALLIANCES, BRANCHES, POINTS, STATIONS
from haitang.alliances.schemas import (
    CircleOut,
    DayIn,
    InstructorIn,
    JoinAllianceIn,
    JoinBranchIn,
    OutcomeIn,
    ReleaseIn,
    VisitIn,
)
from haitang.alliances.values import Permission
from haitang.core.access import allow
from haitang.core.schemas import REFUSALS


def _check(request: HttpRequest, kind: str, row_id: int, part_id: int) -> None:
    """Raise PartNotFound where nobody of that id takes part in it."""
    queries.get_part(kind, viewer=actor_of(request), row_id=row_id, part_id=part_id, today=today())


@router.post(
    "/alliances/{row_id}/partners", operation_id="join_alliance", summary="加入联盟",
    response={201: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def join_alliance(request: HttpRequest, row_id: RowId, given: JoinAllianceIn) -> Any:
    """Let organizations join, those outside the city by name."""
    actions.join_alliance(alliance_id=row_id, partners=given.new(), from_date=given.from_date, **said(request))
    return Status(201, shown(request, ALLIANCES, row_id))


@router.post(
    "/alliances/{row_id}/partners/{part_id}/leave", operation_id="leave_alliance", summary="退出联盟",
    response={200: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def leave_alliance(request: HttpRequest, row_id: RowId, part_id: RowId, given: DayIn) -> Any:
    """Let a partner leave on a day."""
    _check(request, ALLIANCES, row_id, part_id)
    actions.leave_alliance(partner_id=part_id, to_date=given.to_date, **said(request))
    return shown(request, ALLIANCES, row_id)


@router.post(
    "/alliances/{row_id}/end", operation_id="end_alliance", summary="结束联盟", response={200: CircleOut, **REFUSALS}
)
@allow(Permission.KEEP)
def end_alliance(request: HttpRequest, row_id: RowId, given: ReleaseIn) -> Any:
    """End an alliance on a day, and with it every partner's part."""
    actions.end_alliance(alliance_id=row_id, **given.model_dump(), **said(request))
    return shown(request, ALLIANCES, row_id)


@router.post(
    "/action-branches/{row_id}/members", operation_id="join_branch", summary="加入行动支部",
    response={201: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def join_branch(request: HttpRequest, row_id: RowId, given: JoinBranchIn) -> Any:
    """Let people of the register of helpers join; their home branches stay as they are."""
    actions.join_branch(branch_id=row_id, **given.model_dump(), **said(request))
    return Status(201, shown(request, BRANCHES, row_id))


@router.post(
    "/action-branches/{row_id}/members/{part_id}/leave", operation_id="leave_branch", summary="退出行动支部",
    response={200: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def leave_branch(request: HttpRequest, row_id: RowId, part_id: RowId, given: DayIn) -> Any:
    """Let a member leave on a day."""
    _check(request, BRANCHES, row_id, part_id)
    actions.leave_branch(member_id=part_id, to_date=given.to_date, **said(request))
    return shown(request, BRANCHES, row_id)


@router.post(
    "/action-branches/{row_id}/end", operation_id="end_branch", summary="结束行动支部",
    response={200: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def end_branch(request: HttpRequest, row_id: RowId, given: OutcomeIn) -> Any:
    """End an action branch on a day, with what it has done."""
    actions.end_branch(branch_id=row_id, **given.model_dump(), **said(request))
    return shown(request, BRANCHES, row_id)


@router.post(
    "/contact-points/{row_id}/visits", operation_id="visit_point", summary="登记走访",
    response={201: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def visit_point(request: HttpRequest, row_id: RowId, given: VisitIn) -> Any:
    """Take down what the leader heard on a visit and what came of it."""
    actions.visit_points(news=[given.new(row_id)], **said(request))
    return Status(201, shown(request, POINTS, row_id))


@router.post(
    "/contact-points/{row_id}/end", operation_id="end_contact_point", summary="结束联系点",
    response={200: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def end_contact_point(request: HttpRequest, row_id: RowId, given: ReleaseIn) -> Any:
    """End a contact point on a day."""
    actions.end_contact_point(point_id=row_id, **given.model_dump(), **said(request))
    return shown(request, POINTS, row_id)


@router.post(
    "/workstations/{row_id}/instructors", operation_id="send_instructor", summary="选派指导员",
    response={201: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def send_instructor(request: HttpRequest, row_id: RowId, given: InstructorIn) -> Any:
    """Send an instructor from the workstation to an organization."""
    actions.send_instructors(news=[given.new(row_id)], **said(request))
    return Status(201, shown(request, STATIONS, row_id))


@router.post(
    "/workstations/{row_id}/instructors/{part_id}/leave", operation_id="end_instructor", summary="指导员离任",
    response={200: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def end_instructor(request: HttpRequest, row_id: RowId, part_id: RowId, given: DayIn) -> Any:
    """End an instructor's task on a day."""
    _check(request, STATIONS, row_id, part_id)
    actions.end_instructor(instructor_id=part_id, to_date=given.to_date, **said(request))
    return shown(request, STATIONS, row_id)


@router.post(
    "/workstations/{row_id}/close", operation_id="close_station", summary="停用工作站",
    response={200: CircleOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def close_station(request: HttpRequest, row_id: RowId, given: ReleaseIn) -> Any:
    """Close a workstation on a day, and with it its instructors' tasks."""
    actions.close_station(station_id=row_id, **given.model_dump(), **said(request))
    return shown(request, STATIONS, row_id)
