"""What some categories of the demo city ask, and plausible answers to it."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from haitang.cases.queries import catalog
from haitang.cases.values import Answer, AskedOf, CaseForm, Moment, Question, form_of_data


@cache
def forms() -> dict[str, CaseForm]:
    """Return the forms by their category's code."""
    listed = tomllib.loads(files("haitang.demo").joinpath("data/forms.toml").read_text("utf-8"))
    return {code: form_of_data(data) for code, data in listed.items()}


def answers_to_report(code: str, number: int) -> dict[str, Any]:
    """Return what whoever reports says to the category's questions; number: any, by which reports differ."""
    category = catalog().by_code.get(code)
    return _answers(category.current.form.asked(Moment.REPORT, AskedOf.RESIDENT), number) if category else {}


def with_deed(deed: str, category_id: int | None, number: int) -> dict[str, Any]:
    """Return what a deed says besides its opinion: the condition chosen, and answers."""
    category = catalog().by_id.get(category_id) if category_id else None
    if category is None or not category.current.form or deed not in (Moment.REGISTER, Moment.HANDLE, Moment.CLOSE):
        return {}
    form = category.current.form
    more: dict[str, Any] = {"answers": _answers(form.asked(deed, AskedOf.STAFF), number)}
    if deed == Moment.REGISTER and form.opening:
        more["condition"] = form.opening[number % len(form.opening)].key
    return more


def _answers(questions: Iterable[Question], number: int) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for question in questions:
        if question.type == Answer.NUMBER:
            said[question.key] = number % 4 + 1
        elif question.type in (Answer.ONE, Answer.MANY):
            said[question.key] = question.options[number % len(question.options)]
    return said
