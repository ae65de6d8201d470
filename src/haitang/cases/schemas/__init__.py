"""The shapes of the API's cases: what comes in, bounded and strict, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import AwareDatetime, ConfigDict, Field

from haitang.cases.lifecycle import Status
from haitang.cases.queries.cases import PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, CaseView
from haitang.cases.queries.counting import By, CountRow, CountTable
from haitang.cases.schemas.asking import AnswerOut, ConditionOut
from haitang.cases.values import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    OPINION_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    Channel,
    Kind,
    Mark,
)
from haitang.cases.values.asking import QUESTIONS_MAX
from haitang.core.history import Entry
from haitang.core.schemas import Schema, text

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Code = Annotated[str, text(40)]
Opinion = Annotated[str, text(OPINION_LENGTH_MAX, 1)]
Answers = dict[Code, bool | float | Annotated[str, text(300)] | list[Annotated[str, text(100)]] | None]
"""What is answered to a category's questions, by their keys; which these are, `GET /categories/{code}` tells."""
Words = Annotated[str, text(OPINION_LENGTH_MAX)]


class ReporterIn(Schema):
    """Who reports, as far as they say."""

    name: Annotated[str, text(NAME_LENGTH_MAX)] = ""
    phone: Annotated[str, text(30)] = ""


class CaseIn(Schema):
    """A matter to be taken in. Coordinates are WGS84."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    description: Annotated[str, text(DESCRIPTION_LENGTH_MAX, 1)]
    category_code: Code | None = None
    kind: Literal[tuple(Kind.values)] = Kind.HELP.value  # type: ignore[valid-type]  # choices come from an enum
    channel: Literal[tuple(Channel.values)] = Channel.WEB.value  # type: ignore[valid-type]  # choices come from an enum
    lon: Longitude | None = None
    lat: Latitude | None = None
    address: Annotated[str, text(PLACE_LENGTH_MAX)] | None = None
    area_code: Code | None = None
    reporter: ReporterIn | None = None
    occurred_at: AwareDatetime | None = None
    external_id: Annotated[str, text(100)] | None = None
    answers: Answers = Field(default_factory=dict, max_length=QUESTIONS_MAX)


class CaseQuery(Schema):
    """How a list of cases is narrowed; `area` and `category` include all below them."""

    area: Code | None = None
    status: list[Literal[tuple(Status.values)]] = Field(default_factory=list, max_length=13)  # type: ignore[valid-type]  # choices come from an enum
    category: Code | None = None
    channel: Literal[tuple(Channel.values)] | None = None  # type: ignore[valid-type]  # choices come from an enum
    overdue: bool | None = None
    from_: AwareDatetime | date | None = Field(None, alias="from")
    to: AwareDatetime | date | None = None
    q: Annotated[str, text(100)] = ""
    mark: Literal[tuple(Mark.values)] | None = None  # type: ignore[valid-type]  # choices come from an enum
    priority: Annotated[int, Field(ge=0, le=2)] = 0
    order: Literal["newest", "priority"] = "newest"
    limit: Annotated[int, Field(ge=1, le=PAGE_ROWS_MAX)] = PAGE_ROWS_DEFAULT
    cursor: Annotated[str, text(500)] = ""


class StatsQuery(Schema):
    """What is counted: an area (the whole city if none), over days both included (this month if none)."""

    area: Code | None = None
    by: Literal[tuple(By.values)] = By.DAY.value  # type: ignore[valid-type]  # choices come from an enum
    from_: date | None = Field(None, alias="from")
    to: date | None = None


class OpinionIn(Schema):
    """What every deed needs: an opinion."""

    opinion: Opinion


class VerifyIn(OpinionIn):
    """What was found on the spot."""

    result: Literal["exists", "absent", "unable"] = "exists"


class RegisterIn(OpinionIn):
    """Filing, under another category if need be."""

    category_code: Code | None = None
    condition: Code | None = None
    answers: Answers = Field(default_factory=dict, max_length=QUESTIONS_MAX)


class HandleIn(OpinionIn):
    """Declaring the work done, with what the category asks then."""

    answers: Answers = Field(default_factory=dict, max_length=QUESTIONS_MAX)


class CloseIn(HandleIn):
    """Closing, by which of the category's conditions. condition: its key; the only one need not be named."""

    condition: Code = ""


class DispatchIn(OpinionIn):
    """Dispatching; without an organization to the one that routing found."""

    organization_code: Code | None = None


class CheckIn(OpinionIn):
    """Checking; not passed sends it back to its desk."""

    passed: bool = True


class RateIn(Schema):
    """The reporter's judgement. query_code: for those without an account of their own."""

    solved: bool
    score: Annotated[int, Field(ge=1, le=5)]
    text: Words = ""
    query_code: Code | None = None


class CorrectIn(OpinionIn):
    """Another category, another area, or both."""

    category_code: Code | None = None
    area_code: Code | None = None


class Named(NinjaSchema):
    """A code and what it is called."""

    code: str
    name: str


class CaseOut(NinjaSchema):
    """A case as lists show it. Reporters are never in it."""

    id: int
    number: str
    status: str
    status_name: str
    kind: str
    channel: str
    description: str
    address: str
    lon: float | None
    lat: float | None
    area: Named
    category: Named | None
    organization: Named | None
    routing_reason: str
    stage: str | None
    due_at: datetime | None
    is_overdue: bool
    reported_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    occurred_at: datetime | None
    external_id: str | None
    deadlines: dict[str, Any]
    returns: int
    reworks: int
    reopenings: int
    priority: int
    marks: list[str]
    voices: int
    solved: bool | None
    score: int | None


class CreatedOut(CaseOut):
    """A case just taken in, with the code by which its reporter can ask and rate.

    photos_awaited: keys of the questions whose photo must follow before the case is registered.
    """

    query_code: str
    photos_awaited: list[str]


class TimelineOut(NinjaSchema):
    """One thing that happened."""

    id: int
    fact: str
    at: datetime
    actor: str
    organization: str
    opinion: str
    from_status: str | None
    to_status: str | None
    spent_s: int | None
    data: dict[str, Any]


class AttachmentOut(NinjaSchema):
    """A photo of a case."""

    id: int
    purpose: str
    mime: str
    width: int
    height: int
    size: int
    url: str


class ReporterOut(NinjaSchema):
    """The reporter, masked."""

    name: str
    phone: str


class CaseDetailOut(CaseOut):
    """A case with everything that happened to it. form_version: of its category's form, 0 for none.

    photos_awaited: keys of the questions whose photo was to follow the report and has not come.
    """

    form_version: int
    answers: list[AnswerOut]
    photos_awaited: list[str]
    opening: ConditionOut | None
    closing: ConditionOut | None
    reporter: ReporterOut
    timeline: list[TimelineOut]
    attachments: list[AttachmentOut]
    deeds: list[str]


class CasePageOut(NinjaSchema):
    """A page of cases. total: exact up to 1,000; beyond that total_is_more says so."""

    items: list[CaseOut]
    total: int
    total_is_more: bool
    next: str
    previous: str


class CategoryOut(NinjaSchema):
    """A category. limits: by stage, as text."""

    code: str
    name: str
    name_en: str
    tree: str
    parent: str | None
    urgent: bool
    is_leaf: bool
    limits: dict[str, str]


class CountRowOut(NinjaSchema):
    """Counts of one row. `status`: cases reported in the period by their state now; `done`: deeds done in it."""

    key: str
    name: str
    reported: int
    open: int
    closed: int
    status: dict[str, int]
    done: dict[str, int]
    in_time: dict[str, int]
    late: dict[str, int]
    solved: int
    unsolved: int
    score_sum: int


class StatsOut(NinjaSchema):
    """Counts of an area over the days from `from` to `to`, both included."""

    area: Named
    by: str
    from_date: date = Field(alias="from")
    to_date: date = Field(alias="to")
    rows: list[CountRowOut]
    total: CountRowOut


def case_out(view: CaseView, now: datetime) -> dict[str, Any]:
    """Return a case in the shape of CaseOut."""
    case = view.case
    return {
        "id": case.pk,
        "number": case.number,
        "status": case.status,
        "status_name": str(Status(case.status).label),
        "kind": case.kind,
        "channel": case.channel,
        "description": case.description,
        "address": case.place,
        "lon": case.lon,
        "lat": case.lat,
        "area": {"code": view.area.code if view.area else "", "name": view.area_name},
        "category": {"code": view.category.code, "name": view.category.name} if view.category else None,
        "organization": (
            {"code": view.organization.code, "name": view.organization.name} if view.organization else None
        ),
        "routing_reason": case.routing_reason,
        "stage": case.stage,
        "due_at": case.due_at,
        "is_overdue": case.due_at is not None and case.due_at < now,
        "reported_at": case.reported_at,
        "changed_at": case.changed_at,
        "closed_at": case.closed_at,
        "occurred_at": case.occurred_at,
        "external_id": case.external_id,
        "deadlines": case.deadlines,
        "returns": case.returns,
        "reworks": case.reworks,
        "reopenings": case.reopenings,
        "priority": case.priority,
        "marks": case.marks,
        "voices": case.voices,
        "solved": case.is_solved,
        "score": case.score,
    }


def timeline_out(entry: Entry) -> dict[str, Any]:
    """Return an entry in the shape of TimelineOut."""
    data = entry.data
    return {
        "id": entry.pk,
        "fact": entry.fact,
        "at": entry.at,
        "actor": entry.actor_name,
        "organization": entry.organization_name,
        "opinion": data.get("opinion", ""),
        "from_status": data.get("from_status"),
        "to_status": data.get("to_status"),
        "spent_s": data.get("spent_s"),
        "data": {
            k: v for k, v in data.items() if k not in ("opinion", "from_status", "to_status", "spent_s", "case_id")
        },
    }


_GROUPS = {"is": "status", "did": "done", "in_time": "in_time", "late": "late"}


def _count_row(counted: CountRow) -> dict[str, Any]:
    groups: dict[str, dict[str, int]] = {group: {} for group in _GROUPS.values()}
    for measure, n in sorted(counted.measures.items()):
        kind, _colon, what = measure.partition(":")
        if kind in _GROUPS:
            groups[_GROUPS[kind]][what] = n
    return {
        "key": counted.key, "name": counted.name, "reported": counted.reported, "open": counted.open,
        "closed": counted.closed, **groups, "solved": counted.measures.get("solved", 0),
        "unsolved": counted.measures.get("unsolved", 0), "score_sum": counted.measures.get("score", 0),
    }  # fmt: skip


def stats_out(table: CountTable, to_date: date) -> dict[str, Any]:
    """Return a table of counts in the shape of StatsOut."""
    return {
        "area": {"code": table.area.code, "name": table.area.name},
        "by": table.by.value,
        "from": table.from_date,
        "to": to_date,
        "rows": [_count_row(counted) for counted in table.rows],
        "total": _count_row(table.total),
    }
