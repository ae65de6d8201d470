"""Questions as fields of a form, for every entrance that asks them, those of apps above among them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from haitang.cases.values.asking import LINE_LENGTH_MAX, NUMBER_MAX, Answer, Question, field_of
from haitang.core.ui.forms import PhotosField


def add_questions(form: forms.Form, questions: Iterable[Question]) -> None:
    """Put a field for each question at the end of the form. Whether answers are right, the action says."""
    for question in questions:
        form.fields[field_of(question.key)] = field_for(question)


def field_for(question: Question) -> forms.Field:
    """Return the field in which a question is answered."""
    common: dict[str, Any] = {
        "label": question.label, "required": question.required, "help_text": question.help,
        "error_messages": {"required": _("请回答“%(label)s”") % {"label": question.label}},
    }  # fmt: skip
    choices = [(option, option) for option in question.options]
    if question.type == Answer.NUMBER:
        return forms.FloatField(
            min_value=-NUMBER_MAX, max_value=NUMBER_MAX,
            widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}), **common,
        )  # fmt: skip
    if question.type == Answer.DATE:
        return forms.DateField(**common)
    if question.type == Answer.ONE:
        blank = [] if question.required else [("", _("不填"))]
        return forms.ChoiceField(choices=[*blank, *choices], widget=forms.RadioSelect, **common)
    if question.type == Answer.MANY:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if question.type == Answer.PHOTO:
        return PhotosField(**common)
    return forms.CharField(max_length=LINE_LENGTH_MAX, **common)


def answers_in(cleaned: Mapping[str, Any], questions: Iterable[Question]) -> dict[str, Any]:
    """Return what was answered, by the questions' keys, as actions take it; photos apart."""
    given = {}
    for question in questions:
        value = cleaned.get(field_of(question.key))
        if question.type == Answer.PHOTO or value in (None, "", []):
            continue
        given[question.key] = value.isoformat() if question.type == Answer.DATE else value
    return given


def photos_in(cleaned: Mapping[str, Any], questions: Iterable[Question]) -> list[tuple[str, Any]]:
    """Return the photos sent in answer: (the question's key, the uploaded file)."""
    return [
        (question.key, photo)
        for question in questions
        if question.type == Answer.PHOTO
        for photo in cleaned.get(field_of(question.key)) or ()
    ]
