"""The API of committees, meetings and decisions: parse, one call, print."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Status

from haitang.alliances import actions, queries
from haitang.alliances.api.base import Code, Cursor, RowId, actor_of, path_of, router, said, today
from haitang.alliances.lifecycle import DecisionStatus
from haitang.alliances.queries import LATE, DecisionFilter
from haitang.alliances.schemas import (
    CaseIn,
    CommitteeIn,
    CommitteeListOut,
    CommitteeOut,
    DecisionListOut,
    DecisionOut,
    DecisionsIn,
    HeldIn,
    LeaveIn,
    MeetingIn,
    MeetingOut,
    ReasonIn,
    ReleaseIn,
    SeatIn,
    SettleIn,
    StartIn,
    committee_detail_out,
    committee_out,
    decision_out,
    meeting_out,
)
from haitang.alliances.values import CommitteeKind, Permission
from haitang.core.access import SIGNED_IN, allow
from haitang.core.schemas import REFUSALS

_KINDS = ("", *CommitteeKind.values)
_STATUSES = ("", *DecisionStatus.values, LATE)


def _committee(request: HttpRequest, committee_id: int) -> dict[str, Any]:
    page = queries.get_committee_page(viewer=actor_of(request), committee_id=committee_id, today=today())
    return committee_detail_out(page)


def _meeting(request: HttpRequest, meeting_id: int) -> dict[str, Any]:
    return meeting_out(queries.get_meeting_page(viewer=actor_of(request), meeting_id=meeting_id, today=today()))


@router.get(
    "/committees", operation_id="list_committees", summary="大工委大党委", response={200: CommitteeListOut, **REFUSALS}
)
@allow(SIGNED_IN)
def list_committees(
    request: HttpRequest, kind: Literal[_KINDS] = "", area: str = Code, ended: bool = False, cursor: str = Cursor,  # type: ignore[valid-type]  # choices come from an enum
) -> Any:  # fmt: skip
    """List the committees within reach, with their members, meetings and open decisions in numbers."""
    page = queries.list_committees(
        viewer=actor_of(request), today=today(), kind=kind, area_path=path_of(area), ended=ended, cursor=cursor
    )
    items = [committee_out(view) for view in queries.describe_committees(page.rows, today())]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.post(
    "/committees", operation_id="set_up_committee", summary="成立委员会", response={201: CommitteeOut, **REFUSALS}
)
@allow(Permission.CONVENE)
def set_up_committee(request: HttpRequest, given: CommitteeIn) -> Any:
    """Set a committee up."""
    (row,) = actions.set_up_committees(news=[given.new()], **said(request))
    return Status(201, _committee(request, row.pk))


@router.get(
    "/committees/{committee_id}",
    operation_id="get_committee",
    summary="一个委员会",
    response={200: CommitteeOut, **REFUSALS},
)
@allow(SIGNED_IN)
def get_committee(request: HttpRequest, committee_id: RowId) -> Any:
    """Show one committee with its members."""
    return _committee(request, committee_id)


@router.post(
    "/committees/{committee_id}/end", operation_id="end_committee", summary="撤销委员会",
    response={200: CommitteeOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def end_committee(request: HttpRequest, committee_id: RowId, given: ReleaseIn) -> Any:
    """End a committee on a day, and with it every seat."""
    actions.end_committee(committee_id=committee_id, **given.model_dump(), **said(request))
    return _committee(request, committee_id)


@router.post(
    "/committees/{committee_id}/seats", operation_id="seat_member", summary="委员就任",
    response={201: CommitteeOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def seat_member(request: HttpRequest, committee_id: RowId, given: SeatIn) -> Any:
    """Seat a member."""
    actions.seat_members(news=[given.new(committee_id)], **said(request))
    return Status(201, _committee(request, committee_id))


@router.post(
    "/committees/{committee_id}/seats/{seat_id}/leave", operation_id="replace_member", summary="委员离任、接替",
    response={200: CommitteeOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def replace_member(request: HttpRequest, committee_id: RowId, seat_id: RowId, given: LeaveIn) -> Any:
    """Let a member leave on a day, and another take the seat, if one is named."""
    new = given.new.new(committee_id) if given.new else None
    actions.replace_member(seat_id=seat_id, on=given.on, reason=given.reason, new=new, **said(request))
    return _committee(request, committee_id)


@router.post(
    "/committees/{committee_id}/meetings", operation_id="call_meeting", summary="召集会议",
    response={201: MeetingOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def call_meeting(request: HttpRequest, committee_id: RowId, given: MeetingIn) -> Any:
    """Call the committee to a meeting; the members' units are told."""
    (row,) = actions.call_meetings(news=[given.new(committee_id)], **said(request))
    return Status(201, _meeting(request, row.pk))


@router.get(
    "/committee-meetings/{meeting_id}",
    operation_id="get_meeting",
    summary="一次会议",
    response={200: MeetingOut, **REFUSALS},
)
@allow(SIGNED_IN)
def get_meeting(request: HttpRequest, meeting_id: RowId) -> Any:
    """Show one meeting: agenda, minutes and what it decided."""
    return _meeting(request, meeting_id)


@router.put(
    "/committee-meetings/{meeting_id}", operation_id="change_meeting", summary="修改会议",
    response={200: MeetingOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def change_meeting(request: HttpRequest, meeting_id: RowId, given: MeetingIn) -> Any:
    """Write the call to a meeting anew, agenda and all, before it is held."""
    committee_id = _meeting(request, meeting_id)["committee_id"]
    actions.change_meeting(meeting_id=meeting_id, new=given.new(committee_id), **said(request))
    return _meeting(request, meeting_id)


@router.post(
    "/committee-meetings/{meeting_id}/minutes", operation_id="hold_committee_meeting", summary="登记纪要和决议",
    response={200: MeetingOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def hold_committee_meeting(request: HttpRequest, meeting_id: RowId, given: HeldIn) -> Any:
    """Take the minutes and the decisions of a meeting that was held down."""
    actions.hold_meetings(held=[given.held(meeting_id)], **said(request))
    return _meeting(request, meeting_id)


@router.post(
    "/committee-meetings/{meeting_id}/decisions", operation_id="add_decisions", summary="补登决议",
    response={201: MeetingOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def add_decisions(request: HttpRequest, meeting_id: RowId, given: DecisionsIn) -> Any:
    """Add what a meeting that was held decided and nobody took down then."""
    actions.add_decisions(meeting_id=meeting_id, decisions=given.new(), **said(request))
    return Status(201, _meeting(request, meeting_id))


@router.post(
    "/committee-meetings/{meeting_id}/call-off", operation_id="call_off_meeting", summary="取消会议",
    response={200: MeetingOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def call_off_meeting(request: HttpRequest, meeting_id: RowId, given: ReasonIn) -> Any:
    """Call a meeting off."""
    actions.call_off_meeting(meeting_id=meeting_id, reason=given.reason, **said(request))
    return _meeting(request, meeting_id)


@router.get(
    "/decisions", operation_id="list_decisions", summary="会议决议", response={200: DecisionListOut, **REFUSALS}
)
@allow(SIGNED_IN)
def list_decisions(
    request: HttpRequest, status: Literal[_STATUSES] = "", area: str = Code,  # type: ignore[valid-type]  # choices come from an enum
    committee_id: int | None = Query(None, ge=1), cursor: str = Cursor,
) -> Any:  # fmt: skip
    """List what committees decided and what became of it, those of the latest meetings first."""
    wanted = DecisionFilter(today(), status, path_of(area), committee_id)
    page = queries.list_decisions(viewer=actor_of(request), wanted=wanted, cursor=cursor)
    views = queries.describe_decisions(page.rows, viewer=actor_of(request), today=today())
    return {"items": [decision_out(view) for view in views], "total": page.total, "next_cursor": page.next or None}


def _decision(request: HttpRequest, row: Any) -> dict[str, Any]:
    return decision_out(queries.describe_decisions([row], viewer=actor_of(request), today=today())[0])


@router.post(
    "/decisions/{decision_id}/settle", operation_id="settle_decision", summary="办结决议",
    response={200: DecisionOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def settle_decision(request: HttpRequest, decision_id: RowId, given: SettleIn) -> Any:
    """Say that a decision is done, or why it is dropped."""
    (row,) = actions.settle_decisions(settled=[given.settled(decision_id)], **said(request))
    return _decision(request, row)


@router.post(
    "/decisions/{decision_id}/reopen", operation_id="reopen_decision", summary="重新办理决议",
    response={200: DecisionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def reopen_decision(request: HttpRequest, decision_id: RowId, given: ReasonIn) -> Any:
    """Let a decision be under way again."""
    return _decision(request, actions.reopen_decision(decision_id=decision_id, reason=given.reason, **said(request)))


@router.post(
    "/decisions/{decision_id}/project", operation_id="make_decision_project", summary="决议立项",
    response={200: DecisionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def make_decision_project(request: HttpRequest, decision_id: RowId, given: StartIn) -> Any:
    """Carry a decision out as a project, once."""
    row = actions.make_decision_project(decision_id=decision_id, **given.model_dump(), **said(request))
    return _decision(request, row)


@router.post(
    "/decisions/{decision_id}/case", operation_id="make_decision_case", summary="决议转为案件",
    response={200: DecisionOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CONVENE)
def make_decision_case(request: HttpRequest, decision_id: RowId, given: CaseIn) -> Any:
    """Hand a decision over to case handling, once; category: its code, "" for the one that its words suggest."""
    row = actions.make_decision_case(decision_id=decision_id, **given.model_dump(), **said(request))
    return _decision(request, row)
