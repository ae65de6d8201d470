"""Forms of categories, rounds and settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.shipped import SettingLine
from haitang.exchange.forms.fields import WIDE, area_choices, small
from haitang.exchange.queries import CategoryRef, RoundRef
from haitang.exchange.values import NAME_LENGTH_MAX
from haitang.territory.queries import territory

LABELS = {
    "weights": gettext_lazy("匹配权重"),
    "proposal_min": gettext_lazy("推荐的最低匹配度"),
    "proposals_shown": gettext_lazy("最多推荐几个"),
    "answer_days": gettext_lazy("答复期限（天）"),
    "project_steps": gettext_lazy("立项时的节点"),
}
PARTS = {
    "category": gettext_lazy("类别"), "place": gettext_lazy("地点"), "time": gettext_lazy("时间"),
    "capacity": gettext_lazy("人数"), "text": gettext_lazy("内容"),
}  # fmt: skip
_NUMBER_MAX = 3660


class SettingsForm(forms.Form):
    """Every setting; only what was changed is written."""

    def __init__(self, *args: Any, lines: list[SettingLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            label, source = str(LABELS[line.key]), f"{_('依据')}：{line.source}"
            if isinstance(line.value, list):
                self.fields[line.key] = forms.CharField(
                    label=label, initial="\n".join(line.value), widget=small(3), required=False, help_text=source
                )
                continue
            parts = line.value if isinstance(line.value, dict) else {"": line.value}
            for part, value in parts.items():
                name = f"{line.key}_{part}" if part else line.key
                self.fields[name] = forms.IntegerField(
                    label=f"{label}：{PARTS[part]}" if part else label, initial=value, min_value=0 if part else 1,
                    max_value=_NUMBER_MAX,
                )  # fmt: skip
            self.fields[name].help_text = source

    def changed(self) -> dict[str, Any]:
        """Return by key the values that differ from those in force."""
        values: dict[str, Any] = {}
        for line in self.lines:
            if isinstance(line.value, dict):
                value: Any = {part: self.cleaned_data[f"{line.key}_{part}"] for part in line.value}
            elif isinstance(line.value, list):
                value = [each.strip() for each in self.cleaned_data[line.key].splitlines() if each.strip()]
            else:
                value = self.cleaned_data[line.key]
            if value != line.value:
                values[line.key] = value
        return values


class CategoryForm(forms.Form):
    """A category."""

    code = forms.RegexField(
        r"^[a-z0-9_]{1,40}$", label=gettext_lazy("编码"), help_text=gettext_lazy("小写字母、数字和下划线")
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    group = forms.CharField(
        label=gettext_lazy("大类"), max_length=NAME_LENGTH_MAX, help_text=gettext_lazy("同一大类的类别视为相近")
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, known: CategoryRef | None = None, **kwargs: Any) -> None:
        if known is not None:
            names = ("code", "name", "group", "is_active")
            kwargs["initial"] = {name: getattr(known, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = known is not None


class RoundForm(forms.Form):
    """A round of collecting."""

    code = forms.RegexField(
        r"^[a-z0-9_]{1,40}$", label=gettext_lazy("编码"), help_text=gettext_lazy("小写字母、数字和下划线")
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    area_code = forms.ChoiceField(label=gettext_lazy("范围"))
    from_date = forms.DateField(label=gettext_lazy("开始日期"))
    until_date = forms.DateField(label=gettext_lazy("截止日期（可不填）"), required=False)
    makes_projects = forms.BooleanField(
        label=gettext_lazy("达成后立项"), required=False, initial=True,
        help_text=gettext_lazy("一次性的服务不立项"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: RoundRef | None = None, **kwargs: Any) -> None:
        if known is not None:
            names = ("code", "name", "from_date", "until_date", "makes_projects")
            kwargs["initial"] = {name: getattr(known, name) for name in names}
            kwargs["initial"]["area_code"] = territory().area(known.area_id).code
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = known is not None
        self.fields["area_code"].choices = area_choices(WIDE)  # type: ignore[attr-defined]  # a choice field
