"""The shapes of the API's surveys: what comes in, bounded and strict, and what goes out, small cells hidden."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Schema, text
from haitang.surveys.queries import Line, Result, ReviewView, SurveyView, Table
from haitang.surveys.values import CODE_LENGTH, Figure

Value = Annotated[int, Field(ge=0, le=100)]
Chosen = Annotated[list[Value], Field(max_length=40)]


class AnswersIn(Schema):
    """Answers by key: an option's number from 0, a list of these, or a text. Keys: "0", of a matrix "2.0", "2.1"."""

    code: Annotated[str, text(CODE_LENGTH * 2, 1)]
    answers: Annotated[
        dict[Annotated[str, text(10, 1)], Value | Chosen | Annotated[str, text(500)]],
        Field(max_length=700),
    ]  # fmt: skip


class ReceivedOut(NinjaSchema):
    """The answers were kept."""

    survey_id: int


class SurveyOut(NinjaSchema):
    """A survey: who is asked, by which rules, with which questions."""

    id: int
    title: str
    words: str
    area: str
    status: str
    entry: str
    frame: str
    since: date | None
    until: date | None
    closes_on: date
    opened_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    seed: str
    edition: str
    rules: dict[str, Any]
    questions: list[dict[str, Any]]


class FigureOut(NinjaSchema):
    """A share or score from 0 to 1, and between what it lies; null where none can honestly be given."""

    value: float
    n: int
    low: float | None
    high: float | None


class LineOut(NinjaSchema):
    """A row: counts by option, null where hidden. band_pct: of the score, where it may not be told itself."""

    area: str
    n: int
    counts: list[int | None]
    score: FigureOut | None
    band_pct: list[int] | None


class TableOut(NinjaSchema):
    """What was answered to one question; total is null where there are too few answers."""

    question: str
    options: list[str]
    total: LineOut | None
    shares: list[FigureOut | None]
    areas: list[LineOut]


class ResultOut(NinjaSchema):
    """The figures of a survey. is_sampled: whether those asked were drawn; without, nothing stands for anybody else."""

    survey: SurveyOut
    answered: int
    invited: int
    households: int
    response_rate: float | None
    is_sampled: bool
    tables: list[TableOut]


class ReviewOut(NinjaSchema):
    """A review of a low figure: somebody looks why. It says nothing else about the area."""

    id: int
    survey_id: int
    area: str
    status: str
    threshold_pct: int
    is_sure: bool
    due_on: date
    responsible: str
    measures: str
    report: str
    change: str


def survey_out(view: SurveyView) -> dict[str, Any]:
    """Return a survey as the API prints it."""
    row = view.survey
    names = (
        "id", "title", "words", "status", "entry", "frame", "since", "until", "closes_on", "opened_at", "closed_at",
        "published_at", "seed", "edition", "rules", "questions",
    )  # fmt: skip
    return {"area": view.area_name, **{name: getattr(row, name) for name in names}}


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    between = figure.interval
    return {
        "value": figure.value, "n": figure.n, "low": between.low if between else None,
        "high": between.high if between else None,
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "area": line.name, "n": line.n, "counts": list(line.cells), "score": _figure(line.figure),
        "band_pct": list(line.band) if line.band else None,
    }  # fmt: skip


def _table(table: Table) -> dict[str, Any]:
    return {
        "question": table.label, "options": list(table.question.options),
        "total": _line(table.total) if table.total else None, "shares": [_figure(each) for each in table.shares],
        "areas": [_line(line) for line in table.lines],
    }  # fmt: skip


def result_out(view: SurveyView, result: Result) -> dict[str, Any]:
    """Return the figures of a survey as the API prints them."""
    return {
        "survey": survey_out(view), "answered": result.answered, "invited": result.invited,
        "households": result.households, "response_rate": result.rate, "is_sampled": result.is_sampled,
        "tables": [_table(table) for table in result.tables],
    }  # fmt: skip


def review_out(view: ReviewView) -> dict[str, Any]:
    """Return a review as the API prints it."""
    row = view.review
    names = (
        "id", "survey_id", "status", "threshold_pct", "due_on", "responsible", "measures", "report",
        "change",
    )  # fmt: skip
    return {"area": view.area_name, "is_sure": view.is_sure, **{name: getattr(row, name) for name in names}}
