"""The forms of call-backs: what came of a call, and the rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.callbacks.values import WORDS_LENGTH_MAX, Answer, Negative, Outcome, Satisfaction
from haitang.cases.values import Channel

UNSAID = ("", gettext_lazy("未作答"))
YES_NO = [("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
QUESTIONS = [
    ("contacted", gettext_lazy("是否联系")),
    ("solved", gettext_lazy("是否解决")),
    ("satisfaction", gettext_lazy("是否满意")),
]


class CallForm(forms.Form):
    """What came of one call."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("通话结果"), choices=Outcome.choices, widget=forms.RadioSelect,
        initial=Outcome.ANSWERED.value,
    )  # fmt: skip
    contacted = forms.ChoiceField(
        label=gettext_lazy("承办单位是否与您联系过？"), choices=[*YES_NO, UNSAID], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    solved = forms.ChoiceField(
        label=gettext_lazy("问题是否解决了？"), choices=[*YES_NO, UNSAID], required=False, widget=forms.RadioSelect
    )
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("对办理结果是否满意？"), choices=[*Satisfaction.choices, UNSAID], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("诉求人的话"), required=False, max_length=WORDS_LENGTH_MAX, widget=forms.Textarea,
        help_text=gettext_lazy("如实记录，不满意的请问清原因"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=WORDS_LENGTH_MAX)

    def clean(self) -> dict[str, Any]:
        """Ask for an answer where the call was answered."""
        given = super().clean() or {}
        if given.get("outcome") == Outcome.ANSWERED and not any(given.get(name) for name, _label in QUESTIONS):
            self.add_error("solved", _("请填写诉求人的回答"))
        return given

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        typed = self.cleaned_data
        answer = None
        if typed["outcome"] == Outcome.ANSWERED:
            said = {"yes": True, "no": False}
            answer = Answer(
                said.get(typed["contacted"]), said.get(typed["solved"]), typed["satisfaction"] or None, typed["words"]
            )
        return {"outcome": typed["outcome"], "answer": answer, "note": typed["note"]}


class RulesForm(forms.Form):
    """All rules at once. values: by key."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("回访哪些来源的案件"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    due = forms.CharField(
        label=gettext_lazy("回访时限"), max_length=20, help_text=gettext_lazy("结案之后，写法如 1工作日、24紧急工作时")
    )
    attempts_max = forms.IntegerField(label=gettext_lazy("最多尝试次数"), min_value=1, max_value=10)
    spacing = forms.CharField(
        label=gettext_lazy("每次未接通后的间隔"), max_length=100, help_text=gettext_lazy("依次填写，用逗号隔开")
    )
    valid_questions = forms.MultipleChoiceField(
        label=gettext_lazy("答了哪些问题才算有效回访"), choices=QUESTIONS, widget=forms.CheckboxSelectMultiple
    )
    final_outcomes = forms.MultipleChoiceField(
        label=gettext_lazy("哪些结果不再重打"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[each for each in Outcome.choices if each[0] != Outcome.ANSWERED],
    )  # fmt: skip
    negative = forms.MultipleChoiceField(
        label=gettext_lazy("哪些回答自动重办"), choices=Negative.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    satisfied = forms.IntegerField(label=gettext_lazy("自评几分起算满意"), min_value=1, max_value=5)
    basically = forms.IntegerField(label=gettext_lazy("自评几分起算基本满意"), min_value=1, max_value=5)
    day_cut = forms.TimeField(
        label=gettext_lazy("统计日分界"), input_formats=["%H:%M", "%H:%M:%S"],
        help_text=gettext_lazy("00:00 为自然日；12:00 为前一日中午至当日中午。只影响修改之后的回访"),
    )  # fmt: skip

    def __init__(self, data: Any, *, values: Mapping[str, Any]) -> None:
        self.values = values
        initial = {**values, "spacing": "，".join(values["spacing"]), **values["score_scale"]}
        super().__init__(data, initial=initial)

    def changed(self) -> dict[str, Any]:
        """Return by key the new value of each rule that was changed."""
        typed = dict(self.cleaned_data)
        typed["spacing"] = [part.strip() for part in typed["spacing"].replace("，", ",").split(",") if part.strip()]
        typed["score_scale"] = {name: typed.pop(name) for name in ("satisfied", "basically")}
        typed["day_cut"] = typed["day_cut"].strftime("%H:%M")
        return {key: value for key, value in typed.items() if value != self.values[key]}
