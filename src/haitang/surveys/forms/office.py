"""Forms of the office: a draft, a repeat, measures, the rules."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.core.ui import settings
from haitang.surveys.actions import SurveyPlan
from haitang.surveys.values import (
    FRAMES,
    HOUSEHOLDS,
    SEED_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Entry,
    Permission,
    Question,
    as_text,
    parse,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind

EXAMPLE = """[单选] 您对社区工作总体满意吗？【必答】【满意度】
满意
基本满意
不满意
说不清

[多选] 您最希望社区在哪些方面改进？【如果 1=基本满意、不满意】
环境卫生
物业管理
停车秩序
养老服务

[矩阵] 您怎么看下面几方面？
行：环境卫生、治安、停车
列：满意、基本满意、不满意

[文字] 您还想对社区说什么？"""
LABELS = {
    "weights": gettext_lazy("满意度选项的分值"), "threshold_pct": gettext_lazy("复核线（%）"),
    "review_answers_min": gettext_lazy("开启复核至少要多少份答卷"), "minimum_cell": gettext_lazy("人数少于多少不显示"),
    "confidence_pct": gettext_lazy("置信水平（%）"), "review_limit_days": gettext_lazy("整改期限（日）"),
    "attempts_per_hour": gettext_lazy("每小时可输错问卷码的次数"),
}  # fmt: skip


def _areas(reach: Iterable[str]) -> list[tuple[str, str]]:
    within, tree = tuple(reach), territory()
    return [
        (area.code, tree.full_name(area.id))
        for area in tree.descendants(None)
        if area.level <= Kind.COMMUNITY.level and area.path.startswith(within)
    ]


class PlanForm(forms.Form):
    """A survey as it is drafted; the questions are typed as text."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=TITLE_LENGTH_MAX)
    words = forms.CharField(
        label=gettext_lazy("给居民的说明"), required=False, max_length=WORDS_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_lazy("为什么问、问谁、结果怎么用"),
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("范围"), help_text=gettext_lazy("范围内每个社区各自统计"))
    entry = forms.ChoiceField(label=gettext_lazy("参与方式"), choices=Entry.choices, initial=Entry.CODE)
    frame = forms.ChoiceField(
        label=gettext_lazy("抽样对象"), required=False, help_text=gettext_lazy("只用于凭码参与；除住户外，须填起止日期")
    )
    since = forms.DateField(label=gettext_lazy("对象起始日期"), required=False)
    until = forms.DateField(label=gettext_lazy("对象截止日期"), required=False)
    sample = forms.IntegerField(
        label=gettext_lazy("抽样数"), min_value=0, initial=0, help_text=gettext_lazy("0 为全部；只用于凭码参与")
    )
    seed = forms.CharField(
        label=gettext_lazy("抽样种子"), required=False, max_length=SEED_LENGTH_MAX,
        help_text=gettext_lazy("不填则开始时随机生成；开始即公布，之后才抽样，任何人都能重算抽到了谁"),
    )  # fmt: skip
    closes_on = forms.DateField(label=gettext_lazy("截止日期"))
    questions = forms.CharField(
        label=gettext_lazy("问卷"), widget=forms.Textarea(attrs={"rows": 22}), max_length=20_000,
        help_text=gettext_lazy(
            "每题一段，题间空一行；"
            "第一行写 [单选]、[多选]、[量表]、[文字] 或 [矩阵] 加题目，可加【必答】【满意度】【如果 1=选项】"
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, known: Any = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs["initial"] = {
                "title": known.title, "words": known.words, "area": territory().area(known.area_id).code,
                "entry": known.entry,
                "frame": known.frame, "since": known.since, "until": known.until,
                "sample": known.sample, "seed": known.seed, "closes_on": known.closes_on,
                "questions": as_text(known.asked),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _areas(viewer.areas(Permission.MANAGE))  # type: ignore[attr-defined]  # a choice field
        frames = [(HOUSEHOLDS, _("住户（按社区地址清单）")), *((each.key, _(each.label)) for each in FRAMES)]
        self.fields["frame"].choices = frames  # type: ignore[attr-defined]  # a choice field
        if known is None:
            self.fields["questions"].initial = EXAMPLE

    def clean_questions(self) -> tuple[Question, ...]:
        """Read the questions."""
        try:
            return parse(self.cleaned_data["questions"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def plan(self) -> SurveyPlan:
        """Return what was typed."""
        given = self.cleaned_data
        return SurveyPlan(
            given["title"], given["area"], given["entry"], given["questions"], given["closes_on"], given["words"],
            given["sample"], given["seed"], given["frame"], given["since"], given["until"],
        )  # fmt: skip


class RepeatForm(forms.Form):
    """Until when the very same is asked again."""

    closes_on = forms.DateField(label=gettext_lazy("复测截止日期"))


class MeasuresForm(forms.Form):
    """Who sees to what until when."""

    responsible = forms.CharField(label=gettext_lazy("责任人"), max_length=50)
    measures = forms.CharField(
        label=gettext_lazy("原因和整改措施"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 5})
    )
    due_on = forms.DateField(label=gettext_lazy("完成期限"))

    def __init__(self, *args: Any, due_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = due_on


class ReportForm(forms.Form):
    """What was done."""

    report = forms.CharField(
        label=gettext_lazy("完成情况"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )


class WeightsField(forms.CharField):
    """What each answer counts, a line for each: `answer=number`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write them a line for each; what was typed stays as it is."""
        return "\n".join(f"{name}={weight}" for name, weight in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, int]:
        """Return the weights by answer."""
        parts = [line.replace("＝", "=").partition("=") for line in super().clean(value).splitlines() if line.strip()]
        if any(not weight.strip().isascii() or not weight.strip().isdigit() for _name, _sign, weight in parts):
            raise ValidationError(_("每行写“选项=分值”，分值 0 至 100"))
        return {name.strip(): int(weight) for name, _sign, weight in parts}


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS

    def fields_of(self, key: str, value: Any) -> dict[str, forms.Field]:
        """Answers are the office's own words: they stand in one field with what they count."""
        if isinstance(value, dict):
            return {key: WeightsField(label=self.labels[key], initial=value)}
        return super().fields_of(key, value)
