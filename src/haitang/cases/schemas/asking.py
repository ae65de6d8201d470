"""The shapes of what categories ask and cases answered."""

from dataclasses import asdict
from typing import Any

from ninja import Schema as NinjaSchema

from haitang.cases.queries.catalog import CategoryRef
from haitang.cases.values import AWAITED, Answer, AskedOf, Moment, Question
from haitang.cases.values.asking import LINE_LENGTH_MAX


class AnswerOut(NinjaSchema):
    """One answer. moment: when it was asked; value: as it was given; text: as it reads."""

    key: str
    label: str
    moment: str
    value: Any
    text: str


class ConditionOut(NinjaSchema):
    """A condition of registration or closing. limit: the time for handling that it sets, "" for the category's."""

    key: str
    text: str
    step: str
    limit: str


class CategoryFormOut(NinjaSchema):
    """What a category asks and says. schemas: by moment (report, register, handle, close) of `answers`.

    Questions of photos stand in `photos`; they are answered by attachments.
    """

    code: str
    name: str
    version: int
    schemas: dict[str, dict[str, Any]]
    photos: list[dict[str, Any]]
    opening: list[ConditionOut]
    closing: list[ConditionOut]
    basis: str
    collection: str
    responsible: list[str]
    supervising: list[str]


_JSON_TYPES: dict[Answer, dict[str, Any]] = {
    Answer.LINE: {"type": "string", "maxLength": LINE_LENGTH_MAX},
    Answer.NUMBER: {"type": "number"},
    Answer.DATE: {"type": "string", "format": "date"},
    Answer.ONE: {"type": "string"},
    Answer.MANY: {"type": "array", "uniqueItems": True},
}


def category_form_out(category: CategoryRef, of: AskedOf) -> dict[str, Any]:
    """Return a category's form in the shape of CategoryFormOut, as it is asked of residents or of staff."""
    form = category.current.form
    asked = {moment: form.asked(moment, of) for moment in Moment}
    schemas = {
        moment.value: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": False,
            "properties": {q.key: _property(q) for q in questions if q.type != Answer.PHOTO},
            "required": [q.key for q in questions if q.required and q.type != Answer.PHOTO],
        }
        for moment, questions in asked.items()
    }
    photos = [
        {"key": q.key, "label": q.label, "moment": q.at, "required": q.required, "help": q.help}
        for questions in asked.values()
        for q in questions
        if q.type == Answer.PHOTO
    ]
    return {
        "code": category.code, "name": category.name, "version": category.current.number, "schemas": schemas,
        "photos": photos, "opening": [asdict(each) for each in form.opening],
        "closing": [asdict(each) for each in form.closing], "basis": form.basis, "collection": form.collection,
        "responsible": list(form.responsible), "supervising": list(form.supervising),
    }  # fmt: skip


def _property(question: Question) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": question.label, **_JSON_TYPES[Answer(question.type)]}
    if question.help:
        shape["description"] = question.help
    if question.type == Answer.ONE:
        shape["enum"] = list(question.options)
    elif question.type == Answer.MANY:
        shape["items"] = {"type": "string", "enum": list(question.options)}
    return shape


def answers_out(case: Any, *, of_report_only: bool) -> dict[str, Any]:
    """Return the particulars of a case; of_report_only: as far as its mere reporter may read them."""
    kept = case.answers.items()
    return {
        "answers": [
            {"key": key, "label": held["label"], "moment": held["at"], "value": held["value"], "text": held["text"]}
            for key, held in kept
            if not held.get(AWAITED) and (not of_report_only or held["at"] == Moment.REPORT)
        ],
        "opening": case.opening,
        "closing": case.closing,
    }
