"""The settings of projects: a field for each number, a line for each word of a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.shipped import SettingLine

LABELS = {
    "kinds": gettext_lazy("项目类别（每行一个）"),
    "evaluation_attempts_per_hour": gettext_lazy("每个地址每小时可错输评价码的次数"),
    "reviewers_min": gettext_lazy("每个项目至少几名评委"),
    "criteria": gettext_lazy("评选标准（每行一条：代码 | 名称 | 权重 | 说明）"),
}


class RulesForm(forms.Form):
    """Every setting; only what was changed is written."""

    def __init__(self, *args: Any, lines: list[SettingLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held = {line.key: line.value for line in lines}
        for line in lines:
            key, value = line.key, line.value
            words: dict[str, Any] = {"label": LABELS[key], "help_text": f"{_('依据')}：{line.source}"}
            if isinstance(value, list):
                box = forms.Textarea(attrs={"rows": max(len(value), 4)})
                self.fields[key] = forms.CharField(initial="\n".join(value), widget=box, **words)
            else:
                self.fields[key] = forms.IntegerField(initial=value, min_value=1, **words)

    def changed(self) -> dict[str, Any]:
        """Return by key the values that differ from those in force."""
        given = {}
        for key, held in self._held.items():
            value = self.cleaned_data[key]
            if isinstance(held, list):
                value = [line.strip() for line in value.splitlines() if line.strip()]
            if value != held:
                given[key] = value
        return given
