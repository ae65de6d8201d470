"""Forms of what is done to a project, and of its judgement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.ui.forms import PhotosField
from haitang.projects.forms.fields import small
from haitang.projects.lifecycle import Deed
from haitang.projects.values import CODES_MAX, TITLE_LENGTH_MAX, WORDS_LENGTH_MAX

SCORES = [
    (5, gettext_lazy("5 分：非常满意")), (4, gettext_lazy("4 分：满意")), (3, gettext_lazy("3 分：一般")),
    (2, gettext_lazy("2 分：不满意")), (1, gettext_lazy("1 分：很不满意")),
]  # fmt: skip
_ASKED = {
    Deed.LAUNCH: (gettext_lazy("说明（可不填）"), False),
    Deed.DELIVER: (gettext_lazy("完成情况"), True),
    Deed.ACCEPT: (gettext_lazy("验收意见"), True),
    Deed.ARCHIVE: (gettext_lazy("说明（可不填）"), False),
    Deed.GIVE_UP: (gettext_lazy("终止原因"), True),
}


class DeedForm(forms.Form):
    """What is said when a project is moved on; at acceptance also whether it passes."""

    passed = forms.TypedChoiceField(
        label=gettext_lazy("验收结果"), choices=[("1", gettext_lazy("通过")), ("0", gettext_lazy("不通过，返工"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(max_length=WORDS_LENGTH_MAX, widget=small())

    def __init__(self, deed: Deed, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{deed.value}_%s", **kwargs})
        if deed is not Deed.ACCEPT:
            del self.fields["passed"]
        words = self.fields["words"]
        words.label, words.required = _ASKED[deed]


class MilestoneForm(forms.Form):
    """A milestone to be aimed at."""

    title = forms.CharField(label=gettext_lazy("节点"), max_length=TITLE_LENGTH_MAX)
    due_on = forms.DateField(label=gettext_lazy("计划日期"))


class ReachForm(forms.Form):
    """That a milestone was reached."""

    words = forms.CharField(label=gettext_lazy("完成情况（可不填）"), max_length=WORDS_LENGTH_MAX, required=False)


class ProgressForm(forms.Form):
    """How far the work is."""

    words = forms.CharField(label=gettext_lazy("进展情况"), max_length=WORDS_LENGTH_MAX, widget=small())
    photos = PhotosField(label=gettext_lazy("照片（可不拍）"), required=False)
    is_public = forms.BooleanField(
        label=gettext_lazy("在公开页面展示"), required=False, initial=True,
        help_text=gettext_lazy("公开的内容不要写居民姓名、电话、住址。"),
    )  # fmt: skip


class PublishForm(forms.Form):
    """What everybody reads first."""

    summary = forms.CharField(
        label=gettext_lazy("成效"), max_length=WORDS_LENGTH_MAX, widget=small(), required=False,
        help_text=gettext_lazy("用居民看得懂的话写，可不填；不要写居民姓名、电话、住址。"),
    )  # fmt: skip


class CodesForm(forms.Form):
    """How many codes are given out."""

    count = forms.IntegerField(label=gettext_lazy("个数"), min_value=1, max_value=CODES_MAX, initial=20)


class EvaluationForm(forms.Form):
    """The judgement of somebody served."""

    code = forms.CharField(
        label=gettext_lazy("评价码"), max_length=20,
        help_text=gettext_lazy("服务单位发给您的 8 位字母和数字，只能用一次。"),
    )  # fmt: skip
    score = forms.TypedChoiceField(
        label=gettext_lazy("您对这个项目满意吗"), choices=SCORES, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择满意程度")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("还想说的话"), max_length=WORDS_LENGTH_MAX, widget=small(4), required=False,
        help_text=gettext_lazy("可以不填。我们不记录是谁评的。"),
    )  # fmt: skip
