"""The shapes of the API of call-ups: what comes in, bounded and strict, and what goes out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import AwareDatetime, Field

from haitang.callups.queries import CallLine, CallUpView, MyCall
from haitang.callups.values import (
    PLACE_LENGTH_MAX,
    PLACES_MAX,
    PURPOSE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Answer,
    NewCallUp,
    Urgency,
    Whom,
)
from haitang.core.schemas import Schema, text
from haitang.volunteers.values import MemberClass

Code = Annotated[str, text(40, 1)]
Words = Annotated[str, text(WORDS_LENGTH_MAX)]
Places = Annotated[int, Field(ge=1, le=PLACES_MAX)] | None
ANSWERS = tuple(each for each in Answer.values if each)


class WhomIn(Schema):
    """Whom to call, among those who have agreed to be called; see values.Whom."""

    area_code: Code
    skills: Annotated[list[Code], Field(max_length=20)] = []
    classes: Annotated[list[Literal[tuple(MemberClass.values)]], Field(max_length=4)] = []  # type: ignore[valid-type]  # choices come from an enum
    only_free: bool = False

    def whom(self) -> Whom:
        """Return it as actions take it."""
        return Whom(self.area_code, tuple(self.skills), tuple(self.classes), self.only_free)


class CallUpIn(Schema):
    """A call-up. places: how many are needed, empty for as many as come. Answers are taken until answer_by."""

    purpose: Annotated[str, text(PURPOSE_LENGTH_MAX, 1)]
    place: Annotated[str, text(PLACE_LENGTH_MAX, 1)]
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    answer_by: AwareDatetime
    whom: WhomIn
    words: Words = ""
    urgency: Literal[tuple(Urgency.values)] = Urgency.NORMAL.value  # type: ignore[valid-type]  # choices come from an enum
    places: Places = None

    def new(self) -> NewCallUp:
        """Return it as actions take it."""
        return NewCallUp(**self.model_dump(exclude={"whom"}), whom=self.whom.whom())


class CallUpChangeIn(Schema):
    """How many are needed now, and until when they may answer."""

    places: Places = None
    answer_by: AwareDatetime


class AnswerIn(Schema):
    """An answer. reason: when one comes late, or why one cannot come."""

    answer: Literal[ANSWERS]  # type: ignore[valid-type]  # choices come from an enum
    reason: Annotated[str, text(REASON_LENGTH_MAX)] = ""


class ReportIn(Schema):
    """The code that was scanned on the spot."""

    code: Annotated[str, text(100, 1)]


class CloseIn(Schema):
    """When the work was over, and how it went."""

    ended_at: AwareDatetime
    summary: Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class CancelIn(Schema):
    """Why nobody is needed any more."""

    reason: Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class CountedOut(NinjaSchema):
    """How those called have answered; coming and late with a place."""

    called: int
    coming: int
    late: int
    waiting: int
    cannot: int
    silent: int
    here: int


class CallUpOut(NinjaSchema):
    """A call-up as those see it who work with call-ups there."""

    id: int
    number: str
    status: str
    urgency: str
    purpose: str
    words: str
    place: str
    area: str
    organization: str
    begins_at: datetime
    ends_at: datetime
    answer_by: datetime
    places: int | None
    taken: int
    called_at: datetime
    ended_at: datetime | None
    summary: str
    reason: str
    counted: CountedOut


class CallUpPageOut(NinjaSchema):
    """A page of call-ups."""

    items: list[CallUpOut]
    total: int | None
    next_cursor: str | None


class CallOut(NinjaSchema):
    """One of those called. waits: on the wait list. by_telephone: has no account."""

    id: int
    name: str
    area: str
    answer: str
    waits: bool
    reason: str
    answered_at: datetime | None
    here_at: datetime | None
    by_telephone: bool


class CallPageOut(NinjaSchema):
    """A page of those called."""

    items: list[CallOut]
    next_cursor: str | None


class MyCallOut(NinjaSchema):
    """A call to the caller of the API. left: places left, empty without limit. ahead: how many wait before them."""

    id: int
    status: str
    urgency: str
    purpose: str
    words: str
    place: str
    begins_at: datetime
    ends_at: datetime
    answer_by: datetime
    left: int | None
    answer: str
    waits: bool
    ahead: int
    reason: str
    here_at: datetime | None


def callup_out(view: CallUpView) -> dict[str, Any]:
    """Return a call-up as CallUpOut."""
    row = view.row
    return {
        "id": row.pk, "number": row.number, "status": row.status, "urgency": row.urgency, "purpose": row.purpose,
        "words": row.words, "place": row.place, "area": view.area_name, "organization": view.organization_name,
        "begins_at": row.begins_at, "ends_at": row.ends_at, "answer_by": row.answer_by, "places": row.places,
        "taken": row.taken, "called_at": row.called_at, "ended_at": row.ended_at, "summary": row.summary,
        "reason": row.reason, "counted": view.counted.as_data(),
    }  # fmt: skip


def call_out(line: CallLine) -> dict[str, Any]:
    """Return one of those called as CallOut."""
    call = line.call
    return {
        "id": call.pk, "name": line.name, "area": line.area_name, "answer": call.answer,
        "waits": call.turn is not None, "reason": call.reason, "answered_at": call.answered_at,
        "here_at": call.here_at, "by_telephone": not line.has_account,
    }  # fmt: skip


def my_call_out(view: MyCall) -> dict[str, Any]:
    """Return a call to the caller of the API as MyCallOut."""
    row, call = view.callup, view.call
    return {
        "id": row.pk, "status": row.status, "urgency": row.urgency, "purpose": row.purpose, "words": row.words,
        "place": row.place, "begins_at": row.begins_at, "ends_at": row.ends_at, "answer_by": row.answer_by,
        "left": row.left, "answer": call.answer, "waits": call.turn is not None, "ahead": view.ahead,
        "reason": call.reason, "here_at": call.here_at,
    }  # fmt: skip
