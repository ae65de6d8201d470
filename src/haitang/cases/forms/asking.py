"""Questions of a category as fields of a form, and what a category asks as it is typed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, pgettext_lazy

from haitang.cases.forms.catalog import LimitField, WordsField
from haitang.cases.values import (
    Answer,
    AskedOf,
    CaseForm,
    Condition,
    Moment,
    Question,
    add_questions,
)
from haitang.cases.values.asking import LABEL_LENGTH_MAX, LINE_LENGTH_MAX, TEXT_LENGTH_MAX
from haitang.core.asking import check_asked
from haitang.core.errors import Refusal

_FREE_ROWS = 3


class Sample(forms.Form):
    """Questions as those who are asked meet them, for looking at."""

    def __init__(self, questions: Iterable[Question]) -> None:
        super().__init__(auto_id=False)
        add_questions(self, questions)
        for field in self.fields.values():
            field.disabled = True


class AboutForm(forms.Form):
    """What a category says of itself, beside its questions and conditions."""

    basis = forms.CharField(
        label=gettext_lazy("法律依据"), max_length=TEXT_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    collection = forms.CharField(
        label=gettext_lazy("采集要求"), max_length=TEXT_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("例如：近景、远景照片各一张，拍到门牌"),
    )  # fmt: skip
    responsible = WordsField(
        label=gettext_lazy("责任主体"), max_length=300, required=False,
        help_text=gettext_lazy("单位名称、编码或类型，用顿号分开，例如：产权单位、物业服务企业"),
    )  # fmt: skip
    supervising = WordsField(label=gettext_lazy("监管主体"), max_length=300, required=False)


class QuestionForm(forms.Form):
    """One question as it is typed. An empty label takes it away."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    label = forms.CharField(label=pgettext_lazy("asked", "问题"), max_length=LABEL_LENGTH_MAX, required=False)
    type = forms.ChoiceField(label=gettext_lazy("答案"), choices=Answer.choices, required=False)
    options = forms.CharField(
        label=gettext_lazy("选项"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("单选、多选时填，每行一个"),
    )  # fmt: skip
    at = forms.ChoiceField(label=gettext_lazy("何时问"), choices=Moment.choices, required=False)
    of = forms.ChoiceField(
        label=gettext_lazy("问谁"), choices=AskedOf.choices, required=False, initial=AskedOf.BOTH.value
    )
    required = forms.BooleanField(label=gettext_lazy("必填"), required=False)
    help = forms.CharField(label=gettext_lazy("提示"), max_length=LINE_LENGTH_MAX, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse what nobody is asked where it was typed."""
        given = super().clean() or {}
        try:
            check_asked(given.get("label", ""), given.get("help", ""), given.get("options", ""))
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal
        return given

    def question(self) -> Question | None:
        """Return the question, None where there is none."""
        given = self.cleaned_data
        if not given.get("label", "").strip():
            return None
        lines = [line.strip() for line in given["options"].splitlines()]
        return Question(
            key=given["key"], label=given["label"].strip(), type=given["type"] or Answer.LINE.value,
            options=tuple(line for line in lines if line), required=given["required"], help=given["help"].strip(),
            of=given["of"] or AskedOf.BOTH.value, at=given["at"] or Moment.REPORT.value,
        )  # fmt: skip


class OpeningForm(forms.Form):
    """One condition of registration as it is typed. An empty text takes it away."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    text = forms.CharField(label=gettext_lazy("立案条件"), max_length=LINE_LENGTH_MAX, required=False)
    step = forms.CharField(label=gettext_lazy("处置步骤"), max_length=LABEL_LENGTH_MAX, required=False)
    limit = LimitField(
        label=gettext_lazy("处置时限"), max_length=30, required=False,
        help_text=gettext_lazy("例如：4工作时、7工作日、紧急4小时；不填则用类别的处置时限"),
    )  # fmt: skip

    def condition(self) -> Condition | None:
        """Return the condition, None where there is none."""
        given = {name: value.strip() for name, value in self.cleaned_data.items()}
        return Condition(**given) if given.get("text") else None


class ClosingForm(forms.Form):
    """One condition of closing as it is typed. An empty text takes it away."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    text = forms.CharField(label=gettext_lazy("结案条件"), max_length=LINE_LENGTH_MAX, required=False)

    def condition(self) -> Condition | None:
        """Return the condition, None where there is none."""
        given = {name: value.strip() for name, value in self.cleaned_data.items()}
        return Condition(**given) if given.get("text") else None


Questions = forms.formset_factory(QuestionForm, extra=_FREE_ROWS, max_num=60)
Openings = forms.formset_factory(OpeningForm, extra=_FREE_ROWS, max_num=60)
Closings = forms.formset_factory(ClosingForm, extra=_FREE_ROWS, max_num=60)


class FormOfCategory:
    """The whole form of a category as it is typed: four parts in one page. own: the form as it is."""

    def __init__(self, data: Any = None, *, own: CaseForm) -> None:
        def rows(part: Iterable[Any]) -> list[dict[str, Any]]:
            return [{name: getattr(one, name) for name in one.__slots__} for one in part]

        questions = rows(replace_options(q) for q in own.questions)
        about = {n: getattr(own, n) for n in ("basis", "collection", "responsible", "supervising")}
        self.about = AboutForm(data, prefix="about", initial=about)
        self.questions = Questions(data, prefix="questions", initial=questions)
        self.openings = Openings(data, prefix="openings", initial=rows(own.opening))
        self.closings = Closings(data, prefix="closings", initial=rows(own.closing))
        self.refusal = ""

    def is_valid(self) -> bool:
        """Check all four parts, so that every error is shown at once."""
        checked = [part.is_valid() for part in (self.about, self.questions, self.openings, self.closings)]
        return all(checked)

    @property
    def errors(self) -> bool:
        """Whether anything must be put right."""
        parts = (self.about, self.questions, self.openings, self.closings)
        return bool(self.refusal) or any(part.is_bound and not part.is_valid() for part in parts)

    def given(self) -> CaseForm:
        """Return what was typed."""
        about = self.about.cleaned_data
        return CaseForm(
            questions=tuple(filter(None, (form.question() for form in self.questions))),
            opening=tuple(filter(None, (form.condition() for form in self.openings))),
            closing=tuple(filter(None, (form.condition() for form in self.closings))),
            basis=about["basis"].strip(),
            collection=about["collection"].strip(),
            responsible=tuple(about["responsible"]),
            supervising=tuple(about["supervising"]),
        )


def replace_options(question: Question) -> Question:
    """Return the question with its options one to a line, as they are typed."""
    return replace(question, options="\n".join(question.options))  # type: ignore[arg-type]  # for a textarea
