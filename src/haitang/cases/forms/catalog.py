"""What is decided per city about cases, as typed: categories, phrases, routing rules, settings."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from haitang.cases import queries
from haitang.cases.forms.fields import AreaField, DeskField
from haitang.cases.lifecycle import Deed
from haitang.cases.values import SETTINGS, Channel, Kind, Stage, Tree
from haitang.core.errors import Refusal
from haitang.organizations.values import Kind as OrganizationKind
from haitang.organizations.values import PostKind
from haitang.worktime.values import Limit

_SEPARATORS = re.compile(r"[\s,，、;；]+")


class WordsField(forms.CharField):
    """Several words in one line, separated by anything that people separate words with; cleaned to a list."""

    def prepare_value(self, value: Any) -> Any:
        """Write a list as one line."""
        return "、".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[str]:
        """Return each word once, in order."""
        return list(dict.fromkeys(word for word in _SEPARATORS.split(super().clean(value)) if word))


class LimitField(forms.CharField):
    """A time limit as officials write it, or nothing; cleaned to its text as typed."""

    def clean(self, value: Any) -> str:
        """Return the limit's text, "" for none."""
        typed = super().clean(value)
        try:
            if typed:
                Limit.parse(typed)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal
        return typed


def _limit_name(stage: Stage) -> str:
    return f"limit_{stage.value}"


class CategoryForm(forms.Form):
    """A category. inherited: by stage the limit that holds where none is typed."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=50)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)
    keywords = WordsField(
        label=gettext_lazy("关键词"), max_length=500, required=False,
        help_text=gettext_lazy("描述里出现这些词时建议此类别，用顿号或空格分开"),
    )  # fmt: skip
    is_urgent = forms.BooleanField(label=gettext_lazy("紧急类"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)
    source = forms.CharField(label=gettext_lazy("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, inherited: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in Stage:
            above = str((inherited or {}).get(stage.value, ""))
            self.fields[_limit_name(stage)] = LimitField(
                label=_("%(stage)s时限") % {"stage": stage.label},
                max_length=30,
                required=False,
                help_text=_("不填则用 %(limit)s") % {"limit": above} if above else "",
            )
        self.order_fields(["code", "tree", "parent_code", "name", "name_en", "keywords", *map(_limit_name, Stage)])

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the actions take it."""
        given = dict(self.cleaned_data)
        limits = {stage.value: given.pop(_limit_name(stage)) for stage in Stage}
        return {**given, "limits": {stage: limit for stage, limit in limits.items() if limit}}


class NewCategory(CategoryForm):
    """A category that is not there yet."""

    code = forms.CharField(
        label=gettext_lazy("编码"), max_length=20, help_text=gettext_lazy("字母或数字，建立后不再更改")
    )
    tree = forms.ChoiceField(label=gettext_lazy("类型"), choices=Tree.choices)
    parent_code = forms.ChoiceField(label=gettext_lazy("上级"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tops = [each for each in queries.catalog().categories if each.parent_id is None and each.is_active]
        choices = [(each.code, f"{Tree(each.tree).label} / {each.name}") for each in tops]
        self.fields["parent_code"].choices = [("", _("无（作为大类）")), *choices]  # type: ignore[attr-defined]  # a choice field


CATALOG_BYTES_MAX = 10 * 2**20


class CatalogFile(forms.Form):
    """A workbook or table with the catalogue."""

    file = forms.FileField(label=gettext_lazy("文件（xlsx 或 csv）"), required=True)


class NewPhrase(forms.Form):
    """A ready-made opinion."""

    deed = forms.ChoiceField(label=gettext_lazy("环节"), choices=Deed.choices)
    text = forms.CharField(label=gettext_lazy("常用语"), max_length=200)


class RuleForm(forms.Form):
    """A routing rule: what it asks, where it sends, and why."""

    name = forms.CharField(label=gettext_lazy("规则名称"), max_length=100)
    categories = WordsField(
        label=gettext_lazy("类别"), max_length=300, required=False,
        help_text=gettext_lazy("类别编码或其前几位，用顿号或空格分开，如 201、10113；不填则不限"),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("诉求类型"), choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选则不限"),
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label=pgettext_lazy("case", "来源"), choices=Channel.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选则不限"),
    )  # fmt: skip
    area = AreaField(label=gettext_lazy("区域"), required=False, help_text=gettext_lazy("含其下各级；不填则不限"))
    from_time = forms.TimeField(
        label=gettext_lazy("时段从"), required=False, help_text=gettext_lazy("按上报时刻；不填则全天")
    )
    to_time = forms.TimeField(
        label=gettext_lazy("时段到"), required=False, help_text=gettext_lazy("早于“从”时表示跨零点")
    )
    organization = DeskField(
        label=gettext_lazy("承办单位"), required=False, help_text=gettext_lazy("指定一个单位，或在下面选一类属地单位")
    )
    serving = forms.ChoiceField(
        label=gettext_lazy("属地单位"), choices=[("", gettext_lazy("不按属地")), *OrganizationKind.choices],
        required=False, help_text=gettext_lazy("派给服务于案件所在区域的这类单位"),
    )  # fmt: skip
    post_kind = forms.ChoiceField(
        label=gettext_lazy("承办岗位"), choices=[("", gettext_lazy("不限")), *PostKind.choices], required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("分派理由"), max_length=200,
        help_text=gettext_lazy("一句话，可用 {category}、{area}、{organization} 代表类别、区域和单位"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """Ask for one target, and for both ends of a period."""
        given = super().clean() or {}
        if "organization" in given and bool(given["organization"]) == bool(given.get("serving")):
            self.add_error("organization", _("请指定承办单位，或选择一类属地单位，二者选一"))
        if {"from_time", "to_time"} <= given.keys() and (given["from_time"] is None) != (given["to_time"] is None):
            self.add_error("to_time", _("时段的起止应同时填写"))
        return given

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the actions take it."""
        given = dict(self.cleaned_data)
        area, organization = given.pop("area"), given.pop("organization")
        first, last = given.pop("from_time"), given.pop("to_time")
        return {
            **given,
            "area_id": area.id if area else None,
            "organization_code": organization.code if organization else "",
            "from_minute": first.hour * 60 + first.minute if first else None,
            "to_minute": last.hour * 60 + last.minute if last else None,
        }


class DryRun(forms.Form):
    """Which past case the rules of today are tried on."""

    number = forms.CharField(label=gettext_lazy("案件编号"), max_length=40)


class PercentsField(forms.CharField):
    """Percentages between 1 and 99, rising: "50、80"; cleaned to a list of whole numbers."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return "、".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the numbers; refuse what is none, and what does not rise."""
        parts = re.split("[,，、;；%\\s]+", (super().clean(value) or "").strip("%,，、;； "))
        if not all(part.isdecimal() and 1 <= int(part) <= 99 for part in parts):
            raise ValidationError(_("请填写 1 至 99 的整数，从小到大，用顿号分开"))
        return sorted({int(part) for part in parts})


_SETTINGS = {
    "verify_channels": gettext_lazy("先核实再受理的来源"),
    "verify_climbs_minutes.community": gettext_lazy("网格未核实的公众上报，多少分钟后进入社区待办"),
    "verify_climbs_minutes.above": gettext_lazy("多少分钟后进入街道及以上待办"),
    "similar.meters": gettext_lazy("可能重复：距离（米）以内"),
    "similar.hours": gettext_lazy("可能重复：前后（小时）以内"),
    "warn_percents": gettext_lazy("时限用去百分之几时预警（从小到大）"),
    "returns.max": gettext_lazy("承办单位最多自行退回次数"),
    "returns.hours": gettext_lazy("派遣后多少小时内可自行退回"),
    "first_desk_keeps": gettext_lazy("首接负责：退回一律由街道决定"),
    "similar_percent": gettext_lazy("可能重复：文字相似百分之几以上"),
    "reopenings_max": gettext_lazy("最多重办次数"),
    "public_reports_per_hour": gettext_lazy("公众每小时最多上报次数（同一来访地址）"),
    "rating_attempts_per_hour": gettext_lazy("查询码每小时最多尝试次数（同一来访地址）"),
    **{f"limits.{stage.value}": stage.label for stage in Stage},
}


def setting_label(key: str) -> str:
    """Return what a setting or a part of one is called; its key where nobody has named it."""
    for more in SETTINGS:
        if key in more.labels:
            return str(more.labels[key])
    return str(_SETTINGS.get(key, key))


class SettingsForm(forms.Form):
    """All settings at once: a field for each, or for each part of one. values: by key."""

    def __init__(self, *args: Any, values: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = values
        for key, value in values.items():
            for part, kept in _parts(key, value):
                self.fields[part] = _field(part, kept)

    def fields_of(self, key: str) -> list[forms.BoundField]:
        """Return the fields of one setting, for the page."""
        return [self[part] for part, _kept in _parts(key, self.values[key])]

    def changed(self) -> dict[str, Any]:
        """Return by key the new value of each setting that was changed."""
        found = {}
        for key, value in self.values.items():
            typed = {part: self.cleaned_data[part] for part, _kept in _parts(key, value)}
            new = (
                {part.partition(".")[2]: each for part, each in typed.items()}
                if isinstance(value, dict)
                else typed[key]
            )
            if new != value:
                found[key] = new
        return found


def _parts(key: str, value: Any) -> list[tuple[str, Any]]:
    """Return a setting's parts under their names, in the order in which these are named above."""
    if not isinstance(value, dict):
        return [(key, value)]
    named = [*_SETTINGS, *(label for more in SETTINGS for label in more.labels)]
    order = {name: place for place, name in enumerate(named)}
    parts = [(f"{key}.{part}", kept) for part, kept in value.items()]
    return sorted(parts, key=lambda part: order.get(part[0], len(order)))


def _field(part: str, kept: Any) -> forms.Field:
    label = setting_label(part)
    if part.startswith("limits."):
        return LimitField(label=_("%(stage)s时限") % {"stage": label}, max_length=30, initial=kept)
    if part == "verify_channels":
        return forms.MultipleChoiceField(
            label=label, choices=Channel.choices, initial=kept, required=False, widget=forms.CheckboxSelectMultiple
        )
    if part == "warn_percents":
        return PercentsField(label=label, initial=kept, max_length=50)
    if isinstance(kept, bool):
        return forms.BooleanField(label=label, initial=kept, required=False)
    if isinstance(kept, list):
        return WordsField(label=label, initial=kept, required=False, max_length=500)
    if isinstance(kept, int):
        highest = 100 if part.endswith("percent") else 1_000_000
        return forms.IntegerField(label=label, initial=kept, min_value=0, max_value=highest)
    return forms.CharField(label=label, initial=kept, max_length=200)
