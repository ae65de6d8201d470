"""The API of patrols and visits: parse, one call, print."""

from datetime import date
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.http import actor_of, said
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.patrols import actions, queries
from haitang.patrols.lifecycle import DisputeStatus, HazardStatus
from haitang.patrols.queries import DisputeFilter, HazardFilter
from haitang.patrols.schemas import (
    AskedIn,
    AskedOut,
    ConcludeIn,
    CreatedOut,
    DisputeDetailOut,
    DisputePageOut,
    FollowUpIn,
    FullPartyOut,
    HazardOut,
    HazardPageOut,
    ItemIn,
    MediatorIn,
    NewDisputeIn,
    NewHazardIn,
    ReasonIn,
    RecheckIn,
    RoundDetailOut,
    RoundOut,
    SessionIn,
    VisitIn,
    VisitOut,
    WordsIn,
    dispute_detail_out,
    dispute_out,
    hazard_out,
    round_detail_out,
    round_out,
)
from haitang.patrols.values import NewNeed, NewParty, Permission
from haitang.territory.queries import territory

router = Router(tags=["巡查走访"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
Code = Query("", max_length=40, pattern=NO_NUL)
_STATUSES = ("", "unsettled", *HazardStatus.values)


def _path(code: str) -> str:
    area = territory().by_code(code)
    return area.path if area else ""


@router.get("/patrols", operation_id="list_rounds", summary="巡查清单", response={200: list[RoundOut], **REFUSALS})
@allow(Permission.VIEW)
def list_rounds(request: HttpRequest, month: date | None = None, area: str = Code) -> Any:
    """List the month's checklists within reach; the month of today where none is named."""
    shown = (month or local_date(clock.now())).replace(day=1)
    views = queries.list_rounds(viewer=actor_of(request), month=shown, area_path=_path(area))
    return [round_out(view) for view in views]


@router.get(
    "/patrols/{round_id}", operation_id="get_round", summary="一份清单",
    response={200: RoundDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.VIEW)
def get_round(request: HttpRequest, round_id: Annotated[Id, Path()]) -> Any:
    """Show one checklist with its items."""
    return round_detail_out(queries.get_round_page(viewer=actor_of(request), round_id=round_id))


@router.post(
    "/patrols/{round_id}/items/{key}", operation_id="check_item", summary="填写一项",
    response={200: RoundDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.PATROL)
def check_item(
    request: HttpRequest, round_id: Annotated[Id, Path()], key: Annotated[str, Path(max_length=40)], given: ItemIn
) -> Any:
    """Fill in one item; with the result `hazard` also what was found."""
    actions.check_item(
        round_id=round_id, key=key, result=given.result, seen=given.seen, words=given.words,
        hazard=given.hazard.new() if given.hazard else None, **said(request),
    )  # fmt: skip
    return round_detail_out(queries.get_round_page(viewer=actor_of(request), round_id=round_id))


@router.get("/hazards", operation_id="list_hazards", summary="隐患", response={200: HazardPageOut, **REFUSALS})
@allow(Permission.VIEW_HAZARD)
def list_hazards(
    request: HttpRequest, status: Literal[_STATUSES] = "", area: str = Code, overdue: bool = False, cursor: str = Cursor  # type: ignore[valid-type]  # choices come from an enum
) -> Any:  # fmt: skip
    """List hazards within reach, newest first."""
    wanted = HazardFilter(status, "", _path(area), overdue)
    today = local_date(clock.now())
    page = queries.list_hazards(viewer=actor_of(request), wanted=wanted, today=today, cursor=cursor)
    rows = [hazard_out(view) for view in queries.describe_hazards(page.rows)]
    return {"rows": rows, "total": page.total, "next": page.next, "previous": page.previous}


@router.post("/hazards", operation_id="report_hazard", summary="登记隐患", response={201: CreatedOut, **REFUSALS})
@allow(Permission.HANDLE_HAZARD)
def report_hazard(request: HttpRequest, given: NewHazardIn) -> Any:
    """Take down a hazard found outside of any checklist."""
    row = actions.report_hazard(area_code=given.area_code, new=given.new(), **said(request))
    return Status(201, {"id": row.pk})


def _shown(request: HttpRequest, hazard_id: int) -> Any:
    return hazard_out(queries.get_hazard_page(viewer=actor_of(request), hazard_id=hazard_id).view)


@router.get(
    "/hazards/{hazard_id}", operation_id="get_hazard", summary="一条隐患", response={200: HazardOut, **REFUSALS}
)
@allow(Permission.VIEW_HAZARD)
def get_hazard(request: HttpRequest, hazard_id: Annotated[Id, Path()]) -> Any:
    """Show one hazard."""
    return _shown(request, hazard_id)


@router.post(
    "/hazards/{hazard_id}/rectify", operation_id="rectify_hazard", summary="整改",
    response={200: HazardOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.HANDLE_HAZARD)
def rectify_hazard(request: HttpRequest, hazard_id: Annotated[Id, Path()], given: WordsIn) -> Any:
    """Say that it was put right."""
    actions.rectify_hazard(hazard_id=hazard_id, words=given.words, **said(request))
    return _shown(request, hazard_id)


@router.post(
    "/hazards/{hazard_id}/recheck", operation_id="recheck_hazard", summary="复查",
    response={200: HazardOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.CHECK_HAZARD)
def recheck_hazard(request: HttpRequest, hazard_id: Annotated[Id, Path()], given: RecheckIn) -> Any:
    """Look whether it was put right."""
    actions.recheck_hazard(hazard_id=hazard_id, passed=given.passed, words=given.words, **said(request))
    return _shown(request, hazard_id)


@router.post(
    "/hazards/{hazard_id}/close", operation_id="close_hazard", summary="销号", response={200: HazardOut, **REFUSALS}
)
@allow(Permission.CHECK_HAZARD)
def close_hazard(request: HttpRequest, hazard_id: Annotated[Id, Path()]) -> Any:
    """Close it."""
    actions.close_hazard(hazard_id=hazard_id, **said(request))
    return _shown(request, hazard_id)


@router.post(
    "/hazards/{hazard_id}/case", operation_id="make_hazard_case", summary="转为案件",
    response={201: CreatedOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.HANDLE_HAZARD)
def make_hazard_case(request: HttpRequest, hazard_id: Annotated[Id, Path()]) -> Any:
    """Make it a case; returns the case's id."""
    return Status(201, {"id": actions.make_hazard_case(hazard_id=hazard_id, **said(request))})


@router.post("/visits", operation_id="record_visit", summary="登记走访", response={201: VisitOut, **REFUSALS})
@allow(Permission.VISIT)
def record_visit(request: HttpRequest, given: VisitIn) -> Any:
    """Take down a visit in one entry: cases, wishes, a hazard and what the household agreed to leave."""
    with transaction.atomic():
        household = actions.open_household(area_code=given.area_code, room=given.room, **said(request))
        row = actions.record_visit(
            household_id=household.pk, entry_key=given.entry_key, words=given.words, consented=given.consented,
            answers=given.answers, changed=given.changed, confirmed=given.confirmed,
            needs=[NewNeed(need.words, need.kind) for need in given.needs],
            hazard=given.hazard.new() if given.hazard else None, **said(request),
        )  # fmt: skip
    page = queries.get_visit_page(viewer=actor_of(request), visit_id=row.pk)
    cases = [need.case_id for need, _number in page.needs if need.case_id]
    hazards = [hazard.pk for hazard in page.hazards]
    return Status(201, {"id": row.pk, "cases": cases, "hazards": hazards, "learned": row.learned})


@router.post(
    "/visits/asked", operation_id="report_asked", summary="其他表单采集前查询", response={200: AskedOut, **REFUSALS}
)
@allow(Permission.VISIT)
def report_asked(request: HttpRequest, given: AskedIn) -> Any:
    """Note that another system's form asks a household for fields, and tell which of them are known already."""
    known = actions.report_asked(
        area_code=given.area_code, room=given.room, form=given.form, keys=given.fields, **said(request)
    )
    return {"known": known}


@router.get("/disputes", operation_id="list_disputes", summary="矛盾纠纷", response={200: DisputePageOut, **REFUSALS})
@allow(Permission.MEDIATE)
def list_disputes(
    request: HttpRequest, status: Literal[("", *DisputeStatus.values)] = "", kind: str = Code, area: str = Code,  # type: ignore[valid-type]  # choices come from an enum
    due: bool = False, cursor: str = Cursor,
) -> Any:  # fmt: skip
    """List disputes within reach, newest first; with `due` those whose agreement is to be asked about by today."""
    wanted = DisputeFilter(status, kind, _path(area), due)
    page = queries.list_disputes(
        viewer=actor_of(request), wanted=wanted, today=local_date(clock.now()), cursor=cursor
    )  # fmt: skip
    rows = [dispute_out(row) for row in page.rows]
    return {"rows": rows, "total": page.total, "next": page.next, "previous": page.previous}


@router.post("/disputes", operation_id="open_dispute", summary="登记纠纷", response={201: CreatedOut, **REFUSALS})
@allow(Permission.MEDIATE)
def open_dispute(request: HttpRequest, given: NewDisputeIn) -> Any:
    """Take up a quarrel with its parties; whoever does is its first mediator."""
    asked = given.model_dump()
    asked["parties"] = [NewParty(party.role, party.name, party.phone) for party in given.parties]
    return Status(201, {"id": actions.open_dispute(**asked, **said(request)).pk})


def _dispute(request: HttpRequest, dispute_id: int) -> Any:
    return dispute_detail_out(queries.get_dispute_page(viewer=actor_of(request), dispute_id=dispute_id))


@router.get(
    "/disputes/{dispute_id}", operation_id="get_dispute", summary="一起纠纷",
    response={200: DisputeDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MEDIATE)
def get_dispute(request: HttpRequest, dispute_id: Annotated[Id, Path()]) -> Any:
    """Show one dispute; names and telephones of the parties only in part."""
    return _dispute(request, dispute_id)


@router.post(
    "/disputes/{dispute_id}/mediators", operation_id="name_mediator", summary="增加调解员",
    response={200: DisputeDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MEDIATE)
def name_mediator(request: HttpRequest, dispute_id: Annotated[Id, Path()], given: MediatorIn) -> Any:
    """Name one more mediator; named already, nothing changes."""
    actions.name_mediator(dispute_id=dispute_id, account_id=given.account_id, **said(request))
    return _dispute(request, dispute_id)


@router.post(
    "/disputes/{dispute_id}/sessions", operation_id="hold_session", summary="登记调解",
    response={200: DisputeDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MEDIATE)
def hold_session(request: HttpRequest, dispute_id: Annotated[Id, Path()], given: SessionIn) -> Any:
    """Take down a meeting of the parties."""
    actions.hold_session(dispute_id=dispute_id, on=given.on, words=given.words, **said(request))
    return _dispute(request, dispute_id)


@router.post(
    "/disputes/{dispute_id}/conclude", operation_id="conclude_dispute", summary="办结纠纷",
    response={200: DisputeDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MEDIATE)
def conclude_dispute(request: HttpRequest, dispute_id: Annotated[Id, Path()], given: ConcludeIn) -> Any:
    """Conclude it; an agreement gets the days on which it is asked about."""
    actions.conclude_dispute(dispute_id=dispute_id, status=given.status, words=given.words, **said(request))
    return _dispute(request, dispute_id)


@router.post(
    "/disputes/{dispute_id}/follow-ups/{follow_up_id}", operation_id="follow_up_dispute", summary="回访协议",
    response={200: DisputeDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.MEDIATE)
def follow_up_dispute(
    request: HttpRequest, dispute_id: Annotated[Id, Path()], follow_up_id: Annotated[Id, Path()], given: FollowUpIn
) -> Any:
    """Take down whether the agreement is kept, on one of its days or before."""
    actions.follow_up_dispute(
        dispute_id=dispute_id, follow_up_id=follow_up_id, is_kept=given.is_kept, words=given.words, **said(request)
    )
    return _dispute(request, dispute_id)


@router.post(
    "/disputes/{dispute_id}/unmask", operation_id="unmask_parties", summary="查看当事人全称",
    response={200: list[FullPartyOut], **REFUSALS},
)  # fmt: skip
@allow(Permission.UNMASK)
def unmask_parties(request: HttpRequest, dispute_id: Annotated[Id, Path()], given: ReasonIn) -> Any:
    """Return the parties in full; who looked and why is on record."""
    found = actions.unmask_parties(dispute_id=dispute_id, reason=given.reason, **said(request))
    return [{"role": role, "name": name, "phone": phone} for role, name, phone in found]
