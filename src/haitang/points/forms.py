"""What people type about points."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.points.queries import Rules
from haitang.points.values import (
    NAME_LENGTH_MAX,
    NUMBER_MAX,
    WARN_DAYS_MAX,
    WORDS_LENGTH_MAX,
    NewReward,
    RewardKind,
    RuleRef,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind

_DAY = forms.DateInput(attrs={"type": "date"})


class SwitchForm(forms.Form):
    """Whether there are points, and since when services count."""

    is_on = forms.BooleanField(label=gettext_lazy("启用积分"), required=False)
    from_date = forms.DateField(
        label=gettext_lazy("从哪一天的服务开始计"), required=False, widget=_DAY,
        help_text=gettext_lazy("含当天；启用前已记录的服务会补记。关闭后什么都不显示，记录不会丢"),
    )  # fmt: skip

    warn_days = forms.IntegerField(
        label=gettext_lazy("到期前多少天提醒本人"), required=False, min_value=0, max_value=WARN_DAYS_MAX,
        help_text=gettext_lazy("每次到期提醒一次；填 0 不提醒"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: Rules, **kwargs: Any) -> None:
        kwargs["initial"] = {"is_on": known.is_on, "from_date": known.from_date, "warn_days": known.warn_days}
        super().__init__(*args, **kwargs)


class RuleForm(forms.Form):
    """Rules that hold from a day on."""

    from_date = forms.DateField(label=gettext_lazy("从哪一天起"), widget=_DAY)
    per_hour = forms.IntegerField(label=gettext_lazy("每小时记多少"), min_value=0)
    month_most = forms.IntegerField(label=gettext_lazy("每月最多记多少"), min_value=1)
    keep_months = forms.IntegerField(label=gettext_lazy("几个月内有效"), min_value=1)
    kinds = forms.CharField(
        label=gettext_lazy("按来源的比例（%）"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个来源和比例，例如 orders 100；不写的按 100% 计"),
    )  # fmt: skip

    def clean_kinds(self) -> dict[str, int]:
        """Read a source and its percent from each line."""
        found: dict[str, int] = {}
        for line in self.cleaned_data["kinds"].splitlines():
            parts = line.split()
            if not parts:
                continue
            if len(parts) != 2 or not (parts[1].isascii() and parts[1].isdigit()):
                raise forms.ValidationError(_("每行填来源和比例，中间用空格隔开"))
            found[parts[0]] = int(parts[1])
        return found

    def rule(self) -> RuleRef:
        """Return what was typed, as the action takes it."""
        return RuleRef(**self.cleaned_data)


class RewardForm(forms.Form):
    """What can be had for points."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=RewardKind.choices, widget=forms.RadioSelect)
    price = forms.IntegerField(label=gettext_lazy("需要多少积分"), min_value=1, max_value=NUMBER_MAX)
    area = forms.ChoiceField(label=gettext_lazy("哪个区域的人可以兑换"))
    place = forms.CharField(
        label=gettext_lazy("领取地点"), max_length=WORDS_LENGTH_MAX, required=False,
        help_text=gettext_lazy("评先评优登记不用填"),
    )  # fmt: skip
    stock = forms.IntegerField(label=gettext_lazy("库存"), min_value=0, max_value=NUMBER_MAX, initial=0)
    words = forms.CharField(label=gettext_lazy("说明"), max_length=WORDS_LENGTH_MAX, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("可以兑换"), required=False, initial=True)

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        tree = territory()
        if known is not None:
            names = ("title", "kind", "price", "place", "stock", "words", "is_active")
            kwargs["initial"] = {name: getattr(known, name) for name in names} | {"area": tree.area(known.area_id).code}
        super().__init__(*args, **kwargs)
        areas = [area for area in tree.descendants(None) if area.level <= Kind.COMMUNITY.level]
        self.fields["area"].choices = [  # type: ignore[attr-defined]  # a choice field
            (area.code, tree.full_name(area.id)) for area in areas
        ]

    def new(self) -> NewReward:
        """Return what was typed, as the action takes it."""
        given = {**self.cleaned_data}
        return NewReward(area_code=given.pop("area"), **given)


class CodeForm(forms.Form):
    """The code of who comes to fetch something."""

    code = forms.CharField(
        label=gettext_lazy("领取码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
