"""A category's form: how it is changed, and how a case takes answers and conditions over from those who give them."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.cases.facts import CategoryFormChanged
from haitang.cases.models import Case, Category, FormVersion
from haitang.cases.queries.asking import (
    ADDED,
    CHANGED,
    awaited_of,
    checked_form,
    find_condition,
    form_changes,
    photographed,
)
from haitang.cases.queries.catalog import CATALOG, CategoryRef
from haitang.cases.values import (
    EMPTY,
    Answer,
    CaseForm,
    CategoryNotFound,
    Condition,
    Permission,
    Question,
    check_answers,
    field_of,
    form_of_data,
)
from haitang.core import access, history, search
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Invalid
from haitang.core.tables import parse_date, parse_number


@transaction.atomic
def change_form(*, actor: Actor, now: datetime, category_id: int, form: CaseForm) -> Category:
    """
    Let a category ask and say something else from now on, and the categories below it that inherit it.

    form: the category's own part; questions and conditions with an empty key get one. Cases keep the version they have.
    Raises NotAllowed, CategoryNotFound, Invalid (what nobody is asked, a limit that cannot be read, and the like).
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    CATALOG.touch()  # first of all: it makes those who change the catalogue at the same time wait for one another
    category = Category.objects.select_for_update().filter(pk=category_id).first()
    if category is None:
        raise CategoryNotFound(_("没有这个类别"))
    category.form = checked_form(category, form).as_data()
    category.save(update_fields=["form"])
    publish_forms(actor, now)
    return category


def publish_forms(actor: Actor, now: datetime) -> int:
    """Make a new version for every category whose form, with all it inherits, is no longer its latest; return how many.

    The caller has allowed it, and has touched the catalogue.
    """
    rows = {row.pk: row for row in Category.objects.order_by("code")}
    latest = {
        version.category_id: version
        for version in FormVersion.objects.order_by("category_id", "-number").distinct("category_id")
    }
    whole: dict[int, CaseForm] = {}

    def form_of(pk: int) -> CaseForm:
        if pk not in whole:
            row = rows[pk]
            above = form_of(row.parent_id) if row.parent_id else EMPTY
            whole[pk] = form_of_data(row.form).below(above)
        return whole[pk]

    made = []
    for pk in rows:
        form, last = form_of(pk), latest.get(pk)
        before = form_of_data(last.content) if last else EMPTY
        if form == before:
            continue
        number = last.number + 1 if last else 1
        made.append(
            FormVersion(category_id=pk, number=number, content=form.as_data(), made_at=now, made_by_id=actor.id)
        )
        told: dict[str, str] = {}
        for what, line in form_changes(before, form):
            sign = "＋" if what == ADDED else "改" if what == CHANGED else "－"
            told[sign] = "；".join(filter(None, (told.get(sign, ""), line)))
        history.record(actor=actor, fact=CategoryFormChanged(pk, number, told), at=now)
    FormVersion.objects.bulk_create(made)
    return len(made)


def take_answers(case: Case, questions: Any, given: Mapping[str, Any], *, demand: bool = True) -> list[str]:
    """Put what was answered on a locked case and into what it is found by; return the columns to save."""
    answers = check_answers(questions, given, photos=photographed(case), demand=demand)
    if not answers:
        return []
    case.answers = {**case.answers, **answers}
    if found := search.vector(answers_text(answers)):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET search = search || %s::tsvector WHERE id = %s", [found, case.pk])
    return ["answers"]


def check_awaited(case: Case) -> None:
    """Raise Invalid while a photo that was to follow the report is not there."""
    missing = awaited_of(case, photographed(case))
    if missing:
        sentence = _("应补的照片还没有上传：%(labels)s。请上报人补传，或由工作人员上传后再立案")
        sentence %= {"labels": "、".join(missing.values())}
        raise Invalid(sentence, {field_of(key): sentence for key in missing})


_BETWEEN = re.compile("[、,，;；|]")


def read_answers(category: CategoryRef | None, given: Mapping[str, str | None]) -> dict[str, dict[str, Any]]:
    """
    Return answers from a table's cells as a case keeps them; nothing is demanded.

    given: by the question's label what stands in its cell; several options are parted by 、 or commas.
    Raises Invalid where the category (None: not known) does not ask that, and for what is no answer to it.
    """
    told = {label: text.strip() for label, text in given.items() if text and text.strip()}
    if not told:
        return {}
    form = category.current.form if category else EMPTY
    asked = {question.label: question for question in form.questions if question.type != Answer.PHOTO}
    unknown = [label for label in told if label not in asked]
    if unknown:
        said = {"name": category.name if category else _("未分类"), "labels": "、".join(unknown)}
        raise Invalid(_("类别“%(name)s”没有这些补充问题：%(labels)s") % said)
    answers: dict[str, Any] = {}
    for label, text in told.items():
        question = asked[label]
        try:
            answers[question.key] = _cell_of(question, text)
        except Invalid as refusal:
            raise Invalid(_("“%(label)s”：%(why)s") % {"label": label, "why": refusal.message}) from None
    return check_answers(asked.values(), answers, demand=False)


def _cell_of(question: Question, text: str) -> Any:
    if question.type == Answer.NUMBER:
        return parse_number(text)
    if question.type == Answer.DATE:
        return parse_date(text).isoformat()
    if question.type == Answer.MANY and text not in question.options:
        return [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    return text


def answers_text(answers: Mapping[str, Mapping[str, Any]]) -> str:
    """Return all that was answered, as it is searched for."""
    return " ".join(str(answer["text"]) for answer in answers.values())


def chosen_condition(conditions: tuple[Condition, ...], key: str, sentence: str) -> dict[str, str] | None:
    """Return the condition chosen as a case keeps it, the only one unasked; raise Invalid with the sentence.

    None where the form has no conditions.
    """
    if not conditions and not key:
        return None
    chosen = conditions[0] if len(conditions) == 1 and not key else find_condition(conditions, key)
    if chosen is None:
        offered = "；".join(f"{each.key}＝{each.label}" for each in conditions)
        raise Invalid(f"{sentence}：{offered}" if offered else _("此类别没有这个条件"), {"condition": sentence})
    return asdict(chosen)
