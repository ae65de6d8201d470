"""What the desk types about estates, their register, committees and meetings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OrganizationKind
from haitang.owners.forms.fields import CHOOSE, areas_to_choose, instant_field, words_field
from haitang.owners.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    NewEstate,
    NewMeeting,
    NewResolution,
    Party,
    Permission,
    Seat,
)
from haitang.territory.queries import territory

RESOLUTION_LINES = 4


class EstateForm(forms.Form):
    """An estate."""

    name = forms.CharField(label=gettext_lazy("小区名称"), max_length=NAME_LENGTH_MAX)
    area = forms.ChoiceField(label=gettext_lazy("所在社区"))
    address = forms.CharField(label=gettext_lazy("地址"), max_length=LINE_LENGTH_MAX, required=False)
    builder = forms.CharField(
        label=gettext_lazy("建设单位"), max_length=NAME_LENGTH_MAX, required=False,
        help_text=gettext_lazy("未出售、未交付的房屋合计按一人计算"),
    )  # fmt: skip
    company = forms.TypedChoiceField(
        label=gettext_lazy("物业服务企业"), coerce=int, empty_value=None, required=False
    )  # fmt: skip
    silent_follows = forms.BooleanField(
        label=gettext_lazy("议事规则约定：未表态的计入多数"), required=False,
        help_text=gettext_lazy("各地做法不一，默认不启用；启用后结果按两种口径同时公布"),
    )  # fmt: skip
    silent_basis = forms.CharField(
        label=gettext_lazy("约定的依据"), max_length=LINE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("例如：业主大会议事规则第二十条"),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, known: Any = None, **kwargs: Any) -> None:
        """known: the estate to be changed; a new one has no rules of its owners yet."""
        if known is not None:
            kwargs["initial"] = {
                "name": known.name, "area": territory().area(known.area_id).code, "address": known.address,
                "builder": known.builder, "company": known.company_id, "silent_follows": known.silent_follows,
                "silent_basis": known.silent_basis,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        areas = areas_to_choose(viewer.areas(Permission.KEEP))
        self.fields["area"].choices = [CHOOSE, *areas]  # type: ignore[attr-defined]  # a choice field
        companies = [
            (each.id, each.name) for each in organizations()
            if each.kind == OrganizationKind.PROPERTY_COMPANY and each.valid_to is None
        ]  # fmt: skip
        self.fields["company"].choices = [("", "—"), *companies]  # type: ignore[attr-defined]  # a choice field
        if known is None:
            del self.fields["silent_follows"], self.fields["silent_basis"]

    def new(self) -> NewEstate:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewEstate(given["name"], given["area"], given["address"], given["builder"], given["company"])

    def rules(self) -> dict[str, Any]:
        """Return what the owners' own rules say."""
        return {name: self.cleaned_data[name] for name in ("silent_follows", "silent_basis")}


class UploadForm(forms.Form):
    """The register of an estate as a sheet."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"), help_text=gettext_lazy("按模板填好的 Excel 或 CSV；文件读完即弃，不保存")
    )
    only_check = forms.BooleanField(
        label=gettext_lazy("只预检，不导入"), required=False, initial=True,
        help_text=gettext_lazy("有一行不合格就都不导入；导入会替换现有的房屋和业主，已公示的名册不变"),
    )  # fmt: skip


class TieForm(forms.Form):
    """The account of an owner."""

    username = forms.CharField(
        label=gettext_lazy("登录名"), max_length=NAME_LENGTH_MAX, required=False,
        help_text=gettext_lazy("核对本人证件后填写；留空为解除绑定"),
    )  # fmt: skip


class CommitteeForm(forms.Form):
    """A committee for a term."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    from_date = forms.DateField(label=gettext_lazy("任期开始"))
    until = forms.DateField(label=gettext_lazy("任期届满"))


class MemberForm(forms.Form):
    """Somebody who serves on a committee."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH_MAX)
    seat = forms.ChoiceField(label=gettext_lazy("职务"), choices=Seat.choices, initial=Seat.MEMBER.value)
    from_date = forms.DateField(label=gettext_lazy("任职开始"))


class MeetingForm(forms.Form):
    """A joint meeting as it is called."""

    title = forms.CharField(label=gettext_lazy("议题"), max_length=TITLE_LENGTH_MAX)
    at = instant_field(gettext_lazy("时间"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=LINE_LENGTH_MAX, required=False)
    agenda = words_field(gettext_lazy("议程"), 4, max_length=TEXT_LENGTH_MAX)
    others = words_field(
        gettext_lazy("其他参加单位"), 2, required=False,
        help_text=gettext_lazy("社区、业主委员会、物业服务企业以外的，一行一个"),
    )  # fmt: skip

    def new(self) -> NewMeeting:
        """Return what was typed, as actions take it."""
        given = {**self.cleaned_data}
        others = tuple(line.strip() for line in given.pop("others").splitlines() if line.strip())
        return NewMeeting(others=others, **given)


class MinutesForm(forms.Form):
    """The minutes of a joint meeting, with what it has agreed on, line by line."""

    minutes = words_field(gettext_lazy("纪要"), 5, max_length=TEXT_LENGTH_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, RESOLUTION_LINES + 1):
            self.fields[f"text_{number}"] = forms.CharField(
                label=gettext_lazy("议定事项"), max_length=LINE_LENGTH_MAX, required=False
            )
            self.fields[f"party_{number}"] = forms.ChoiceField(
                label=gettext_lazy("责任方"), choices=Party.choices, required=False
            )
            self.fields[f"due_on_{number}"] = forms.DateField(label=gettext_lazy("完成期限"), required=False)

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it; lines without text are left out."""
        typed = self.cleaned_data
        lines = [
            NewResolution(typed[f"text_{number}"], typed[f"party_{number}"], typed[f"due_on_{number}"])
            for number in range(1, RESOLUTION_LINES + 1) if typed[f"text_{number}"].strip()
        ]  # fmt: skip
        return {"minutes": typed["minutes"], "resolutions": lines}


class DoneForm(forms.Form):
    """How something agreed on was done."""

    words = words_field(gettext_lazy("办理情况"), 2)
