"""The API of cases: parse, one call, print."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, Form, Header, Query, Router, Status
from ninja.files import UploadedFile

from haitang.cases import actions, queries
from haitang.cases.api import catalog
from haitang.cases.queries.cases import CaseFilter
from haitang.cases.queries.counting import ORDINARY, By
from haitang.cases.schemas import (
    AttachmentOut,
    CaseDetailOut,
    CaseIn,
    CaseOut,
    CasePageOut,
    CaseQuery,
    CheckIn,
    CloseIn,
    CorrectIn,
    CreatedOut,
    DispatchIn,
    HandleIn,
    OpinionIn,
    RateIn,
    RegisterIn,
    StatsOut,
    StatsQuery,
    VerifyIn,
    case_out,
    stats_out,
    timeline_out,
)
from haitang.cases.schemas.asking import answers_out
from haitang.cases.values import Permission
from haitang.core import access, clock, files, idempotency
from haitang.core.access import allow
from haitang.core.errors import Invalid
from haitang.core.http import KEYED, Request, keyed
from haitang.core.replicas import from_replica
from haitang.core.schemas import REFUSALS, Id, answer
from haitang.territory.queries import territory
from haitang.territory.values import AreaNotFound, AreaRef

router = Router(tags=["cases"])
router.add_router("", catalog.router)


def _show(case: Any, now: datetime) -> dict[str, Any]:
    return case_out(queries.describe([case])[0], now)


def _area(code: str | None) -> AreaRef | None:
    if not code:
        return None
    area = territory().by_code(code)
    if area is None:
        raise AreaNotFound(_("没有编码为“%(code)s”的区域") % {"code": code})
    return area


def _instant(given: datetime | date | None, *, end: bool = False) -> datetime | None:
    """A day stands for its beginning in Asia/Shanghai; as an end it includes the whole day."""
    if given is None or isinstance(given, datetime):
        return given
    try:
        return datetime.combine(given + timedelta(days=1) if end else given, time(), clock.LOCAL)
    except OverflowError as error:
        raise Invalid(_("日期超出范围")) from error


@router.post("/cases", response={201: CreatedOut, **REFUSALS}, operation_id="report_case")
@allow(access.SIGNED_IN)
def report_case(
    request: Request,
    body: CaseIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> HttpResponse:
    """Take in a matter. Under the same Idempotency-Key the same case is answered again.

    Photos that the category demands follow as attachments with their `question`; `photos_awaited` names them. The case
    is not registered before they have come.
    """
    now = clock.now()

    def write() -> dict[str, Any]:
        given = body.model_dump(exclude={"reporter", "address", "external_id"}, exclude_none=True)
        reporter = body.reporter
        case = actions.report_case(
            actor=request.actor,
            now=now,
            place=body.address or "",
            reporter_name=reporter.name if reporter else "",
            reporter_phone=reporter.phone if reporter else "",
            external_source=f"account:{request.actor.id}" if body.external_id else None,
            external_id=body.external_id,
            photos_follow=True,
            **given,
        )
        awaited = list(queries.awaited_of(case, ()))
        return {**_show(case, now), "query_code": case.query_code, "photos_awaited": awaited}

    if idempotency_key is None:
        return answer(write(), 201)
    sent = body.model_dump(mode="json")
    return answer(idempotency.once(actor=request.actor, key=idempotency_key, body=sent, now=now, write=write), 201)


@router.get("/cases", response={200: CasePageOut, **REFUSALS}, operation_id="list_cases")
@allow(access.SIGNED_IN)
@from_replica
def list_cases(request: Request, asked: Query[CaseQuery]) -> HttpResponse:
    """List the cases that the caller may see, newest first."""
    now = clock.now()
    area = _area(asked.area)
    wanted = CaseFilter(
        area_path=area.path if area else "",
        statuses=tuple(asked.status),
        category=asked.category or "",
        channel=asked.channel or "",
        overdue=asked.overdue,
        from_at=_instant(asked.from_),
        to_at=_instant(asked.to, end=True),
        q=asked.q,
        mark=asked.mark or "", priority=asked.priority, by_priority=asked.order == "priority",
    )  # fmt: skip
    page = queries.list_cases(viewer=request.actor, wanted=wanted, now=now, cursor=asked.cursor, limit=asked.limit)
    body = {
        "items": [case_out(view, now) for view in queries.describe(list(page.rows))],
        "total": min(page.total or 0, queries.cases.TOTAL_MAX),
        "total_is_more": page.total_is_more,
        "next": page.next,
        "previous": page.previous,
    }
    return answer(body)


@router.get("/cases/{case_id}", response={200: CaseDetailOut, **REFUSALS}, operation_id="get_case")
@allow(access.SIGNED_IN)
def get_case(request: Request, case_id: Id) -> dict[str, Any]:
    """Show one case with its timeline; the reporter is masked."""
    now = clock.now()
    case = queries.get_case(viewer=request.actor, case_id=case_id)
    view = queries.describe([case], with_reporter=True)[0]
    photos = queries.list_photos(viewer=request.actor, case_id=case_id)
    return {
        **case_out(view, now),
        **answers_out(case, of_report_only=not queries.may_read(viewer=request.actor, case=case)),
        "form_version": queries.form_ref_of(case).number,
        "photos_awaited": list(queries.awaited_of(case, {photo.question for photo in photos})),
        "reporter": {"name": view.reporter_name, "phone": view.reporter_phone},
        "timeline": [timeline_out(entry) for entry in queries.list_timeline(viewer=request.actor, case_id=case_id)],
        "attachments": [_attachment(photo) for photo in photos],
        "deeds": [deed.value for deed in queries.possible_deeds(viewer=request.actor, case=case)],
    }


def _moved(case: Any, now: datetime) -> HttpResponse:
    return answer(_show(case, now))


def _move(path: str, operation_id: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Return what makes a deed on a case an operation, done once under an Idempotency-Key and answered alike."""
    post = router.post(path, response={200: CaseOut, **REFUSALS}, operation_id=operation_id, openapi_extra=KEYED)
    return lambda view: post(keyed(view))


@_move("/cases/{case_id}/verify", "verify_case")
@allow(Permission.VERIFY)
def verify_case(request: Request, case_id: Id, body: VerifyIn) -> HttpResponse:
    """核实: say what was found on the spot."""
    now = clock.now()
    return _moved(actions.verify_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/accept", "accept_case")
@allow(Permission.ACCEPT)
def accept_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """受理."""
    now = clock.now()
    return _moved(actions.accept_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/refuse", "refuse_case")
@allow(Permission.ACCEPT)
def refuse_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """不予受理."""
    now = clock.now()
    return _moved(actions.refuse_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/register", "register_case")
@allow(Permission.ACCEPT)
def register_case(request: Request, case_id: Id, body: RegisterIn) -> HttpResponse:
    """立案."""
    now = clock.now()
    given = body.model_dump(exclude_none=True)
    return _moved(actions.register_case(actor=request.actor, case_id=case_id, now=now, **given), now)


@_move("/cases/{case_id}/dispatch", "dispatch_case")
@allow(Permission.DISPATCH)
def dispatch_case(request: Request, case_id: Id, body: DispatchIn) -> HttpResponse:
    """派遣."""
    now = clock.now()
    given = body.model_dump(exclude_none=True)
    return _moved(actions.dispatch_case(actor=request.actor, case_id=case_id, now=now, **given), now)


@_move("/cases/{case_id}/sign", "sign_case")
@allow(Permission.HANDLE)
def sign_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """签收."""
    now = clock.now()
    return _moved(actions.sign_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/return", "return_case")
@allow(Permission.HANDLE)
def return_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """退回."""
    now = clock.now()
    return _moved(actions.return_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/handle", "handle_case")
@allow(Permission.HANDLE)
def handle_case(request: Request, case_id: Id, body: HandleIn) -> HttpResponse:
    """处置."""
    now = clock.now()
    return _moved(actions.handle_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/feedback", "feedback_case")
@allow(Permission.HANDLE)
def feedback_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """反馈."""
    now = clock.now()
    return _moved(actions.feedback_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/check", "check_case")
@allow(Permission.CHECK)
def check_case(request: Request, case_id: Id, body: CheckIn) -> HttpResponse:
    """核查; not passed means 返工."""
    now = clock.now()
    return _moved(actions.check_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/rework", "rework_case")
@allow(Permission.CHECK)
def rework_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """返工."""
    now = clock.now()
    return _moved(actions.rework_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/close", "close_case")
@allow(Permission.CLOSE)
def close_case(request: Request, case_id: Id, body: CloseIn) -> HttpResponse:
    """结案."""
    now = clock.now()
    return _moved(actions.close_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/force-close", "force_close_case")
@allow(Permission.FORCE)
def force_close_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """强制结案: close it by decision, with the reason, although its work is not done."""
    now = clock.now()
    return _moved(actions.force_close_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/void", "void_case")
@allow(Permission.ACCEPT)
def void_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """作废."""
    now = clock.now()
    return _moved(actions.void_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/reopen", "reopen_case")
@allow(Permission.REOPEN)
def reopen_case(request: Request, case_id: Id, body: OpinionIn) -> HttpResponse:
    """重办."""
    now = clock.now()
    return _moved(actions.reopen_case(actor=request.actor, case_id=case_id, now=now, **body.dict()), now)


@_move("/cases/{case_id}/correct", "reclassify_case")
@allow(Permission.ACCEPT)
def reclassify_case(request: Request, case_id: Id, body: CorrectIn) -> HttpResponse:
    """Put category or area right."""
    now = clock.now()
    given = body.model_dump(exclude_none=True)
    return _moved(actions.reclassify_case(actor=request.actor, case_id=case_id, now=now, **given), now)


@_move("/cases/{case_id}/rate", "rate_case")
@allow(access.SIGNED_IN)
def rate_case(request: Request, case_id: Id, body: RateIn) -> HttpResponse:
    """评价, by the account that reported the case, or with the query code for a reporter without one."""
    now = clock.now()
    judged: dict[str, Any] = {"is_solved": body.solved, "score": body.score, "text": body.text, "now": now}
    if body.query_code is None:
        return _moved(actions.rate_case(actor=request.actor, case_id=case_id, **judged), now)
    case = actions.rate_case_by_code(
        actor=request.actor,
        number=queries.number_of(case_id),
        query_code=body.query_code,
        party=idempotency.party_of(request.actor),
        **judged,
    )
    return _moved(case, now)


@router.post("/cases/{case_id}/attachments", response={201: AttachmentOut, **REFUSALS}, operation_id="add_case_photo")
@allow(access.SIGNED_IN)
def add_photo(
    request: Request,
    case_id: Id,
    file: Annotated[UploadedFile, File()],
    purpose: Annotated[Literal["place", "before", "after"], Form()] = "place",
    question: Annotated[str, Form(max_length=40)] = "",
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status:
    """Attach a photo (multipart field `file`); it is re-encoded and its metadata removed.

    question: key of the question that it answers.

    Under the same Idempotency-Key the same photo is answered again.
    """
    if file.size is None or file.size > settings.PHOTO_BYTES_MAX:
        raise Invalid(_("照片不能超过 10 MB"), {"file": _("照片不能超过 10 MB")})
    now, data = clock.now(), file.read()

    def write() -> dict[str, Any]:
        photo = actions.add_photo(
            actor=request.actor, case_id=case_id, data=data, purpose=purpose, question=question, now=now
        )  # fmt: skip
        return _attachment(photo)

    if idempotency_key is None:
        return Status(201, write())
    sent = {"case": case_id, "purpose": purpose, "question": question, "photo": hashlib.sha256(data).hexdigest()}
    return Status(201, idempotency.once(actor=request.actor, key=idempotency_key, body=sent, now=now, write=write))


@router.get(
    "/cases/{case_id}/attachments/{photo_id}", response=REFUSALS, operation_id="get_case_photo", url_name="case_photo"
)
@allow(access.SIGNED_IN)
def get_photo(request: Request, case_id: Id, photo_id: Id) -> HttpResponse:
    """Answer the photo itself, to whoever may see its case."""
    photo = queries.get_photo(viewer=request.actor, case_id=case_id, photo_id=photo_id)
    return HttpResponse(files.read(photo.digest), content_type=photo.mime)


def _attachment(photo: Any) -> dict[str, Any]:
    return {
        "id": photo.pk, "purpose": photo.purpose, "mime": photo.mime, "width": photo.width, "height": photo.height,
        "size": photo.size, "url": reverse("api:case_photo", args=[photo.case_id, photo.pk]),
    }  # fmt: skip


@router.get("/stats/cases", response={200: StatsOut, **REFUSALS}, operation_id="count_cases", by_alias=True)
@allow(Permission.VIEW)
@from_replica
def count_cases(request: Request, asked: Query[StatsQuery]) -> HttpResponse:
    """Count cases by one dimension; exact at every read."""
    today = clock.local_date(clock.now())
    to_date = asked.to or today
    from_date = asked.from_ or to_date.replace(day=1)
    area = _area(asked.area) or next(iter(territory().children(None)), None)
    if area is None or to_date >= date.max:
        raise Invalid(_("没有可统计的区域或日期"))
    table = queries.count_cases(
        viewer=request.actor, area=area, by=By(asked.by), from_date=from_date, to_date=to_date + timedelta(days=1),
        only=ORDINARY,
    )  # fmt: skip
    return answer(stats_out(table, to_date))
