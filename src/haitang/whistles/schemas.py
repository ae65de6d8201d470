"""The shapes of the API's whistles: what comes in, bounded and strict, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import AwareDatetime, Field

from haitang.core.schemas import Id, Schema, text
from haitang.whistles.lifecycle import Standing, Status
from haitang.whistles.queries import PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, CallView, WhistlePage, WhistleView
from haitang.whistles.values import (
    DEPARTMENTS_MAX,
    OPINION_LENGTH_MAX,
    TASKS_MAX,
    TEXT_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Rating,
    Role,
    Stage,
)

Code = Annotated[str, text(40, 1)]
Opinion = Annotated[str, text(OPINION_LENGTH_MAX, 1)]
Text = Annotated[str, text(TEXT_LENGTH_MAX)]
Words = Annotated[str, text(WORDS_LENGTH_MAX)]


class DepartmentIn(Schema):
    """A department to be called; without a task of its own it does what the whistle asks of all."""

    organization_code: Code
    role: Literal[tuple(Role.values)] = Role.ASSIST.value  # type: ignore[valid-type]  # choices come from an enum
    task: Words = ""


class WhistleIn(Schema):
    """A whistle to be drafted on a case: exactly one department leads."""

    case_id: Id
    kind: Annotated[str, text(20, 1)]
    reason: Annotated[str, text(TEXT_LENGTH_MAX, 1)]
    demand: Text = ""
    departments: Annotated[list[DepartmentIn], Field(min_length=1, max_length=DEPARTMENTS_MAX)]


class AdditionIn(Schema):
    """Departments that are to assist a whistle that was blown."""

    opinion: Opinion
    departments: Annotated[list[DepartmentIn], Field(min_length=1, max_length=DEPARTMENTS_MAX)]


class OpinionIn(Schema):
    """What every deed needs: an opinion."""

    opinion: Opinion


class ArrivalIn(OpinionIn):
    """Where the department came to and who came, in words."""

    place: Annotated[str, text(WORDS_LENGTH_MAX, 1)]
    people: Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class EvaluationIn(OpinionIn):
    """The street's judgement of a department that has signed off."""

    rating: Literal[tuple(Rating.values)]  # type: ignore[valid-type]  # choices come from an enum


class TaskIn(Schema):
    """What a meeting decided: who does what until when."""

    organization_code: Code
    text: Annotated[str, text(WORDS_LENGTH_MAX, 1)]
    due_on: date


class MeetingIn(Schema):
    """A joint meeting that was held."""

    held_at: AwareDatetime
    place: Words = ""
    attendees: Text = ""
    minutes: Annotated[str, text(TEXT_LENGTH_MAX, 1)]
    tasks: Annotated[list[TaskIn], Field(max_length=TASKS_MAX)] = Field(default_factory=list)


class SettleIn(Schema):
    """Whether a task was done, and a word on it."""

    done: bool
    note: Opinion


class WhistleQuery(Schema):
    """Which whistles are asked for. box: what waits for the caller, those of its areas, those it was called to, all."""

    box: Literal["todo", "street", "called", "all"] = "all"
    status: Literal[tuple(Status.values)] | None = None  # type: ignore[valid-type]  # choices come from an enum
    limit: Annotated[int, Field(ge=1, le=PAGE_ROWS_MAX)] = PAGE_ROWS_DEFAULT
    cursor: Annotated[str, text(500)] = ""


class KindOut(NinjaSchema):
    """A kind of whistle in use. limits: by stage, as officials write them."""

    code: str
    name: str
    use: str
    limits: dict[str, str]
    approver_posts: list[str]


class DeadlineOut(NinjaSchema):
    """One clock of a department."""

    stage: str
    limit: str
    due_at: datetime
    done_at: datetime | None


class CallOut(NinjaSchema):
    """One department's answer. level: steps of the ladder climbed in this stage."""

    id: int
    organization_code: str
    organization_name: str
    role: str
    task: str
    status: str
    status_name: str
    stage: str | None
    due_at: datetime | None
    level: int
    place: str
    people: str
    result: str
    refusal: str
    rating: str | None
    reworks: int
    deadlines: list[DeadlineOut]


class WhistleOut(NinjaSchema):
    """A whistle with its departments. due_at: until when it is to be approved or declined, while it waits for that."""

    id: int
    number: str
    case_id: int
    case_number: str
    kind: str
    kind_name: str
    status: str
    status_name: str
    reason: str
    demand: str
    organization_code: str | None
    drafted_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    departments: list[CallOut]


class WhistlePageOut(NinjaSchema):
    """A page of whistles, newest first."""

    items: list[WhistleOut]
    total: int
    total_is_more: bool
    next: str
    previous: str


class TaskOut(NinjaSchema):
    """A task of a meeting; done is null until somebody has said."""

    id: int
    organization_id: int
    text: str
    due_on: date
    done: bool | None
    note: str


class MeetingOut(NinjaSchema):
    """A joint meeting."""

    id: int
    held_at: datetime
    place: str
    attendees: str
    minutes: str
    tasks: list[TaskOut]


class PhotoOut(NinjaSchema):
    """A photo of a department."""

    id: int
    call_id: int
    mime: str
    width: int
    height: int
    size: int


class WhistleDetailOut(WhistleOut):
    """A whistle with its meetings and the photos of its departments."""

    meetings: list[MeetingOut]
    photos: list[PhotoOut]


def call_out(view: CallView) -> dict[str, Any]:
    """Return a department's answer as the API shows it."""
    call, desk = view.call, view.organization
    kept = [(stage.value, call.deadlines[stage.value]) for stage in Stage if stage.value in call.deadlines]
    return {
        "id": call.pk, "organization_code": desk.code if desk else "", "organization_name": desk.name if desk else "",
        "role": call.role, "task": call.task, "status": call.status, "status_name": str(Standing(call.status).label),
        "stage": call.stage, "due_at": call.due_at, "level": call.level, "place": call.place, "people": call.people,
        "result": call.result, "refusal": call.refusal, "rating": call.rating, "reworks": call.reworks,
        "deadlines": [
            {"stage": stage, "limit": one["limit"], "due_at": one["due_at"], "done_at": one.get("done_at")}
            for stage, one in kept
        ],
    }  # fmt: skip


def whistle_out(view: WhistleView) -> dict[str, Any]:
    """Return a whistle as the API shows it."""
    whistle = view.whistle
    return {
        "id": whistle.pk, "number": whistle.number, "case_id": whistle.case_id, "case_number": whistle.case.number,
        "kind": whistle.kind, "kind_name": view.kind.name, "status": whistle.status,
        "status_name": str(Status(whistle.status).label), "reason": whistle.reason, "demand": whistle.demand,
        "organization_code": view.organization.code if view.organization else None, "drafted_at": whistle.drafted_at,
        "due_at": whistle.due_at, "decided_at": whistle.decided_at, "ended_at": whistle.ended_at,
        "departments": [call_out(each) for each in view.calls],
    }  # fmt: skip


def meeting_out(meeting: Any) -> dict[str, Any]:
    """Return a joint meeting as the API shows it."""
    return {
        "id": meeting.pk, "held_at": meeting.held_at, "place": meeting.place, "attendees": meeting.attendees,
        "minutes": meeting.minutes,
        "tasks": [task_out(task) for task in sorted(meeting.tasks.all(), key=lambda task: task.pk)],
    }  # fmt: skip


def task_out(task: Any) -> dict[str, Any]:
    """Return a task as the API shows it."""
    return {
        "id": task.pk, "organization_id": task.organization_id, "text": task.text, "due_on": task.due_on,
        "done": task.is_done, "note": task.note,
    }  # fmt: skip


def photo_out(photo: Any) -> dict[str, Any]:
    """Return a photo as the API shows it."""
    return {name: getattr(photo, name) for name in ("call_id", "mime", "width", "height", "size")} | {"id": photo.pk}


def page_out(page: WhistlePage) -> dict[str, Any]:
    """Return a whistle with its meetings and photos as the API shows it."""
    return {
        **whistle_out(page.view), "meetings": [meeting_out(each) for each in page.meetings],
        "photos": [photo_out(photo) for call in page.view.calls for photo in call.photos],
    }  # fmt: skip
