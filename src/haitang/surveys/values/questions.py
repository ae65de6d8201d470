"""Questionnaires as data, typed as plain text, and answers checked against them: pure, without rows.

A questionnaire as it is typed: each question is a block, blocks are parted by a blank line. The first line is the
kind in brackets, the question, and marks; the lines after it are the options. Of a matrix they begin with 行 or 列.

    [单选] 您对社区工作总体满意吗？【必答】【满意度】
    满意
    基本满意
    不满意

    [文字] 哪里不满意？【如果 1=基本满意、不满意】
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.asking import check_asked
from haitang.surveys.values.words import BadAnswers, BadSurvey

QUESTIONS_MAX, OPTIONS_MAX, ROWS_MAX = 40, 20, 15
LABEL_LENGTH_MAX, OPTION_LENGTH_MAX, TEXT_LENGTH_MAX = 120, 40, 500
Answers = dict[str, Any]


class Kind(TextChoices):
    """How a question is answered. The values' labels are what is typed between brackets."""

    SINGLE = "single", gettext_lazy("单选")
    MANY = "many", gettext_lazy("多选")
    SCALE = "scale", gettext_lazy("量表")
    TEXT = "text", gettext_lazy("文字")
    MATRIX = "matrix", gettext_lazy("矩阵")


WORDS = {"单选": Kind.SINGLE, "多选": Kind.MANY, "量表": Kind.SCALE, "文字": Kind.TEXT, "矩阵": Kind.MATRIX}
_TYPED = {kind: word for word, kind in WORDS.items()}
_OF_ONE = (Kind.SINGLE, Kind.SCALE)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. options: to choose from, of a matrix its columns; rows: of a matrix alone.

    is_weighed: its options are counted as a score by the weights of the settings; the first such is the survey's
    satisfaction. shown_after, shown_for: the number (from 0) of an earlier question of one choice and the options
    of it after which this one is asked; None for always.
    """

    kind: str
    label: str
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    is_required: bool = False
    is_weighed: bool = False
    shown_after: int | None = None
    shown_for: tuple[int, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def of_data(data: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return the questions that `Question.as_data` gave."""
    plain: list[dict[str, Any]] = [
        {name: tuple(value) if isinstance(value, list) else value for name, value in each.items()} for each in data
    ]
    return tuple(Question(**each) for each in plain)


def edition(questions: Sequence[Question]) -> str:
    """Return by what two surveys are known to ask the very same: only then they are compared."""
    told = json.dumps([each.as_data() for each in questions], ensure_ascii=False, sort_keys=True)
    return sha256(told.encode()).hexdigest()[:16]


def keys_of(number: int, question: Question) -> list[str]:
    """Return under which keys the question's answers of one choice are kept: one, of a matrix one for each row."""
    if question.kind == Kind.MATRIX:
        return [f"{number}.{row}" for row in range(len(question.rows))]
    return [str(number)]


_HEAD = re.compile(r"[\[［](?P<kind>[^\]］]+)[\]］]\s*(?P<label>[^【]*)(?P<marks>(【[^】]*】\s*)*)")
_MARK = re.compile(r"【([^】]*)】")
_IF = re.compile(r"如果\s*([0-9]{1,2})\s*[=＝]\s*(.+)")


def parse(text: str) -> tuple[Question, ...]:
    """Return the questions typed as text. Raises BadSurvey, which names the question."""
    blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r", "").strip()) if block.strip()]
    found: list[Question] = []
    for number, block in enumerate(blocks, 1):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        try:
            found.append(_parse_one(lines, found))
        except ValueError as error:
            raise _wrong(_("第 %(n)d 题：%(why)s") % {"n": number, "why": error}) from None
    check(found)
    return tuple(found)


def _wrong(sentence: str) -> BadSurvey:
    return BadSurvey(sentence, {"questions": sentence})


def _parse_one(lines: list[str], before: list[Question]) -> Question:
    head = _HEAD.fullmatch(lines[0])
    if head is None or head["kind"].strip() not in WORDS:
        raise ValueError(_("第一行应为 [单选]、[多选]、[量表]、[文字] 或 [矩阵] 加题目"))
    marks = [mark.strip() for mark in _MARK.findall(head["marks"])]
    kind = WORDS[head["kind"].strip()]
    after: int | None = None
    shown_for: tuple[int, ...] = ()
    for mark in marks:
        if condition := _IF.fullmatch(mark):
            after, shown_for = _condition(condition[1], condition[2], before)
        elif mark not in ("必答", "满意度"):
            raise ValueError(_("不认识的标记【%(mark)s】") % {"mark": mark})
    options: tuple[str, ...] = tuple(lines[1:])
    rows: tuple[str, ...] = ()
    if kind is Kind.MATRIX:
        rows, options = _listed(lines[1:], "行"), _listed(lines[1:], "列")
    return Question(
        kind.value, head["label"].strip(), options, rows, "必答" in marks, "满意度" in marks, after, shown_for
    )


def _listed(lines: list[str], word: str) -> tuple[str, ...]:
    found = next((line for line in lines if re.match(f"{word}[:：]", line)), None)
    if found is None:
        raise ValueError(_("矩阵题应有“行：…”和“列：…”两行，各项用顿号隔开"))
    return tuple(part.strip() for part in found[2:].split("、") if part.strip())


def _condition(number: str, options: str, before: list[Question]) -> tuple[int, tuple[int, ...]]:
    after = int(number) - 1
    if not 0 <= after < len(before):
        raise ValueError(_("【如果】只能看前面的题"))
    named = [part.strip() for part in options.split("、")]
    unknown = [each for each in named if each not in before[after].options]
    if unknown:
        raise ValueError(_("第 %(n)d 题没有选项“%(option)s”") % {"n": after + 1, "option": unknown[0]})
    return after, tuple(before[after].options.index(each) for each in named)


def as_text(questions: Sequence[Question]) -> str:
    """Return the questions as they are typed; `parse` gives the same again."""
    blocks = []
    for question in questions:
        marks = "【必答】" * question.is_required + "【满意度】" * question.is_weighed
        if question.shown_after is not None:
            named = "、".join(questions[question.shown_after].options[n] for n in question.shown_for)
            marks += f"【如果 {question.shown_after + 1}={named}】"
        lines = [f"[{_TYPED[Kind(question.kind)]}] {question.label}{marks}"]
        if question.kind == Kind.MATRIX:
            lines += [f"行：{'、'.join(question.rows)}", f"列：{'、'.join(question.options)}"]
        else:
            lines += question.options
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def check(questions: Sequence[Question]) -> None:
    """Raise BadSurvey for a questionnaire that cannot be asked, Invalid for what the product never asks."""
    if not 1 <= len(questions) <= QUESTIONS_MAX:
        raise _wrong(_("问卷应有 1 至 %(n)d 题") % {"n": QUESTIONS_MAX})
    for number, question in enumerate(questions):
        if why := _fault(number, question, questions):
            raise _wrong(_("第 %(n)d 题：%(why)s") % {"n": number + 1, "why": why})
        check_asked(question.label, *question.options, *question.rows)


def _fault(number: int, question: Question, questions: Sequence[Question]) -> str:
    """Return what is wrong with the question, "" where nothing is."""
    options, rows = question.options, question.rows
    if question.kind not in Kind.values or not 0 < len(question.label) <= LABEL_LENGTH_MAX:
        return _("题目应为 1 至 %(n)d 字") % {"n": LABEL_LENGTH_MAX}
    if any("\x00" in part or "\n" in part for part in (question.label, *options, *rows)):
        return _("不能有换行等字符")
    if question.kind == Kind.TEXT:
        return _("文字题不应有选项") if options or rows or question.is_weighed else ""
    if not 2 <= len(options) <= OPTIONS_MAX or len(set(options)) < len(options):
        return _("应有 2 至 %(n)d 个不同的选项") % {"n": OPTIONS_MAX}
    if question.kind == Kind.MATRIX and (not 1 <= len(rows) <= ROWS_MAX or len(set(rows)) < len(rows)):
        return _("应有 1 至 %(n)d 个不同的行") % {"n": ROWS_MAX}
    if question.kind != Kind.MATRIX and rows:
        return _("只有矩阵题有行")
    if any(not 0 < len(each) <= OPTION_LENGTH_MAX for each in (*options, *rows)):
        return _("选项应为 1 至 %(n)d 字") % {"n": OPTION_LENGTH_MAX}
    if question.is_weighed and question.kind != Kind.SINGLE:
        return _("只有单选题可以是满意度题")
    return _fault_of_branch(number, question, questions)


def _fault_of_branch(number: int, question: Question, questions: Sequence[Question]) -> str:
    after = question.shown_after
    if after is None:
        return _("缺少条件所看的题") if question.shown_for else ""
    if not 0 <= after < number or questions[after].kind not in _OF_ONE:
        return _("【如果】只能看前面的单选题或量表题")
    if not question.shown_for or not all(0 <= n < len(questions[after].options) for n in question.shown_for):
        return _("【如果】应写明前面那题的选项")
    return ""


def is_shown(question: Question, kept: Mapping[str, Any]) -> bool:
    """Tell whether the question is asked, after what has been answered before it."""
    return question.shown_after is None or kept.get(str(question.shown_after)) in question.shown_for


def read_answers(questions: Sequence[Question], given: Mapping[str, Any]) -> Answers:
    """Return the answers as they are kept: by key the option's number, a list of them, or a text.

    given: the same, numbers as texts, too. What is blank, or not asked after the answers before, is left out.
    Raises BadAnswers with every question that is unknown, missing or wrongly answered.
    """
    known = {key for number, question in enumerate(questions) for key in keys_of(number, question)}
    if unknown := [str(key)[:40] for key in given if key not in known]:
        raise BadAnswers(_("没有这些问题：%(keys)s") % {"keys": "、".join(unknown)})
    kept: Answers = {}
    wrong: dict[str, str] = {}
    for number, question in enumerate(questions):
        if not is_shown(question, kept):
            continue
        for key in keys_of(number, question):
            value = given.get(key)
            if value is None or value == "" or value == [] or (isinstance(value, str) and not value.strip()):
                if question.is_required:
                    wrong[field_of(key)] = _("请回答这一题")
                continue
            try:
                kept[key] = _read(question, value)
            except (ValueError, TypeError):
                wrong[field_of(key)] = (
                    _("请从选项中选择") if question.options else _("请写文字，最多 %(n)d 字") % {"n": TEXT_LENGTH_MAX}
                )
    if wrong:
        raise BadAnswers(_("有 %(n)d 处没有答好，请看标出的题") % {"n": len(wrong)}, wrong)
    if not kept:
        raise BadAnswers(_("还没有回答任何问题"))
    return kept


def _read(question: Question, value: Any) -> Any:
    if question.kind == Kind.TEXT:
        text = str(value).replace("\x00", "").strip() if isinstance(value, str) else ""
        if not 0 < len(text) <= TEXT_LENGTH_MAX:
            raise ValueError
        return text
    if question.kind == Kind.MANY:
        return sorted({_option(question, each) for each in (value if isinstance(value, list) else [value])})
    return _option(question, value)


def _option(question: Question, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    number = int(value)
    if not 0 <= number < len(question.options):
        raise ValueError
    return number


def field_of(key: str) -> str:
    """Return how forms name the field in which the answer of that key is given."""
    return f"q_{key.replace('.', '_')}"
