"""The shapes in which call-backs enter and leave the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as Out

from haitang.callbacks.queries import CallbackView
from haitang.callbacks.values import WORDS_LENGTH_MAX, Answer, Outcome, Satisfaction
from haitang.core.schemas import Schema, text


class CallIn(Schema):
    """What came of one call. contacted, solved, satisfaction, words: with the outcome `answered` only."""

    outcome: Literal[tuple(Outcome.values)]  # type: ignore[valid-type]  # choices come from an enum
    contacted: bool | None = None
    solved: bool | None = None
    satisfaction: Literal[tuple(Satisfaction.values)] | None = None  # type: ignore[valid-type]  # as above
    words: Annotated[str, text(WORDS_LENGTH_MAX)] = ""
    note: Annotated[str, text(WORDS_LENGTH_MAX)] = ""

    def given(self) -> dict[str, Any]:
        """Return what the action takes."""
        answer = Answer(self.contacted, self.solved, self.satisfaction, self.words)
        answered = self.outcome == Outcome.ANSWERED
        return {"outcome": self.outcome, "answer": answer if answered else None, "note": self.note}


class CallbackOut(Out):
    """A call-back. reporter, phone: masked. round: which closure of the case it follows."""

    id: int
    case_id: int
    case_number: str
    round: int
    state: str
    next_at: datetime | None
    due_at: datetime
    attempts: int
    ended_at: datetime | None
    via: str
    valid: bool | None
    contacted: bool | None
    solved: bool | None
    satisfaction: str | None
    words: str
    reopened: bool
    description: str
    result: str
    reporter: str
    phone: str


class CallbackPageOut(Out):
    """A page of call-backs; `next` and `previous` are cursors, "" where the list ends."""

    rows: list[CallbackOut]
    total: int | None
    total_is_more: bool
    previous: str
    next: str


def callback_out(row: CallbackView) -> dict[str, Any]:
    """Return a call-back as the API prints it."""
    callback, view = row.callback, row.view
    return {
        "id": callback.pk, "case_id": callback.case_id, "case_number": view.case.number, "round": callback.round,
        "state": callback.state, "next_at": callback.next_at, "due_at": callback.due_at,
        "attempts": callback.attempts, "ended_at": callback.ended_at, "via": callback.via, "valid": callback.is_valid,
        "contacted": callback.is_contacted, "solved": callback.is_solved, "satisfaction": callback.satisfaction,
        "words": callback.words, "reopened": callback.reopened, "description": view.case.description,
        "result": row.result, "reporter": view.reporter_name, "phone": view.reporter_phone,
    }  # fmt: skip
