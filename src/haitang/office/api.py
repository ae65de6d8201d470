"""The API of the office: parse, one call, print."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import File, Form, Query, Router, Status, UploadedFile

from haitang.cases.lifecycle import Deed
from haitang.cases.values import Permission
from haitang.core import clock, files
from haitang.core.access import EVERYWHERE, SIGNED_IN, allow, require
from haitang.core.documents import DOCX, write_docx
from haitang.core.errors import Invalid, NotFound
from haitang.core.http import Request, said
from haitang.core.schemas import NO_NUL, REFUSALS, Id, answer
from haitang.office import actions, queries
from haitang.office.schemas import (
    BatchIn,
    BatchOut,
    ColleagueOut,
    DelegationIn,
    DelegationOut,
    FeedbackIn,
    FeedbackOut,
    FilterIn,
    FilterOut,
    HandOverIn,
    InHandOut,
    LayoutIn,
    LayoutOut,
    PhraseIn,
    PhraseOut,
    PinIn,
    UploadOut,
    WatchedOut,
    delegation_out,
    filter_out,
    in_hand_out,
    layout_out,
    lines_out,
    phrase_out,
    upload_out,
    watched_out,
)
from haitang.office.values import UPLOAD_BYTES_MAX, HotlineFormat, Layout
from haitang.office.values import Permission as OfficePermission
from haitang.people import actions as people_actions
from haitang.people import queries as people_queries
from haitang.people.values import Permission as PeoplePermission

router = Router(tags=["office"])
DONE = {204: None, **REFUSALS}


@router.post("/cases/batch", response={200: BatchOut, **REFUSALS}, operation_id="do_batch")
@allow(Permission.VIEW)
def do_batch(request: Request, body: BatchIn) -> HttpResponse:
    """Do one deed to many cases, each by itself; asked again, what was done is refused and nothing is done twice."""
    lines = actions.do_batch(
        deed=Deed(body.deed), case_ids=body.case_ids, opinion=body.opinion,
        organization_code=body.organization_code or "", **said(request),
    )  # fmt: skip
    return answer(lines_out(lines))


@router.get("/cases/{case_id}/sheets/{kind}.docx", response={200: None, **REFUSALS}, operation_id="get_sheet")
@allow(Permission.VIEW)
def get_sheet(request: Request, case_id: Id, kind: Literal["case", "supervision"]) -> HttpResponse:
    """Return a sheet of a case as docx: `case` (办理单) or `supervision` (督办单)."""
    drawn = queries.get_sheet(viewer=request.actor, kind=kind, case_id=case_id, now=clock.now())
    return HttpResponse(write_docx(drawn), content_type=DOCX)


@router.get("/whistles/{whistle_id}/sheet.docx", response={200: None, **REFUSALS}, operation_id="get_whistle_sheet")
@allow(SIGNED_IN)
def get_whistle_sheet(request: Request, whistle_id: Id) -> HttpResponse:
    """Return the sheet of a whistle (吹哨单) as docx."""
    drawn = queries.get_whistle_sheet(viewer=request.actor, whistle_id=whistle_id, now=clock.now())
    return HttpResponse(write_docx(drawn), content_type=DOCX)


# Standing in, handing over


@router.get("/colleagues", response={200: list[ColleagueOut], **REFUSALS}, operation_id="list_colleagues")
@allow(Permission.VIEW)
def list_colleagues(request: Request) -> Any:
    """List whom the caller may name as deputy or heir: those of the own office, by name."""
    viewer = request.actor
    everybody = EVERYWHERE in viewer.areas(PeoplePermission.DELEGATION_MANAGE)
    if viewer.organization_id is None and not everybody:
        return []
    rows = people_queries.list_colleagues(None if everybody else viewer.organization_id, clock.now())
    return [{"account_id": row.pk, "username": row.username, "name": row.name} for row in rows]


@router.get("/delegations", response={200: list[DelegationOut], **REFUSALS}, operation_id="list_delegations")
@allow(Permission.VIEW)
def list_delegations(request: Request) -> Any:
    """List who stands in for whom today or later, as far as it concerns the caller."""
    rows = people_queries.list_delegations(viewer=request.actor, now=clock.now())
    return [delegation_out(row) for row in rows]


@router.post("/delegations", response={201: DelegationOut, **REFUSALS}, operation_id="give_delegation")
@allow(Permission.VIEW)
def give_delegation(request: Request, body: DelegationIn) -> Any:
    """Let a colleague stand in (代办), for the caller where no account is named; until before `to_date`."""
    row = people_actions.give_delegation(
        account_id=body.account_id or request.actor.id or 0, deputy_id=body.deputy_id, from_date=body.from_date,
        to_date=body.to_date, reason=body.reason, **said(request),
    )  # fmt: skip
    return Status(201, delegation_out(row))


@router.post(
    "/delegations/{delegation_id}/end", response={200: DelegationOut, **REFUSALS}, operation_id="end_delegation"
)
@allow(SIGNED_IN)
def end_delegation(request: Request, delegation_id: Id) -> Any:
    """End an arrangement before its day."""
    return delegation_out(people_actions.end_delegation(delegation_id=delegation_id, **said(request)))


@router.get("/handovers", response={200: list[InHandOut], **REFUSALS}, operation_id="list_in_hand")
@allow(Permission.VIEW)
def list_in_hand(request: Request, account_id: Annotated[Id | None, Query()] = None) -> Any:
    """List what the caller, or for who arranges it somebody of the office, has in hand."""
    asked = account_id or request.actor.id or 0
    return [in_hand_out(thing) for thing in queries.list_handovers(viewer=request.actor, account_id=asked)]


@router.post("/handovers", response={200: BatchOut, **REFUSALS}, operation_id="hand_desk_over")
@allow(Permission.VIEW)
def hand_desk_over(request: Request, body: HandOverIn) -> HttpResponse:
    """Give all that somebody (the caller, where no account is named) has in hand to another."""
    lines = actions.hand_desk_over(
        account_id=body.account_id or request.actor.id or 0, to_account_id=body.to_account_id, reason=body.reason,
        **said(request),
    )  # fmt: skip
    return answer(lines_out(lines))


# What a desk keeps for itself


@router.get("/filters", response={200: list[FilterOut], **REFUSALS}, operation_id="list_filters")
@allow(Permission.VIEW)
def list_filters(request: Request) -> Any:
    """List the caller's saved filters by name."""
    return [filter_out(row) for row in queries.list_filters(viewer=request.actor)]


@router.post("/filters", response={200: FilterOut, **REFUSALS}, operation_id="save_filter")
@allow(Permission.VIEW)
def save_filter(request: Request, body: FilterIn) -> Any:
    """Keep conditions under a name; a name that is there already gets the new ones."""
    return filter_out(actions.save_filter(name=body.name, query=body.query, **said(request)))


@router.post("/filters/{filter_id}/pin", response={200: FilterOut, **REFUSALS}, operation_id="pin_filter")
@allow(Permission.VIEW)
def pin_filter(request: Request, filter_id: Id, body: PinIn) -> Any:
    """Show a filter on the desk, or no longer."""
    return filter_out(actions.pin_filter(filter_id=filter_id, is_pinned=body.is_pinned, **said(request)))


@router.delete("/filters/{filter_id}", response=DONE, operation_id="remove_filter")
@allow(Permission.VIEW)
def remove_filter(request: Request, filter_id: Id) -> Any:
    """Forget a filter."""
    actions.remove_filter(filter_id=filter_id, **said(request))
    return Status(204, None)


@router.get("/phrases", response={200: list[PhraseOut], **REFUSALS}, operation_id="list_own_phrases")
@allow(Permission.VIEW)
def list_own_phrases(request: Request) -> Any:
    """List the caller's own ready-made opinions."""
    return [phrase_out(row) for row in queries.list_own_phrases(viewer=request.actor)]


@router.post("/phrases", response={200: PhraseOut, **REFUSALS}, operation_id="add_own_phrase")
@allow(Permission.VIEW)
def add_own_phrase(request: Request, body: PhraseIn) -> Any:
    """Keep an opinion ready; the same text again changes nothing."""
    return phrase_out(actions.add_own_phrase(deed=Deed(body.deed), text=body.text, **said(request)))


@router.delete("/phrases/{phrase_id}", response=DONE, operation_id="remove_own_phrase")
@allow(Permission.VIEW)
def remove_own_phrase(request: Request, phrase_id: Id) -> Any:
    """Forget an opinion."""
    actions.remove_own_phrase(phrase_id=phrase_id, **said(request))
    return Status(204, None)


@router.get("/cases/watched", response={200: WatchedOut, **REFUSALS}, operation_id="list_watched")
@allow(SIGNED_IN)
def list_watched(request: Request, cursor: str = Query("", max_length=500, pattern=NO_NUL)) -> HttpResponse:
    """List the cases that the caller watches, the latest first."""
    page, cases = queries.list_watched(viewer=request.actor, cursor=cursor)
    items = [watched_out(case) for case in cases]
    return answer({"items": items, "total": page.total, "next": page.next, "previous": page.previous})


@router.post("/cases/{case_id}/watch", response=DONE, operation_id="watch_case")
@allow(Permission.VIEW)
def watch_case(request: Request, case_id: Id) -> Any:
    """Tell the caller of every step of the case (关注)."""
    actions.watch_case(case_id=case_id, **said(request))
    return Status(204, None)


@router.delete("/cases/{case_id}/watch", response=DONE, operation_id="unwatch_case")
@allow(SIGNED_IN)
def unwatch_case(request: Request, case_id: Id) -> Any:
    """Tell the caller of the case no longer."""
    actions.unwatch_case(case_id=case_id, **said(request))
    return Status(204, None)


# Files of cases


@router.post("/imports/feedback", response={200: FeedbackOut, **REFUSALS}, operation_id="feed_tickets_back")
@allow(Permission.EXPORT)
def feed_tickets_back(request: Request, body: FeedbackIn) -> HttpResponse:
    """Tell the hotline how its tickets of those days stand, both days included; headers as its own files have them."""
    require(request.actor, Permission.EXPORT, area_path=EVERYWHERE)
    columns, rows = actions.feed_tickets_back(
        from_at=datetime.combine(body.from_date, time(), clock.LOCAL),
        to_at=datetime.combine(body.to_date + timedelta(days=1), time(), clock.LOCAL), layout=body.layout,
        source=body.source, **said(request),
    )  # fmt: skip
    return answer({"columns": [column.title for column in columns], "rows": [list(row) for row in rows]})


@router.get("/imports/layouts", response={200: list[LayoutOut], **REFUSALS}, operation_id="list_hotline_layouts")
@allow(Permission.REPORT)
def list_hotline_layouts(request: Request) -> Any:
    """List how files of hotlines can be read: the shipped layout, and the office's own that are in use."""
    own = [layout_out(row.format, row.code, row.version) for row in queries.list_layouts()]
    return [layout_out(queries.shipped_format()), *own]


@router.post("/imports/layouts", response={201: LayoutOut, **REFUSALS}, operation_id="change_hotline_layout")
@allow(OfficePermission.LAYOUT)
def change_hotline_layout(request: Request, body: LayoutIn) -> Any:
    """Keep a new version of a hotline's layout, or a new layout."""
    given = body.dict()
    more = {name: given.pop(name) for name in ("code", "version", "is_active", "note")}
    layout = HotlineFormat(**{**given, **{name: tuple(given[name]) for name in ("kept", "feedback")}})
    row = actions.change_hotline_layout(layout=layout, **more, **said(request))
    return Status(201, layout_out(row.format, row.code, row.version))


@router.post("/imports", response={201: UploadOut, **REFUSALS}, operation_id="upload_cases")
@allow(Permission.REPORT)
def upload_cases(
    request: Request,
    file: Annotated[UploadedFile, File()],
    kind: Annotated[Literal[tuple(each.value for each in Layout)], Form()] = Layout.CASES.value,  # type: ignore[valid-type]  # choices come from an enum
    source: Annotated[str, Form(max_length=100, pattern=NO_NUL)] = "",
    layout: Annotated[str, Form(max_length=40, pattern=NO_NUL)] = "",
) -> Any:
    """Bring a file of cases or of hotline tickets; it is checked, and taken in once it is confirmed."""
    if file.size is None or file.size > UPLOAD_BYTES_MAX:
        raise Invalid("文件过大", {"file": "文件过大"})
    row = actions.upload_cases(
        kind=kind, file_name=file.name or "", data=file.read(), source=source, layout=layout, **said(request)
    )  # fmt: skip
    return Status(201, upload_out(row))


@router.get("/imports/{upload_id}", response={200: UploadOut, **REFUSALS}, operation_id="get_upload")
@allow(Permission.REPORT)
def get_upload(request: Request, upload_id: Id) -> Any:
    """Tell how far a file has come and what was found in it."""
    return upload_out(queries.get_upload(request.actor.id, upload_id))


@router.post("/imports/{upload_id}/confirm", response={200: UploadOut, **REFUSALS}, operation_id="confirm_upload")
@allow(Permission.REPORT)
def confirm_upload(request: Request, upload_id: Id, overwrite: bool = False, whole: bool = False) -> Any:
    """Have the sound rows of a checked file taken in.

    `overwrite`: repeated rows put right what the case says. `whole`: a wrong row keeps all the others out.
    """
    row = actions.confirm_upload(upload_id=upload_id, does_overwrite=overwrite, is_whole=whole, **said(request))
    return upload_out(row)


@router.get("/imports/{upload_id}/result.csv", response={200: None, **REFUSALS}, operation_id="get_upload_result")
@allow(Permission.REPORT)
def get_upload_result(request: Request, upload_id: Id) -> HttpResponse:
    """Return every row with what became of it."""
    row = queries.get_upload(request.actor.id, upload_id)
    if not row.result_digest:
        raise NotFound("还没有结果文件")
    return HttpResponse(files.read(row.result_digest), content_type="text/csv; charset=utf-8")
