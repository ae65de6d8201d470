"""Forms of the catalogue and the settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.alliances.queries import LineRef
from haitang.alliances.values import LINE_LENGTH_MAX, NAME_LENGTH_MAX, POINTS_MAX, TIMES_MAX, Kind, Owed, ShippedItem
from haitang.core.ui import settings

LABELS = {
    "evaluation_from": gettext_lazy("年底考评开始（月-日）"),
    "evaluation_until": gettext_lazy("考评截止（次年，月-日）"),
    "bands": gettext_lazy("考评等次（每行：名称 最低百分比）"), "quiet_days": gettext_lazy("多少天没有联系算久未联系"),
    "visits_per_year": gettext_lazy("联系点每年应走访次数"),
}  # fmt: skip


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    text_max = 5


class LineForm(forms.Form):
    """A duty or a criterion."""

    code = forms.RegexField(
        r"^[a-z0-9_]{1,40}$", label=gettext_lazy("编码"), help_text=gettext_lazy("小写字母、数字和下划线")
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    group = forms.CharField(
        label=gettext_lazy("方面"), max_length=NAME_LENGTH_MAX, help_text=gettext_lazy("四方面重点工作之一")
    )
    owed = forms.ChoiceField(label=gettext_lazy("责任方"), choices=Owed.choices)
    times = forms.IntegerField(label=gettext_lazy("每年次数"), min_value=0, max_value=TIMES_MAX, initial=1)
    points = forms.IntegerField(label=gettext_lazy("分值"), min_value=1, max_value=POINTS_MAX, initial=20)
    words = forms.CharField(label=gettext_lazy("说明（可不填）"), max_length=LINE_LENGTH_MAX, required=False)
    source = forms.CharField(label=gettext_lazy("依据（可不填）"), max_length=LINE_LENGTH_MAX, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, kind: str, known: LineRef | None = None, **more: Any) -> None:
        if known is not None:
            names = ("code", "name", "group", "owed", "times", "points", "words", "source", "is_active")
            more["initial"] = {name: getattr(known, name) for name in names}
        super().__init__(*args, **more)
        self._kind = kind
        self.fields["code"].disabled = known is not None
        for name in ("points",) if kind == Kind.DUTY else ("group", "owed", "times"):
            del self.fields[name]

    def line(self) -> ShippedItem:
        """Return what was typed, as the action takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "is_active"}
        return ShippedItem(kind=self._kind, **given)
