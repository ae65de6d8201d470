"""The shapes of the API's estates and decisions: what comes in, bounded and strict, and what goes out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import AwareDatetime, Field

from haitang.core.schemas import Id, Schema, text
from haitang.owners.queries import DecisionView, EstateView, PublicDecision, Tally
from haitang.owners.values import (
    QUESTIONS_MAX,
    TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Choice,
    Convener,
    Figures,
    NewDecision,
    NewQuestion,
    Precedence,
    spell_size,
)


class QuestionIn(Schema):
    """A matter to be decided. item: 1 to 9, of article 278 of the Civil Code."""

    item: Annotated[int, Field(ge=1, le=9)]
    text: Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class DecisionIn(Schema):
    """A decision as it is drafted."""

    title: Annotated[str, text(TITLE_LENGTH_MAX, 1)]
    body: Annotated[str, text(TEXT_LENGTH_MAX)] = ""
    convener: Literal[tuple(Convener.values)]  # type: ignore[valid-type]  # choices come from an enum
    votes_from: AwareDatetime
    votes_until: AwareDatetime
    precedence: Literal[tuple(Precedence.values)] = Precedence.FIRST.value  # type: ignore[valid-type]  # as above
    questions: Annotated[list[QuestionIn], Field(min_length=1, max_length=QUESTIONS_MAX)]

    def new(self) -> NewDecision:
        """Return it as actions take it."""
        given = self.model_dump(exclude={"questions"})
        return NewDecision(questions=tuple(NewQuestion(each.item, each.text) for each in self.questions), **given)


class AnswerIn(Schema):
    """What is said to one question."""

    question_id: Id
    choice: Literal[tuple(Choice.values)]  # type: ignore[valid-type]  # choices come from an enum


Answers = Annotated[list[AnswerIn], Field(max_length=QUESTIONS_MAX)]


class BallotIn(Schema):
    """A ballot by the code that was posted or handed out; every question is answered."""

    code: Annotated[str, text(30, 1)]
    answers: Answers


class PaperIn(Schema):
    """One reading of a paper ballot; what was left blank is left out."""

    handed_in_at: AwareDatetime
    answers: Answers


class EstateOut(NinjaSchema):
    """An estate. units, counted: how many there are, and how many count in votes. area_m2: of these."""

    id: int
    name: str
    area: str
    company: str
    units: int
    counted: int
    area_m2: str


class QuestionOut(NinjaSchema):
    """A question. level: ordinary for more than half, major for three quarters of those taking part."""

    id: int
    number: int
    item: int
    level: str
    text: str


class DecisionOut(NinjaSchema):
    """A decision. total_m2, total_heads: of the roll, once it is frozen."""

    id: int
    estate: str
    title: str
    status: str
    is_voting: bool
    votes_from: datetime
    votes_until: datetime
    total_m2: str
    total_heads: int


class SumOut(NinjaSchema):
    """So much area and so many heads."""

    m2: str
    heads: int


class CheckOut(NinjaSchema):
    """One comparison, in whole numbers: areas in 0.01 m²."""

    what: str
    demand: str
    formula: str
    holds: bool
    lacking: int


class OutcomeOut(NinjaSchema):
    """What came of a question. passed_with_silent: None where the owners' own rules do not count the silent."""

    question: QuestionOut
    total: SumOut
    took_part: SumOut
    yes: SumOut
    no: SumOut
    abstain: SumOut
    checks: list[CheckOut]
    passed: bool
    passed_with_silent: bool | None
    contradictions: int


class PublicOut(DecisionOut):
    """A decision with its text, rules and, once it is closed, its result."""

    body: str
    precedence: str
    may_change: bool
    silent_follows: bool
    questions: list[QuestionOut]
    outcomes: list[OutcomeOut]


class GivenOut(NinjaSchema):
    """A ballot was taken. label: of the homes for which it stands."""

    entry: int
    label: str
    m2: str


class ReadOut(NinjaSchema):
    """A paper ballot was read. status: once, differs or done."""

    status: str


def estate_out(view: EstateView) -> dict[str, Any]:
    """Return an estate as the API prints it."""
    return {
        "id": view.estate.pk, "name": view.estate.name, "area": view.area_name, "company": view.company_name,
        "units": view.units, "counted": view.counted, "area_m2": spell_size(view.size),
    }  # fmt: skip


def decision_out(view: DecisionView) -> dict[str, Any]:
    """Return a decision as lists print it."""
    row = view.decision
    return {
        "id": row.pk, "estate": view.estate.name, "title": row.title, "status": row.status,
        "is_voting": view.is_voting, "votes_from": row.votes_from, "votes_until": row.votes_until,
        "total_m2": spell_size(row.total_size), "total_heads": row.total_heads,
    }  # fmt: skip


def question_out(row: Any) -> dict[str, Any]:
    """Return a question as the API prints it."""
    return {"id": row.pk, "number": row.number, "item": row.item, "level": row.level, "text": row.text}


def _outcome_out(each: Tally, *, with_silent: bool) -> dict[str, Any]:
    figures: Figures = each.figures
    names = ("total", "took_part", "yes", "no", "abstain")
    sums = {name: getattr(figures, name) for name in names}
    return {
        "question": question_out(each.question),
        **{name: {"m2": spell_size(found.size), "heads": found.heads} for name, found in sums.items()},
        "checks": [
            {"what": check.title, "demand": check.demand, "formula": check.formula, "holds": check.holds,
             "lacking": check.lacking}
            for check in each.verdict.checks
        ],
        "passed": each.verdict.passed, "contradictions": each.contradictions,
        "passed_with_silent": each.silent_verdict.passed if with_silent else None,
    }  # fmt: skip


def public_out(public: PublicDecision) -> dict[str, Any]:
    """Return a decision with its text and result as the API prints it."""
    row = public.view.decision
    return {
        **decision_out(public.view), "body": row.body, "precedence": row.precedence, "may_change": row.may_change,
        "silent_follows": row.silent_follows, "questions": [question_out(each) for each in public.questions],
        "outcomes": [_outcome_out(each, with_silent=row.silent_follows) for each in public.outcomes],
    }  # fmt: skip
