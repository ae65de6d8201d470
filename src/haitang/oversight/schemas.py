"""The shapes in which oversight enters and leaves the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as Out
from pydantic import AwareDatetime, Field

from haitang.cases.values import DESCRIPTION_LENGTH_MAX
from haitang.core.schemas import Id, Schema, text
from haitang.oversight.values import PARTS_MAX, REASON_LENGTH_MAX, Cause, Wish

Words = Annotated[str, text(REASON_LENGTH_MAX, 1)]


class RequestIn(Schema):
    """What is asked for. until: of a pause. more: of an extension, a limit as officials write it ("3 工作日")."""

    wish: Literal[tuple(Wish.values)]  # type: ignore[valid-type]  # choices come from an enum
    reason: Words
    until: AwareDatetime | None = None
    more: Annotated[str, text(30)] = ""


class DecisionIn(Schema):
    """What is decided."""

    approved: bool
    opinion: Words


class OpinionIn(Schema):
    """Why."""

    opinion: Words


class UrgeIn(Schema):
    """What the desk is told."""

    text: Words


class SuperviseIn(Schema):
    """What is demanded; without answer_by within the time of the rule."""

    demand: Words
    cause: Literal[tuple(Cause.values)] = Cause.LEADER.value  # type: ignore[valid-type]  # choices come from an enum
    answer_by: AwareDatetime | None = None


class AnswerIn(Schema):
    """What the desk answers."""

    answer: Words


class PartIn(Schema):
    """A part to be split off."""

    description: Annotated[str, text(DESCRIPTION_LENGTH_MAX, 1)]
    category_code: Annotated[str, text(40)] = ""


class SplitIn(Schema):
    """The parts."""

    parts: Annotated[list[PartIn], Field(min_length=1, max_length=PARTS_MAX)]


class TieIn(Schema):
    """The case that this one becomes a part of."""

    parent_id: Id


class RequestOut(Out):
    """A request."""

    id: int
    case_id: int
    wish: str
    state: str
    stage: str
    reason: str
    until: datetime | None
    more: str
    asked_by_name: str
    asked_at: datetime
    due_at: datetime
    opinion: str
    decided_at: datetime | None
    resumed_at: datetime | None


class SupervisionOut(Out):
    """A supervision."""

    id: int
    case_id: int
    cause: str
    demand: str
    answer_by: datetime
    opened_by_name: str
    opened_at: datetime
    answer: str
    answered_at: datetime | None
    closing: str
    closed_at: datetime | None


class RequestPageOut(Out):
    """A page of requests."""

    items: list[RequestOut]
    total: int | None
    next: str


class SupervisionPageOut(Out):
    """A page of supervisions."""

    items: list[SupervisionOut]
    total: int | None
    next: str


class ClockOut(Out):
    """How a case's clock and family stand."""

    case_id: int
    stage: str | None
    due_at: datetime | None
    paused_until: datetime | None
    escalated: int
    urged: int
    parent_id: int | None
    parts: list[int]
    requests: list[RequestOut]
    supervisions: list[SupervisionOut]


class MadeOut(Out):
    """The cases that were made."""

    cases: list[int]


class DayOut(Out):
    """One day of a burn-down."""

    day: str
    came: int
    ended: int
    open: int


class AgeOut(Out):
    """A category's open cases by age: up to 7, 30, 90 days, older."""

    code: str
    name: str
    by_age: list[int]
    total: int


class BurndownOut(Out):
    """What an area has open, and how it came to that."""

    area: str
    days: list[DayOut]
    rows: list[AgeOut]
    total: AgeOut


def burndown_out(found: Any) -> dict[str, Any]:
    """Return a burn-down as the API prints it."""

    def row(each: Any) -> dict[str, Any]:
        return {"code": each.code, "name": each.name, "by_age": list(each.by_age), "total": each.total}

    return {
        "area": found.area.code,
        "days": [
            {"day": line.day.isoformat(), "came": line.came, "ended": line.ended, "open": line.open}
            for line in found.days
        ],
        "rows": [row(each) for each in found.rows],
        "total": row(found.total),
    }


def page_out(page: Any) -> dict[str, Any]:
    """Return a page as the API prints it."""
    return {"items": list(page.rows), "total": page.total, "next": page.next}
