"""What a case was asked, what it answered, and how a category's form came to be what it is."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases.models import Attachment, Case, Category, FormVersion
from haitang.cases.queries.catalog import NO_FORM, CategoryRef, FormRef, catalog
from haitang.cases.values import (
    AWAITED,
    EMPTY,
    Answer,
    AskedOf,
    CaseForm,
    CategoryNotFound,
    Condition,
    Moment,
    Permission,
    Question,
    check_form,
    form_of_data,
)
from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.worktime.values import Limit


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of a case's further particulars. text: "" where it was not answered; photos: ids of its photos."""

    label: str
    at: str
    text: str
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a category's form, and what it changed of the one before: (added, removed or changed, words)."""

    number: int
    made_at: datetime
    made_by_id: int | None
    form: CaseForm
    changes: tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def _version(version_id: int) -> FormRef:
    """Return a version that is perhaps no longer the current one; versions never change."""
    row = FormVersion.objects.get(pk=version_id)
    return FormRef(row.pk, row.number, form_of_data(row.content))


def form_shown(category: CategoryRef | None, version_id: int | None = None) -> FormRef:
    """Return the form that somebody was shown for the category: that of today, or the version named, if it is its."""
    if category is None:
        return NO_FORM
    if version_id is not None and version_id != category.current.version_id:
        row = FormVersion.objects.filter(pk=version_id, category_id=category.id).first()
        if row is not None:
            return _version(row.pk)
    return category.current


def form_ref_of(case: Case) -> FormRef:
    """Return the form that the case is asked by, whatever its category asks today."""
    if case.form_version_id is None:
        return NO_FORM
    category = catalog().by_id.get(case.category_id) if case.category_id else None
    if category is not None and category.current.version_id == case.form_version_id:
        return category.current
    return _version(case.form_version_id)


def form_at_registration(case: Case, category: CategoryRef | None) -> FormRef:
    """Return the form by which the case is registered under that category (None: the one it has).

    A case that was asked nothing yet, or is filed under another category, takes the form of today.
    """
    chosen = category or (catalog().by_id.get(case.category_id) if case.category_id else None)
    if chosen is None or (chosen.id == case.category_id and case.form_version_id is not None):
        return form_ref_of(case)
    return chosen.current


def asked_of_staff(case: Case, form: CaseForm, at: str) -> tuple[Question, ...]:
    """Return what staff are asked at a moment of the case's life.

    At registration also what the report has left open, which is not demanded any more, but for a photo that was to
    follow.
    """
    late: list[Question] = []
    if at == Moment.REGISTER and any(question.at == Moment.REPORT for question in form.questions):
        here = photographed(case)
        awaited = awaited_of(case, here)
        answered = (set(case.answers) | here).difference(awaited)
        asked = form.asked(Moment.REPORT, AskedOf.RESIDENT) + form.asked(Moment.REPORT, AskedOf.STAFF)
        late = [
            replace(question, required=question.key in awaited)
            for question in dict.fromkeys(asked)
            if question.key not in answered
        ]
        late = list({question.key: question for question in late}.values())
    return (*late, *form.asked(at, AskedOf.STAFF))


def _photo_answers(case: Case) -> list[tuple[str, int]]:
    if case.pk is None:
        return []
    rows = Attachment.objects.filter(case_id=case.pk).exclude(question="").order_by("id")
    return list(rows.values_list("question", "pk"))


def photographed(case: Case) -> set[str]:
    """Return the keys of the photo questions that the case has a photo for."""
    return {key for key, _pk in _photo_answers(case)}


def awaited_of(case: Case, photographed: Container[str]) -> dict[str, str]:
    """Return the questions whose photo was to follow and has not come: label by key.

    photographed: keys of the questions that have their photo.
    """
    return {
        key: held["label"] for key, held in case.answers.items() if held.get(AWAITED) and key not in photographed
    }  # fmt: skip


def answered(case: Case, photos: Iterable[Attachment], *, of_report_only: bool = False) -> list[Answered]:
    """Return the particulars of a case in the order of its form, unanswered ones among them once their time has come.

    photos: those that the viewer may see. of_report_only: only what the reporter was asked.
    What was answered by a form that the case no longer has comes last.
    """
    form = form_ref_of(case).form
    by_question: dict[str, list[int]] = {}
    for photo in photos:
        if photo.question:
            by_question.setdefault(photo.question, []).append(photo.pk)
    lines = []
    for question in form.questions:
        if of_report_only and (question.at != Moment.REPORT or question.of == AskedOf.STAFF):
            continue
        held = case.answers.get(question.key)
        pictures = tuple(by_question.get(question.key, ()))
        if held or pictures or question.at == Moment.REPORT:
            text = held["text"] if held else ""
            if held and held.get(AWAITED) and not pictures:
                text = _("照片待补，补齐后方可立案")
            lines.append(Answered(question.label, question.at, text, pictures))
    for key, held in case.answers.items():
        if form.question(key) is None and not (of_report_only and held["at"] != Moment.REPORT):
            lines.append(Answered(held["label"], held["at"], held["text"], tuple(by_question.get(key, ()))))
    return lines


def get_form(*, viewer: Actor, category_id: int) -> tuple[Category, CaseForm, CaseForm]:
    """Return a category with the form of its own and the one that it inherits; raise NotAllowed, CategoryNotFound."""
    access.require(viewer, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    row = Category.objects.filter(pk=category_id).first()
    if row is None:
        raise CategoryNotFound(_("没有这个类别"))
    parent = catalog().by_id.get(row.parent_id) if row.parent_id else None
    return row, form_of_data(row.form), parent.current.form if parent else EMPTY


def list_form_versions(*, viewer: Actor, category_id: int) -> list[Version]:
    """Return the versions of a category's form, the latest first, each with what it changed; raise NotAllowed."""
    access.require(viewer, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    found, before = [], EMPTY
    for row in FormVersion.objects.filter(category_id=category_id).order_by("number"):
        form = form_of_data(row.content)
        found.append(Version(row.number, row.made_at, row.made_by_id, form, tuple(form_changes(before, form))))
        before = form
    return found[::-1]


def count_open_by_form(*, viewer: Actor, category_id: int) -> dict[int, int]:
    """Return how many open cases are still asked by each version of a category's form, by its number."""
    access.require(viewer, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    versions = dict(FormVersion.objects.filter(category_id=category_id).values_list("pk", "number"))
    rows = Case.objects.open().filter(category_id=category_id, form_version_id__in=versions)
    counts: dict[int, int] = {}
    for version_id in rows.values_list("form_version_id", flat=True).iterator():
        counts[versions[version_id]] = counts.get(versions[version_id], 0) + 1
    return counts


ADDED, REMOVED, CHANGED = "added", "removed", "changed"


def form_changes(before: CaseForm, after: CaseForm) -> list[tuple[str, str]]:
    """Return what is different between two forms: (added, removed or changed, one line that says what)."""
    lines: list[tuple[str, str]] = []
    lines += _between(
        {q.key: question_line(q) for q in before.questions}, {q.key: question_line(q) for q in after.questions}
    )
    for name, title in (("opening", _("立案条件")), ("closing", _("结案条件"))):
        old, new = ({c.key: f"{title}：{c.label}" for c in getattr(form, name)} for form in (before, after))
        lines += _between(old, new)
    for name, title in (
        ("basis", _("法律依据")), ("collection", _("采集要求")), ("responsible", _("责任主体")),
        ("supervising", _("监管主体")),
    ):  # fmt: skip
        old_text, new_text = (_words(getattr(form, name)) for form in (before, after))
        old, new = ({name: f"{title}：{text}"} if text else {} for text in (old_text, new_text))
        lines += _between(old, new)
    return lines


def _words(value: Any) -> str:
    return "、".join(value) if isinstance(value, tuple) else value


def _between(old: dict[str, str], new: dict[str, str]) -> list[tuple[str, str]]:
    lines = [(REMOVED, text) for key, text in old.items() if key not in new]
    for key, text in new.items():
        if key not in old:
            lines.append((ADDED, text))
        elif old[key] != text:
            lines.append((CHANGED, f"{old[key]} → {text}"))
    return lines


def question_line(question: Question) -> str:
    """Return a question in one line, as a list of changes tells it."""
    words = [
        str(Moment(question.at).label), str(AskedOf(question.of).label), str(Answer(question.type).label),
        _("必填") if question.required else _("可不填"), *([" / ".join(question.options)] if question.options else ()),
        *([question.help] if question.help else ()),
    ]  # fmt: skip
    return _("%(label)s（%(words)s）") % {"label": question.label, "words": "，".join(words)}


def find_condition(conditions: Iterable[Condition], key: str) -> Condition | None:
    """Return the condition with that key, or None."""
    return next((condition for condition in conditions if condition.key == key), None)


def checked_form(category: Category, form: CaseForm) -> CaseForm:
    """Return the form with a key for everything that had none; raise Invalid if it cannot be asked."""
    used = {
        each["key"]
        for content in FormVersion.objects.filter(category_id=category.pk).values_list("content", flat=True)
        for part in ("questions", "opening", "closing")
        for each in content.get(part, ())
    }
    used |= {each.key for part in (form.questions, form.opening, form.closing) for each in part}
    form = replace(
        form,
        questions=tuple(_keyed(each, f"q{category.code}".lower(), used) for each in form.questions),
        opening=tuple(_keyed(each, f"l{category.code}".lower(), used) for each in form.opening),
        closing=tuple(_keyed(each, f"j{category.code}".lower(), used) for each in form.closing),
    )
    check_form(form)
    for condition in form.opening:
        if condition.limit:
            Limit.parse(condition.limit)
    return form


def _keyed(one: Any, beginning: str, used: set[str]) -> Any:
    if one.key:
        return one
    number = 1
    while f"{beginning}_{number}" in used:
        number += 1
    used.add(f"{beginning}_{number}")
    return replace(one, key=f"{beginning}_{number}")


def check_form_of(*, viewer: Actor, category_id: int, form: CaseForm) -> CaseForm:
    """Return a category's form as `actions.change_form` would keep it; raise what that raises, and write nothing."""
    access.require(viewer, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    row = Category.objects.filter(pk=category_id).first()
    if row is None:
        raise CategoryNotFound(_("没有这个类别"))
    return checked_form(row, form)
