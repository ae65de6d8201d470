"""The settings of conversations: a field for each."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.shipped import SettingLine
from haitang.opinions.values import Who

LABELS = {
    "who": gettext_lazy("默认谁可以参加"), "days": gettext_lazy("默认征集天数"),
    "seeds_min": gettext_lazy("开始前至少几条观点"), "statements_each": gettext_lazy("每人最多提出几条观点"),
    "people_min": gettext_lazy("至少多少人参与才显示分组"), "group_min": gettext_lazy("一组至少几人"),
    "cell_min": gettext_lazy("一组至少几人表态才显示比例"), "votes_min": gettext_lazy("至少表态几条才参与分组"),
    "named": gettext_lazy("代表性观点和共识各列几条"), "cells": gettext_lazy("先归为多少个小群"),
    "per_group": gettext_lazy("每多少人可以多分一组"), "level": gettext_lazy("差异显著的标准差倍数"),
}  # fmt: skip


class SettingsForm(forms.Form):
    """Every setting; only what was changed is written."""

    def __init__(self, *args: Any, lines: list[SettingLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            more: dict[str, Any] = {
                "label": LABELS[line.key], "help_text": f"{_('依据')}：{line.source}", "initial": line.value,
            }  # fmt: skip
            if isinstance(line.value, str):
                self.fields[line.key] = forms.ChoiceField(choices=Who.choices, **more)
            elif isinstance(line.value, float):
                self.fields[line.key] = forms.FloatField(min_value=0.1, max_value=5, **more)
            else:
                self.fields[line.key] = forms.IntegerField(min_value=1, max_value=1000, **more)

    def changed(self) -> dict[str, Any]:
        """Return by key the values that differ from those in force."""
        given = self.cleaned_data
        return {line.key: given[line.key] for line in self.lines if given.get(line.key) != line.value}
