"""What a category asks beyond the description, and what is answered: pure, without rows.

A form has questions, conditions of registration (立案条件) and of closing (结案条件), and what else the
class of matters says: legal basis, what must be collected, who answers for it and who supervises.
Source: GB/T 30428.2 (扩展小类).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.asking import check_asked
from haitang.core.errors import Invalid


class Answer(TextChoices):
    """What is answered to a question."""

    LINE = "line", gettext_lazy("单行文字")
    NUMBER = "number", gettext_lazy("数字")
    DATE = "date", gettext_lazy("日期")
    ONE = "one", gettext_lazy("单选")
    MANY = "many", gettext_lazy("多选")
    PHOTO = "photo", gettext_lazy("照片")


class AskedOf(TextChoices):
    """Whom a question is asked of."""

    RESIDENT = "resident", gettext_lazy("居民")
    STAFF = "staff", gettext_lazy("工作人员")
    BOTH = "both", gettext_lazy("居民和工作人员")


class Moment(TextChoices):
    """When a question is asked."""

    REPORT = "report", gettext_lazy("上报")
    REGISTER = "register", gettext_lazy("立案")
    HANDLE = "handle", gettext_lazy("处置")
    CLOSE = "close", gettext_lazy("结案")


LINE_LENGTH_MAX = 200
LABEL_LENGTH_MAX = 60
TEXT_LENGTH_MAX = 500
QUESTIONS_MAX = 30
CONDITIONS_MAX = 30
OPTIONS_MAX = 40
NUMBER_MAX = 10**12
CHOOSING = frozenset({Answer.ONE, Answer.MANY})


@dataclass(frozen=True, slots=True)
class Question:
    """One question. key: names it in answers, for ever. options: of those that choose. of, at: whom and when."""

    key: str
    label: str
    type: str = Answer.LINE.value
    options: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    of: str = AskedOf.BOTH.value
    at: str = Moment.REPORT.value


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of registration or closing. step, limit: what must be done, and the time for handling it then."""

    key: str
    text: str
    step: str = ""
    limit: str = ""

    @property
    def label(self) -> str:
        """The condition in one line, as it is chosen from."""
        more = "，".join(filter(None, (self.step, self.limit)))
        return f"{self.text}（{more}）" if more else self.text


@dataclass(frozen=True, slots=True)
class CaseForm:
    """Everything that a class of matters asks and says. Empty fields are inherited from the class above."""

    questions: tuple[Question, ...] = ()
    opening: tuple[Condition, ...] = ()
    closing: tuple[Condition, ...] = ()
    basis: str = ""
    collection: str = ""
    responsible: tuple[str, ...] = ()
    supervising: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether it asks or says anything at all."""
        return self != EMPTY

    def asked(self, at: str, of: str) -> tuple[Question, ...]:
        """Return what is asked at a moment of a resident or of staff.

        Staff who take a report down are asked everything; a resident's own questions are not demanded of them.
        """
        here = [question for question in self.questions if question.at == at]
        if of == AskedOf.RESIDENT:
            return tuple(question for question in here if question.of != AskedOf.STAFF)
        return tuple(replace(q, required=False) if q.of == AskedOf.RESIDENT else q for q in here)

    def question(self, key: str) -> Question | None:
        """Return the question with that key, or None."""
        return next((question for question in self.questions if question.key == key), None)

    def below(self, parent: "CaseForm") -> "CaseForm":
        """Return what holds for a class with this form of its own under a parent: own questions after inherited ones.

        A question with an inherited key takes its place; the other parts replace the parent's where they are given.
        """
        own = {question.key: question for question in self.questions}
        inherited = [own.pop(question.key, question) for question in parent.questions]
        return CaseForm(
            questions=(*inherited, *own.values()),
            opening=self.opening or parent.opening,
            closing=self.closing or parent.closing,
            basis=self.basis or parent.basis,
            collection=self.collection or parent.collection,
            responsible=self.responsible or parent.responsible,
            supervising=self.supervising or parent.supervising,
        )

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON values; empty parts are left out."""
        return {name: value for name, value in _plain(asdict(self)).items() if value}


EMPTY = CaseForm()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def form_of_data(data: Mapping[str, Any]) -> CaseForm:
    """Return the form that `as_data` gave."""
    return CaseForm(
        questions=tuple(Question(**{**q, "options": tuple(q.get("options", ()))}) for q in data.get("questions", ())),
        opening=tuple(Condition(**each) for each in data.get("opening", ())),
        closing=tuple(Condition(**each) for each in data.get("closing", ())),
        basis=data.get("basis", ""),
        collection=data.get("collection", ""),
        responsible=tuple(data.get("responsible", ())),
        supervising=tuple(data.get("supervising", ())),
    )


_KEY = re.compile(r"[a-z0-9_]{1,40}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


def check_form(form: CaseForm) -> None:
    """Raise Invalid with one sentence for a form that cannot be asked."""
    if len(form.questions) > QUESTIONS_MAX or max(len(form.opening), len(form.closing)) > CONDITIONS_MAX:
        raise Invalid(_("补充问题和条件各不能超过 %(n)d 条") % {"n": QUESTIONS_MAX})
    for question in form.questions:
        check_question(question)
    for condition in (*form.opening, *form.closing):
        if not 0 < len(condition.text) <= LINE_LENGTH_MAX or len(condition.step) > LABEL_LENGTH_MAX:
            raise Invalid(_("条件应为 1 至 %(n)d 字") % {"n": LINE_LENGTH_MAX})
    for each in (form.questions, form.opening, form.closing):
        keys = [one.key for one in each]
        if len(set(keys)) < len(keys) or not all(map(_KEY.fullmatch, keys)):
            raise Invalid(_("问题和条件的标识应各不相同，由小写字母、数字和下划线组成"))
    labels = [question.label for question in form.questions]
    if len(set(labels)) < len(labels):
        raise Invalid(_("同一类别的两个问题不能同名"))
    if max(len(form.basis), len(form.collection)) > TEXT_LENGTH_MAX:
        raise Invalid(_("法律依据和采集要求不能超过 %(n)d 字") % {"n": TEXT_LENGTH_MAX})


def check_question(question: Question) -> None:
    """Raise Invalid with one sentence for a question that cannot be asked."""
    said = {"label": question.label[:LABEL_LENGTH_MAX]}
    if not 0 < len(question.label) <= LABEL_LENGTH_MAX or _UNPRINTABLE.search(question.label):
        raise Invalid(_("问题应为 1 至 %(n)d 字") % {"n": LABEL_LENGTH_MAX})
    if len(question.help) > LINE_LENGTH_MAX:
        raise Invalid(_("问题“%(label)s”的提示过长") % said)
    if question.type not in Answer.values or question.of not in AskedOf.values or question.at not in Moment.values:
        raise Invalid(_("问题“%(label)s”的类型、对象或环节不正确") % said)
    if question.of == AskedOf.RESIDENT and question.at != Moment.REPORT:
        raise Invalid(_("问题“%(label)s”：只有上报时能问居民") % said)
    if question.type in CHOOSING:
        options = question.options
        if not 2 <= len(options) <= OPTIONS_MAX or len(set(options)) < len(options):
            raise Invalid(_("问题“%(label)s”应有 2 至 %(n)d 个不同的选项") % {**said, "n": OPTIONS_MAX})
        if any(not 0 < len(option) <= LABEL_LENGTH_MAX for option in options):
            raise Invalid(_("问题“%(label)s”的选项应为 1 至 60 字") % said)
    elif question.options:
        raise Invalid(_("问题“%(label)s”不是选择题，不应有选项") % said)
    check_asked(question.label, question.help, *question.options)


def field_of(key: str) -> str:
    """Return how forms name the field in which a question is answered."""
    return f"answer_{key}"


@dataclass(slots=True)
class _Checked:
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def check_answers(
    asked: Iterable[Question], given: Mapping[str, Any], *, photos: Iterable[str] = (), demand: bool = True
) -> dict[str, dict[str, Any]]:
    """Return the answers as a case keeps them: by key {"label", "at", "value", "text"}.

    given: by key a text, a number, an ISO date, or a list of options; blank ones are as if not given.
    photos: keys of the photo questions that have their photo; these stand in no answer.
    demand: whether those that are required must be there.
    Raises Invalid with every question that is unknown, missing or wrongly answered.
    """
    questions = {question.key: question for question in asked}
    checked = _Checked()
    unknown = [str(key)[:40] for key in given if key not in questions or questions[key].type == Answer.PHOTO]
    if unknown:
        raise Invalid(
            _("此类别没有这些问题：%(keys)s") % {"keys": "、".join(unknown)}, {"answers": _("有不认识的问题")}
        )
    have_photo = set(photos)
    for key, question in questions.items():
        value = given.get(key)
        if value is None or value in ("", []) or (isinstance(value, str) and not value.strip()):
            if demand and question.required and key not in have_photo:
                sentence = _("请上传“%(label)s”的照片") if question.type == Answer.PHOTO else _("请回答“%(label)s”")
                checked.wrong[key] = sentence % {"label": question.label}
            continue
        try:
            kept, text = _read(question, value)
        except ValueError as error:
            checked.wrong[key] = _("“%(label)s”：%(why)s") % {"label": question.label, "why": error}
            continue
        checked.kept[key] = {"label": question.label, "at": question.at, "value": kept, "text": text}
    if checked.wrong:
        fields = {field_of(key): sentence for key, sentence in checked.wrong.items()}
        raise Invalid("；".join(checked.wrong.values()), fields)
    return checked.kept


AWAITED = "awaited"
"""Stands in the answer to a question of photos whose photo is still to come."""


def awaited_photos(asked: Iterable[Question], photographed: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return, as a case keeps answers, the questions of photos that are required and have none yet."""
    have = set(photographed)
    return {
        question.key: {"label": question.label, "at": question.at, "value": None, "text": "", AWAITED: True}
        for question in asked
        if question.type == Answer.PHOTO and question.required and question.key not in have
    }


def _read(question: Question, value: Any) -> tuple[Any, str]:
    """Return the answer as it is kept and as it reads; raise ValueError with what is wrong."""
    if question.type == Answer.NUMBER:
        number = _number(value)
        return number, str(number)
    if question.type == Answer.MANY:
        chosen = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else [value]
        if not all(one in question.options for one in chosen):
            raise ValueError(_("请从选项中选择：%(options)s") % {"options": "、".join(question.options)})
        kept = [option for option in question.options if option in chosen]
        return kept, "、".join(kept)
    if not isinstance(value, str):
        raise ValueError(_("应为文字"))
    text = value.strip()
    if question.type == Answer.ONE and text not in question.options:
        raise ValueError(_("请从选项中选择：%(options)s") % {"options": "、".join(question.options)})
    if question.type == Answer.DATE:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("应为日期，如 2026-05-06")) from None
        return day.isoformat(), day.isoformat()
    if len(text) > LINE_LENGTH_MAX:
        raise ValueError(_("不能超过 %(n)d 字") % {"n": LINE_LENGTH_MAX})
    if _UNPRINTABLE.search(text):
        raise ValueError(_("应为单行文字"))
    return text, text


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(_("应为数字"))
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError(_("应为数字")) from None
    if not abs(number) < NUMBER_MAX:  # not a number fails, too
        raise ValueError(_("数字过大"))
    return int(number) if number.is_integer() else number
