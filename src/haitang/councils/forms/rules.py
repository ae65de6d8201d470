"""Forms of kinds and settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.ui import settings
from haitang.councils.queries import KindRef
from haitang.councils.values import LINE_LENGTH_MAX, NAME_LENGTH_MAX, NewKind

LABELS = {
    "answer_within": gettext_lazy("居民提问多久以内答复"), "topic_within": gettext_lazy("居民提议多久以内审核"),
    "topics_a_day": gettext_lazy("每人每天最多提几件"), "forget_days": gettext_lazy("办结多少天后不再记提议人、提问人"),
    "draw_erase_days": gettext_lazy("抽选多少天后删除候选人姓名"),
    "vote_after_days": gettext_lazy("交付投票：默认几天以后开始"), "vote_days": gettext_lazy("交付投票：默认投几天"),
}  # fmt: skip


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS


class KindForm(forms.Form):
    """A kind of council."""

    code = forms.SlugField(label=gettext_lazy("编码"), max_length=40)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    words = forms.CharField(label=gettext_lazy("做什么"), max_length=LINE_LENGTH_MAX, required=False)
    habit = forms.CharField(label=gettext_lazy("多久一次"), max_length=NAME_LENGTH_MAX, required=False)
    quorum = forms.CharField(
        label=gettext_lazy("到会比例"), max_length=10, required=False, help_text=gettext_lazy("如 2/3，不要求的留空")
    )
    passes = forms.CharField(
        label=gettext_lazy("通过比例（到会人数中超过）"), max_length=10, required=False,
        help_text=gettext_lazy("如 1/2，不计票的留空"),
    )  # fmt: skip
    source = forms.CharField(label=gettext_lazy("依据"), max_length=LINE_LENGTH_MAX, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, known: KindRef | None, **more: Any) -> None:
        if known is not None:
            more["initial"] = {name: getattr(known, name) for name in self.base_fields}
        super().__init__(*args, **more)
        self._code = known.code if known else ""
        if known is not None:
            del self.fields["code"]

    def kind(self) -> NewKind:
        """Return what was typed, as the action takes it."""
        return NewKind(**{"code": self._code, **self.cleaned_data})
