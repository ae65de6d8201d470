"""Forms of categories, rounds and settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.ui import settings
from haitang.exchange.forms.fields import WIDE, area_choices
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


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    parts = PARTS
    optional = ("project_steps",)


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
