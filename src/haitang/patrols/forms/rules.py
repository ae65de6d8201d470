"""The settings of patrols and visits: a field for each number, a line for each word of a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.shipped import SettingLine
from haitang.patrols.queries import label_of_field
from haitang.patrols.values import Level, visit_fields

LABELS = {
    "hazard_days": gettext_lazy("隐患整改期限（天）"),
    "visit_fields": gettext_lazy("走访可采集的信息"),
    "visit_keep_months": gettext_lazy("走访记录保存（月）"),
    "repeats_months": gettext_lazy("重复采集监测统计期（月）"),
    "dispute_kinds": gettext_lazy("纠纷类型（每行一个）"),
    "dispute_followup_days": gettext_lazy("达成协议后回访（第几天，每行一个）"),
}
NUMBER_MAX = 3660


class SettingsForm(forms.Form):
    """Every setting; only what was changed is written."""

    def __init__(self, *args: Any, lines: list[SettingLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            label = str(LABELS[line.key])
            if line.key == "visit_fields":
                choices = [(key, label_of_field(field)) for key, field in visit_fields().items()]
                self.fields[line.key] = forms.MultipleChoiceField(
                    label=label, choices=choices, initial=line.value, widget=forms.CheckboxSelectMultiple,
                    help_text=_("只能从产品提供的范围里减少，不能增加"),
                )  # fmt: skip
            elif isinstance(line.value, dict):
                for part, value in line.value.items():
                    self.fields[f"{line.key}_{part}"] = forms.IntegerField(
                        label=f"{label}：{Level(part).label}", initial=value, min_value=0, max_value=NUMBER_MAX
                    )
            elif isinstance(line.value, list):
                self.fields[line.key] = forms.CharField(
                    label=label, initial="\n".join(map(str, line.value)), widget=forms.Textarea(attrs={"rows": 4})
                )
            else:
                self.fields[line.key] = forms.IntegerField(
                    label=label, initial=line.value, min_value=1, max_value=NUMBER_MAX
                )
            last = list(self.fields)[-1]
            self.fields[last].help_text = f"{self.fields[last].help_text} {_('依据')}：{line.source}".strip()

    def clean(self) -> dict[str, Any]:
        """Read the lines of lists; of days each is a number."""
        given = super().clean() or {}
        for line in self.lines:
            if isinstance(line.value, list) and isinstance(given.get(line.key), str):
                parts = [part.strip() for part in given[line.key].splitlines() if part.strip()]
                if line.value and isinstance(line.value[0], int):
                    if not all(part.isascii() and part.isdigit() for part in parts):
                        self.add_error(line.key, _("每行填一个数字"))
                        continue
                    given[line.key] = [int(part) for part in parts]
                else:
                    given[line.key] = parts
        return given

    def changed(self) -> dict[str, Any]:
        """Return by key the values that differ from those in force."""
        values = {}
        for line in self.lines:
            value = self.cleaned_data.get(line.key)
            if isinstance(line.value, dict):
                value = {part: self.cleaned_data[f"{line.key}_{part}"] for part in line.value}
            if value != line.value:
                values[line.key] = value
        return values
