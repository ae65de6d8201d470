"""What the office fills in: filters, ties to branches, files, catalogues, settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.ui import settings
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.volunteers.actions.shared import normal_phone
from haitang.volunteers.forms.fields import BRANCHES, COMMUNITIES, GRIDS, OrganizationField
from haitang.volunteers.queries import NO_CLASS, RegisterFilter, rules
from haitang.volunteers.values import (
    CONSENT_LENGTH_MAX,
    NAME_LENGTH_MAX,
    REACH_MAX_M,
    Consent,
    ItemKind,
    Management,
    MemberClass,
    Permission,
    Relation,
)

_STREETS = frozenset({Kind.STREET, Kind.TOWN, Kind.TOWNSHIP})
_ALL = gettext_lazy("全部")


def area_choices(viewer: Actor) -> list[tuple[str, Any]]:
    """Return the areas in which the viewer sees the register, by code, under their parents."""
    reach, tree = tuple(viewer.areas(Permission.VIEW)), territory()
    choices: list[tuple[str, Any]] = [("", _("全部"))]
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.kind in _STREETS | COMMUNITIES | GRIDS and (area.path.startswith(reach) or not reach):
            parent = tree.get(area.parent_id)
            groups.setdefault(tree.full_name(parent.id) if parent else "", []).append((area.code, area.name))
    return [*choices, *groups.items()]


def _paragraph(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=CONSENT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3}))


def _items(kind: str) -> Any:
    return lambda: [("", _("全部")), *((item.code, item.name) for item in rules().of(kind))]


class RegisterFilterForm(forms.Form):
    """Which people of the register."""

    q = forms.CharField(label=gettext_lazy("姓名或完整电话"), required=False, max_length=NAME_LENGTH_MAX)
    area = forms.ChoiceField(label=gettext_lazy("居住区域"), required=False)
    member_class = forms.ChoiceField(
        label=gettext_lazy("类别"), required=False,
        choices=[("", _ALL), *MemberClass.choices, (NO_CLASS, gettext_lazy("未登记管理关系"))],
    )  # fmt: skip
    management = forms.ChoiceField(
        label=gettext_lazy("管理方式"), required=False, choices=[("", _ALL), *Management.choices]
    )
    skill = forms.ChoiceField(label=gettext_lazy("技能"), required=False, choices=_items(ItemKind.SKILL))
    language = forms.ChoiceField(label=gettext_lazy("语言"), required=False, choices=_items(ItemKind.LANGUAGE))
    force = forms.ChoiceField(label=gettext_lazy("先锋力量"), required=False, choices=_items(ItemKind.FORCE))
    unit = OrganizationField(label=gettext_lazy("单位"), required=False)
    branch = OrganizationField(label=gettext_lazy("支部"), required=False, kinds=BRANCHES)
    calls = forms.ChoiceField(
        label=gettext_lazy("应急召唤"), required=False, choices=[("", _ALL), ("1", gettext_lazy("愿意"))]
    )
    consent = forms.CharField(label=gettext_lazy("同意的说明版本"), required=False, max_length=20)

    def __init__(self, data: Any, *, viewer: Actor) -> None:
        super().__init__(data)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = lambda: area_choices(viewer)

    def wanted(self) -> RegisterFilter:
        """Return the filter; what cannot be read filters nothing out and is complained of at its field."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area") or "")
        text = given.get("q") or ""
        phone = normal_phone(text) if any(each.isdigit() for each in text) else ""
        return RegisterFilter(
            text=text, phone=phone, area_path=area.path if area else "", unit_id=given.get("unit"),
            branch_id=given.get("branch"), member_class=given.get("member_class") or "",
            management=given.get("management") or "", skill=given.get("skill") or "",
            language=given.get("language") or "", force=given.get("force") or "", calls=bool(given.get("calls")),
            consent=given.get("consent") or "",
        )  # fmt: skip


class RelationForm(forms.Form):
    """How a member is tied to the branches, from a day on; no class ends the tie."""

    member_class = forms.ChoiceField(
        label=gettext_lazy("类别"), required=False,
        choices=[("", gettext_lazy("不再登记管理关系")), *MemberClass.choices],
    )  # fmt: skip
    management = forms.ChoiceField(
        label=gettext_lazy("管理方式"), required=False, choices=[("", gettext_lazy("按类别默认")), *Management.choices]
    )
    home_branch = OrganizationField(label=gettext_lazy("组织关系所在支部"), required=False, kinds=BRANCHES)
    community_branch = OrganizationField(label=gettext_lazy("报到的社区支部"), required=False, kinds=BRANCHES)
    from_date = forms.DateField(label=gettext_lazy("自哪天起"))

    def relation(self) -> Relation | None:
        """Return the tie, None to end it."""
        given = self.cleaned_data
        if not given["member_class"]:
            return None
        return Relation(given["member_class"], given["management"], given["home_branch"], given["community_branch"])


class ImportForm(forms.Form):
    """A file of people."""

    file = forms.FileField(
        label=gettext_lazy("名单文件"), help_text=gettext_lazy("Excel 或 csv；表头见模板"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.et"}),
    )  # fmt: skip
    unit = OrganizationField(
        label=gettext_lazy("所属单位"),
        required=False,
        help_text=gettext_lazy("名单中没有“单位”一列时，都算这个单位的人"),
    )


class ReasonForm(forms.Form):
    """Why somebody must be seen in full."""

    reason = forms.CharField(
        label=gettext_lazy("查看理由"), max_length=200, help_text=gettext_lazy("查看记录将留痕，仅本次显示")
    )


class ExportForm(forms.Form):
    """How the list is taken away."""

    reason = forms.CharField(
        label=gettext_lazy("需要完整电话的理由"), max_length=200, required=False,
        help_text=gettext_lazy("不填则电话部分隐去；填写后留痕"),
    )  # fmt: skip


class ItemForm(forms.Form):
    """One line of a catalogue."""

    code = forms.RegexField(
        r"^[a-z0-9_]{1,40}$", label=gettext_lazy("代码"), help_text=gettext_lazy("小写字母、数字和下划线，确定后不再改")
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    group = forms.CharField(label=gettext_lazy("分组"), max_length=NAME_LENGTH_MAX, required=False)
    source = forms.CharField(label=gettext_lazy("依据"), max_length=200, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("供选择"), required=False, initial=True)

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs["initial"] = {name: getattr(known, name) for name in ("name", "group", "source", "is_active")}
        super().__init__(*args, **kwargs)
        if known is not None:
            del self.fields["code"]


class ConsentForm(forms.Form):
    """The text to which people agree."""

    purpose = _paragraph(gettext_lazy("用途"))
    kept = _paragraph(gettext_lazy("保存什么"))
    rights = _paragraph(gettext_lazy("您的权利"))
    source = _paragraph(gettext_lazy("依据"))

    def __init__(self, *args: Any, known: Consent, **kwargs: Any) -> None:
        """known: the text in force."""
        kwargs["initial"] = {name: getattr(known, name) for name in ("purpose", "kept", "rights", "source")}
        super().__init__(*args, **kwargs)


LABELS = {
    "management_of_class": gettext_lazy("默认管理方式"), "reach_default_m": gettext_lazy("默认服务范围（米）"),
    "service_hours_max": gettext_lazy("单次服务时长上限（小时）"), "load_days": gettext_lazy("近期服务统计天数"),
    "calendar_days": gettext_lazy("日历包含今后天数"),
}  # fmt: skip


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    parts = {each.value: each.label for each in MemberClass}
    choices = {"management_of_class": Management.choices}
    number_max = REACH_MAX_M
