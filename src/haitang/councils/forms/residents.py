"""Forms of residents: a topic in three steps, a question, a place on a list, a draw done again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.ui.forms import PhotosField
from haitang.councils.values import LINE_LENGTH_MAX, TITLE_LENGTH_MAX, WORDS_LENGTH_MAX, AgeBand, NewTopic
from haitang.territory.queries import territory
from haitang.territory.values import Kind

_LISTS_MAX = 600_000


def area_id_of(code: str) -> int | None:
    """Return the id of the valid area of that code."""
    area = territory().by_code(code)
    return area.id if area else None


def communities() -> list[tuple[str, Any]]:
    """Return the valid communities and villages by code, under their streets and towns."""
    tree = territory()
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.kind in (Kind.COMMUNITY, Kind.VILLAGE):
            parent = tree.get(area.parent_id)
            groups.setdefault(parent.name if parent else "", []).append((area.code, area.name))
    return list(groups.items())


class _InCommunity(forms.Form):
    area = forms.ChoiceField(label=gettext_lazy("您住在哪个社区（村）"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose = "", gettext_lazy("请选择")
        self.fields["area"].choices = [choose, *communities()]  # type: ignore[attr-defined]  # a choice field

    def area_id(self) -> int:
        """Return the id of the community chosen, 0 for none."""
        return area_id_of(self.cleaned_data["area"]) or 0


class WhereForm(_InCommunity):
    """Step one: where."""


class WhatForm(forms.Form):
    """Step two: what."""

    title = forms.CharField(
        label=gettext_lazy("想议什么事"),
        max_length=TITLE_LENGTH_MAX,
        help_text=gettext_lazy("一句话，如：广场舞几点结束"),
    )
    words = forms.CharField(
        label=gettext_lazy("情况和您的想法"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("说事不说人；采纳后大家看得到，不写电话和证件号码"),
    )  # fmt: skip


class PhotosForm(forms.Form):
    """Photos of a matter."""

    photos = PhotosField(
        label=gettext_lazy("照片（可不传）"), required=False,
        help_text=gettext_lazy("最多 6 张，不拍人脸和门牌；拍摄位置等信息会自动清除"),
    )  # fmt: skip


class TopicForm(_InCommunity, WhatForm, PhotosForm):
    """Step three: all of it, once more, with photos."""

    field_order = ["area", "title", "words", "photos"]

    def new(self) -> NewTopic:
        """Return what was typed, as the action takes it."""
        return NewTopic(self.area_id(), self.cleaned_data["title"], self.cleaned_data["words"])


class QuestionForm(_InCommunity):
    """A question or comment."""

    words = forms.CharField(
        label=gettext_lazy("您的问题或意见"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )
    may_publish = forms.BooleanField(
        label=gettext_lazy("同意公开问题和答复（不写名字）"), required=False
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The answer to a question."""

    answer = forms.CharField(
        label=gettext_lazy("答复"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )
    publish = forms.BooleanField(label=gettext_lazy("公开问题和答复（提问人已同意）"), required=False)

    def __init__(self, *args: Any, may_publish: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not may_publish:
            del self.fields["publish"]


class EnterForm(forms.Form):
    """Oneself for a list; estate and age band as one likes."""

    area = forms.CharField(label=gettext_lazy("小区（可不填）"), max_length=40, required=False)
    age_band = forms.ChoiceField(label=gettext_lazy("年龄段（可不填）"), choices=AgeBand.choices, required=False)
    contact = forms.CharField(label=gettext_lazy("联系方式（可不填）"), max_length=LINE_LENGTH_MAX, required=False)


class AgainForm(forms.Form):
    """A draw to be done again by anybody."""

    listed = forms.CharField(
        label=gettext_lazy("名单"), max_length=_LISTS_MAX, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("公布的名单，每行“编号,分组”"),
    )  # fmt: skip
    seats = forms.IntegerField(label=gettext_lazy("抽选人数"), min_value=1, max_value=20_000)
    seed = forms.CharField(label=gettext_lazy("种子"), max_length=200)
    witness = forms.CharField(label=gettext_lazy("现场见证文字"), max_length=LINE_LENGTH_MAX, required=False)
