"""`/api/v1/whistles`: drafting, deciding, what departments answer, meetings."""

from collections.abc import Callable
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Status, UploadedFile

from haitang.core import access, clock
from haitang.core.access import allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS, Id, answer
from haitang.whistles import actions, queries
from haitang.whistles.schemas import (
    AdditionIn,
    ArrivalIn,
    CallOut,
    EvaluationIn,
    KindOut,
    MeetingIn,
    MeetingOut,
    OpinionIn,
    PhotoOut,
    SettleIn,
    TaskIn,
    TaskOut,
    WhistleDetailOut,
    WhistleIn,
    WhistleOut,
    WhistlePageOut,
    WhistleQuery,
    call_out,
    meeting_out,
    page_out,
    photo_out,
    task_out,
    whistle_out,
)
from haitang.whistles.values import NewCall, NewTask, Permission

router = Router(tags=["whistles"])
BLOWN = {200: WhistleOut, **REFUSALS}
ANSWERED = {200: CallOut, **REFUSALS}
CALL = "/{whistle_id}/calls/{call_id}"


@router.get("/kinds", response={200: list[KindOut], **REFUSALS}, operation_id="list_whistle_kinds")
@allow(Permission.VIEW)
def list_kinds(request: Request) -> list[dict[str, Any]]:
    """List the kinds of whistle in use, with their clocks."""
    return [
        {
            "code": kind.code, "name": kind.name, "use": kind.use, "approver_posts": list(kind.approver_posts),
            "limits": {stage: str(limit) for stage, limit in kind.limits.items()},
        }
        for kind in queries.rules().kinds.values()
        if kind.is_active
    ]  # fmt: skip


@router.get("", response={200: WhistlePageOut, **REFUSALS}, operation_id="list_whistles")
@allow(Permission.VIEW)
def list_whistles(request: Request, asked: Query[WhistleQuery]) -> HttpResponse:
    """List the whistles that the caller may see, newest first."""
    page = queries.list_whistles(
        viewer=request.actor, box=asked.box, status=asked.status or "", cursor=asked.cursor, limit=asked.limit
    )
    return answer({
        "items": [whistle_out(view) for view in queries.describe_whistles(list(page.rows))],
        "total": page.total or 0, "total_is_more": page.total_is_more, "next": page.next, "previous": page.previous,
    })  # fmt: skip


@router.post("", response={201: WhistleOut, **REFUSALS}, operation_id="draft_whistle")
@allow(Permission.DRAFT)
def draft_whistle(request: Request, body: WhistleIn) -> HttpResponse:
    """Draft a whistle on a case."""
    calls = [NewCall(each.organization_code, each.role, each.task) for each in body.departments]
    made = actions.draft_whistle(
        actor=request.actor, now=clock.now(), case_id=body.case_id, kind=body.kind, reason=body.reason,
        demand=body.demand, calls=calls,
    )  # fmt: skip
    return _whistle(request, made.pk, 201)


@router.get("/{whistle_id}", response={200: WhistleDetailOut, **REFUSALS}, operation_id="get_whistle")
@allow(access.SIGNED_IN)
def get_whistle(request: Request, whistle_id: Id) -> HttpResponse:
    """Show one whistle with its departments, meetings and photos."""
    return answer(page_out(queries.get_whistle_page(viewer=request.actor, whistle_id=whistle_id)))


def _whistle(request: Request, whistle_id: int, status: int = 200) -> HttpResponse:
    whistle = queries.get_whistle(viewer=request.actor, whistle_id=whistle_id)
    return answer(whistle_out(queries.describe_whistles([whistle])[0]), status)


@router.post("/{whistle_id}/approve", response=BLOWN, operation_id="approve_whistle")
@allow(Permission.APPROVE)
def approve_whistle(request: Request, whistle_id: Id, body: OpinionIn) -> HttpResponse:
    """批准: approve a whistle and blow it."""
    actions.approve_whistle(actor=request.actor, now=clock.now(), whistle_id=whistle_id, opinion=body.opinion)
    return _whistle(request, whistle_id)


@router.post("/{whistle_id}/decline", response=BLOWN, operation_id="decline_whistle")
@allow(Permission.APPROVE)
def decline_whistle(request: Request, whistle_id: Id, body: OpinionIn) -> HttpResponse:
    """不批准: decline a whistle."""
    actions.decline_whistle(actor=request.actor, now=clock.now(), whistle_id=whistle_id, opinion=body.opinion)
    return _whistle(request, whistle_id)


@router.post("/{whistle_id}/withdraw", response=BLOWN, operation_id="withdraw_whistle")
@allow(access.SIGNED_IN)
def withdraw_whistle(request: Request, whistle_id: Id, body: OpinionIn) -> HttpResponse:
    """撤回: take a whistle back before it is blown."""
    actions.withdraw_whistle(actor=request.actor, now=clock.now(), whistle_id=whistle_id, opinion=body.opinion)
    return _whistle(request, whistle_id)


@router.post("/{whistle_id}/departments", response=BLOWN, operation_id="add_departments")
@allow(Permission.APPROVE)
def add_departments(request: Request, whistle_id: Id, body: AdditionIn) -> HttpResponse:
    """增加协同单位: call more departments after the whistle was blown."""
    calls = [NewCall(each.organization_code, each.role, each.task) for each in body.departments]
    actions.add_departments(
        actor=request.actor, now=clock.now(), whistle_id=whistle_id, calls=calls, opinion=body.opinion
    )
    return _whistle(request, whistle_id)


def _do(request: Request, action: Callable[..., Any], whistle_id: int, call_id: int, body: Any) -> HttpResponse:
    call = action(actor=request.actor, now=clock.now(), whistle_id=whistle_id, call_id=call_id, **body.dict())
    return answer(call_out(queries.describe_call(call)))


@router.post(f"{CALL}/sign", response=ANSWERED, operation_id="sign_call")
@allow(Permission.RESPOND)
def sign_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """签收: the department has it."""
    return _do(request, actions.sign_call, whistle_id, call_id, body)


@router.post(f"{CALL}/contact", response=ANSWERED, operation_id="contact_street")
@allow(Permission.RESPOND)
def contact_street(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """联系: the department has spoken with the street."""
    return _do(request, actions.contact_street, whistle_id, call_id, body)


@router.post(f"{CALL}/arrive", response=ANSWERED, operation_id="report_arrival")
@allow(Permission.RESPOND)
def report_arrival(request: Request, whistle_id: Id, call_id: Id, body: ArrivalIn) -> HttpResponse:
    """报到: the department is there."""
    return _do(request, actions.report_arrival, whistle_id, call_id, body)


@router.post(f"{CALL}/handle", response=ANSWERED, operation_id="handle_call")
@allow(Permission.RESPOND)
def handle_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """处置: the department has done its part."""
    return _do(request, actions.handle_call, whistle_id, call_id, body)


@router.post(f"{CALL}/sign-off", response=ANSWERED, operation_id="sign_off_call")
@allow(Permission.RESPOND)
def sign_off_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """销哨: the department is finished."""
    return _do(request, actions.sign_off_call, whistle_id, call_id, body)


@router.post(f"{CALL}/refuse", response=ANSWERED, operation_id="refuse_call")
@allow(Permission.RESPOND)
def refuse_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """拒哨: the department says that it is not its matter."""
    return _do(request, actions.refuse_call, whistle_id, call_id, body)


@router.post(f"{CALL}/release", response=ANSWERED, operation_id="release_call")
@allow(Permission.EVALUATE)
def release_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """同意拒哨: the department need not come."""
    return _do(request, actions.release_call, whistle_id, call_id, body)


@router.post(f"{CALL}/insist", response=ANSWERED, operation_id="insist_on_call")
@allow(Permission.EVALUATE)
def insist_on_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """不同意拒哨: the department is to come."""
    return _do(request, actions.insist_on_call, whistle_id, call_id, body)


@router.post(f"{CALL}/waive", response=ANSWERED, operation_id="waive_call")
@allow(Permission.WAIVE)
def waive_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """豁免: the case goes on without this department."""
    return _do(request, actions.waive_call, whistle_id, call_id, body)


@router.post(f"{CALL}/evaluate", response=ANSWERED, operation_id="evaluate_call")
@allow(Permission.EVALUATE)
def evaluate_call(request: Request, whistle_id: Id, call_id: Id, body: EvaluationIn) -> HttpResponse:
    """评价: the street judges what the department did."""
    return _do(request, actions.evaluate_call, whistle_id, call_id, body)


@router.post(f"{CALL}/rework", response=ANSWERED, operation_id="rework_call")
@allow(Permission.EVALUATE)
def rework_call(request: Request, whistle_id: Id, call_id: Id, body: OpinionIn) -> HttpResponse:
    """否决返工: the department goes on, with a fresh clock."""
    return _do(request, actions.rework_call, whistle_id, call_id, body)


@router.post(f"{CALL}/photos", response={201: PhotoOut, **REFUSALS}, operation_id="add_whistle_photo")
@allow(Permission.RESPOND)
def add_photo(request: Request, whistle_id: Id, call_id: Id, file: Annotated[UploadedFile, File()]) -> Status:
    """Add a photo as evidence (multipart field `file`); it is re-encoded and its metadata removed."""
    if file.size is None or file.size > settings.PHOTO_BYTES_MAX:
        raise Invalid(_("照片不能超过 10 MB"), {"file": _("照片不能超过 10 MB")})
    photo = actions.add_whistle_photo(
        actor=request.actor, now=clock.now(), whistle_id=whistle_id, call_id=call_id, data=file.read()
    )
    return Status(201, photo_out(photo))


@router.post("/{whistle_id}/meetings", response={201: MeetingOut, **REFUSALS}, operation_id="hold_meeting")
@allow(Permission.EVALUATE)
def hold_meeting(request: Request, whistle_id: Id, body: MeetingIn) -> HttpResponse:
    """会商: write down a joint meeting with the tasks it decided."""
    given = body.dict() | {"tasks": [NewTask(each.organization_code, each.text, each.due_on) for each in body.tasks]}
    made = actions.hold_meeting(actor=request.actor, now=clock.now(), whistle_id=whistle_id, **given)
    return answer(meeting_out(made), 201)


@router.post(
    "/{whistle_id}/meetings/{meeting_id}/tasks", response={201: TaskOut, **REFUSALS}, operation_id="give_meeting_task"
)
@allow(Permission.EVALUATE)
def give_task(request: Request, whistle_id: Id, meeting_id: Id, body: TaskIn) -> HttpResponse:
    """Give a department one more task of a meeting that was written down."""
    task = NewTask(body.organization_code, body.text, body.due_on)
    made = actions.give_meeting_task(
        actor=request.actor, now=clock.now(), whistle_id=whistle_id, meeting_id=meeting_id, task=task
    )
    return answer(task_out(made), 201)


@router.post(
    "/{whistle_id}/tasks/{task_id}/settle", response={200: TaskOut, **REFUSALS}, operation_id="settle_meeting_task"
)
@allow(access.SIGNED_IN)
def settle_task(request: Request, whistle_id: Id, task_id: Id, body: SettleIn) -> HttpResponse:
    """Say whether a task of a meeting was done."""
    task = actions.settle_meeting_task(
        actor=request.actor, now=clock.now(), whistle_id=whistle_id, task_id=task_id, **body.dict()
    )
    return answer(task_out(task))
