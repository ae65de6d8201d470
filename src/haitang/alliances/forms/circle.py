"""Forms of alliances, action branches, contact points and workstations."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from haitang.alliances.forms.fields import COMMUNITIES, PLACES, AreaField, OfficeField, area_choices, offer, small
from haitang.alliances.queries import BRANCHES, POINTS, CircleFilter
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Base,
    Level,
    NewAlliance,
    NewBranch,
    NewInstructor,
    NewPartner,
    NewPoint,
    NewStation,
    NewVisit,
    Permission,
    Running,
)
from haitang.core.access import Actor
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory
from haitang.volunteers.queries import RegisterFilter, get_volunteer, list_volunteers
from haitang.volunteers.values import VolunteerNotFound

_PARTY = (OfficeKind.PARTY_COMMITTEE.value, OfficeKind.PARTY_BRANCH.value)


class CircleFilterForm(forms.Form):
    """Which of a kind."""

    q = forms.CharField(label=gettext_lazy("名称含"), max_length=NAME_LENGTH_MAX, required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    few = forms.BooleanField(label=gettext_lazy("走访不够"), required=False)

    def __init__(self, data: Any, *, viewer: Actor, kind: str, today: date) -> None:
        given = data.copy()
        given.setdefault("state", Running.NOW.value)
        super().__init__(given)
        self._today = today
        states = [choice for choice in Running.choices if kind == BRANCHES or choice[0] != Running.OVERDUE]
        offer(self, "state", [("", _("全部")), *states])
        offer(self, "area", area_choices(viewer.areas(Permission.VIEW), PLACES, first=_("全部")))
        if kind == POINTS:
            self.fields["q"].label = _("领导姓名含")
        else:
            del self.fields["few"]

    def wanted(self) -> CircleFilter:
        """Return the filter; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area") or "")
        return CircleFilter(
            self._today, area.path if area else "", given.get("state") or "",
            (given.get("q") or "").replace("\x00", ""), bool(given.get("few")),
        )  # fmt: skip


class _InAreaForm(forms.Form):
    """What belongs to an area, from a day on."""

    area = AreaField(label=gettext_lazy("区域"))
    from_date = forms.DateField(label=gettext_lazy("自哪天起"))
    kinds = PLACES

    def __init__(self, *args: Any, viewer: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["area"]
        assert isinstance(field, AreaField)
        field.offer(viewer, Permission.KEEP, self.kinds, first=_("请选择"))

    def shared(self) -> dict[str, Any]:
        """Return area and day, as actions take them."""
        return {"area_id": self.cleaned_data["area"], "from_date": self.cleaned_data["from_date"]}


class AllianceForm(_InAreaForm):
    """An alliance to be."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH_MAX)
    purpose = forms.CharField(label=gettext_lazy("宗旨"), max_length=WORDS_LENGTH_MAX, widget=small())
    level = forms.ChoiceField(label=pgettext_lazy("joint work", "层级"), choices=Level.choices)
    lead = OfficeField(label=gettext_lazy("牵头单位"))
    field_order = ["name", "purpose", "level", "area", "lead", "from_date"]

    def new(self) -> NewAlliance:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewAlliance(given["name"], given["purpose"], given["level"], lead_id=given["lead"], **self.shared())


class BranchForm(_InAreaForm):
    """An action branch to be."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH_MAX)
    purpose = forms.CharField(label=gettext_lazy("任务"), max_length=WORDS_LENGTH_MAX, widget=small())
    base = forms.ChoiceField(label=gettext_lazy("建在哪里"), choices=Base.choices)
    parent = OfficeField(label=gettext_lazy("上级党组织"), kinds=_PARTY)
    until = forms.DateField(label=gettext_lazy("计划结束"))
    field_order = ["name", "purpose", "base", "area", "parent", "from_date", "until"]

    def new(self) -> NewBranch:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        names = ("name", "purpose", "base", "until")
        return NewBranch(**{name: given[name] for name in names}, parent_id=given["parent"], **self.shared())


class PointForm(_InAreaForm):
    """A contact point to be."""

    leader = forms.CharField(label=gettext_lazy("领导姓名"), max_length=NAME_LENGTH_MAX)
    post = forms.CharField(label=gettext_lazy("职务"), max_length=NAME_LENGTH_MAX)
    home = OfficeField(label=gettext_lazy("所在单位（可不填）"), required=False)
    field_order = ["leader", "post", "home", "area", "from_date"]
    kinds = COMMUNITIES

    def new(self) -> NewPoint:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewPoint(given["leader"], given["post"], home_id=given["home"], **self.shared())


class StationForm(_InAreaForm):
    """A workstation to be."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH_MAX)
    place = forms.CharField(label=gettext_lazy("地址"), max_length=LINE_LENGTH_MAX)
    host = OfficeField(label=gettext_lazy("主管单位"))
    words = forms.CharField(
        label=gettext_lazy("说明（可不填）"), max_length=WORDS_LENGTH_MAX, required=False, widget=small(2)
    )
    field_order = ["name", "place", "area", "host", "from_date", "words"]

    def new(self) -> NewStation:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        names = ("name", "place", "words")
        return NewStation(**{name: given[name] for name in names}, host_id=given["host"], **self.shared())


class PartnerForm(forms.Form):
    """An organization that joins an alliance."""

    organization = OfficeField(label=gettext_lazy("本市单位"), required=False)
    outside_name = forms.CharField(label=gettext_lazy("或外地单位"), max_length=NAME_LENGTH_MAX, required=False)
    outside_place = forms.CharField(label=gettext_lazy("外地单位所在城市"), max_length=NAME_LENGTH_MAX, required=False)
    role = forms.CharField(label=gettext_lazy("承担事项（可不填）"), max_length=LINE_LENGTH_MAX, required=False)
    from_date = forms.DateField(label=gettext_lazy("加入日期"))

    def part(self) -> tuple[NewPartner, date]:
        """Return what was typed, as the action takes it."""
        given = self.cleaned_data
        names = ("outside_name", "outside_place", "role")
        return NewPartner(given["organization"], **{name: given[name] for name in names}), given["from_date"]


class MemberForm(forms.Form):
    """Somebody of the register of helpers who joins an action branch."""

    who = forms.CharField(
        label=gettext_lazy("登记编号或姓名"), max_length=NAME_LENGTH_MAX,
        help_text=gettext_lazy("先在志愿登记中登记；组织关系仍在原支部，不重复统计"),
    )  # fmt: skip
    from_date = forms.DateField(label=gettext_lazy("加入日期"))

    def __init__(self, *args: Any, viewer: Actor, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self._viewer, self._today = viewer, today

    def clean_who(self) -> int:
        """Return the one person of that number or name whom the viewer sees in the register."""
        text = self.cleaned_data["who"].strip()
        if text[:1] in "Vv" and text[1:].isascii() and text[1:].isdigit() and len(text) < 18:
            try:
                return get_volunteer(viewer=self._viewer, volunteer_id=int(text[1:])).pk
            except VolunteerNotFound as refusal:
                raise forms.ValidationError(refusal.message) from None
        rows = list_volunteers(viewer=self._viewer, wanted=RegisterFilter(text=text), today=self._today).rows
        found = [row for row in rows if row.name == text]
        if len(found) != 1:
            numbers = "、".join(row.number for row in found[:5])
            fault = _("有 %(n)d 人同名，请填编号：%(numbers)s") if found else _("志愿登记中没有这个人")
            raise forms.ValidationError(fault % {"n": len(found), "numbers": numbers})
        return found[0].pk


class VisitForm(forms.Form):
    """A leader's visit."""

    on = forms.DateField(label=gettext_lazy("日期"))
    what = forms.CharField(label=gettext_lazy("了解的情况"), max_length=WORDS_LENGTH_MAX, widget=small())
    outcome = forms.CharField(
        label=gettext_lazy("协调解决了什么（可不填）"), max_length=WORDS_LENGTH_MAX, required=False, widget=small(2)
    )

    def new(self, point_id: int) -> NewVisit:
        """Return what was typed, as actions take it."""
        return NewVisit(point_id, **self.cleaned_data)


class InstructorForm(forms.Form):
    """Somebody sent to help an organization."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH_MAX)
    organization = OfficeField(label=gettext_lazy("指导哪个单位"))
    home = OfficeField(label=gettext_lazy("派出单位（可不填）"), required=False)
    from_date = forms.DateField(label=gettext_lazy("起始日期"))
    until = forms.DateField(label=gettext_lazy("任期至（可不填）"), required=False)

    def new(self, station_id: int) -> NewInstructor:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewInstructor(
            station_id, given["name"], given["organization"], given["from_date"], given["home"], given["until"]
        )


class OutcomeForm(forms.Form):
    """The end of an action branch, and what it had done."""

    to_date = forms.DateField(label=gettext_lazy("结束日期"))
    outcome = forms.CharField(label=gettext_lazy("成效"), max_length=WORDS_LENGTH_MAX, widget=small())


class DayForm(forms.Form):
    """The day on which somebody's part ends."""

    to_date = forms.DateField(label=gettext_lazy("自哪天起"))
