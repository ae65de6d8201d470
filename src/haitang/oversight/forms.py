"""What people type in oversight."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.cases import queries as cases
from haitang.cases.values import DESCRIPTION_LENGTH_MAX, Level
from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.organizations.values import Kind as OrganizationKind
from haitang.organizations.values import PostKind
from haitang.oversight.actions import NewPart
from haitang.oversight.values import REASON_LENGTH_MAX, Cause, Wish
from haitang.people.values import permission_groups
from haitang.territory.queries import territory
from haitang.territory.values import Kind as AreaKind
from haitang.worktime.values import Limit


def words(label: Any, **more: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(label=label, max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2}), **more)


class Instant(forms.DateTimeField):
    """A minute in Asia/Shanghai, with the browser's own picker."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **more)

    def clean(self, value: Any) -> Any:
        """Return the aware instant."""
        found = super().clean(value)
        return found.replace(tzinfo=clock.LOCAL) if found is not None else None


class LimitText(forms.CharField):
    """So much time, as officials write it; cleaned to the same, written our way."""

    def clean(self, value: Any) -> str:
        """Return the limit as text."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return str(Limit.parse(text))
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal


class Deed(forms.Form):
    """A deed of the panel on a case's page; its ids begin with its name, since several stand on one page."""

    title: Any = ""
    name = ""

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, auto_id=f"oversight_{self.name}_%s", **more)


class Pause(Deed):
    """缓办."""

    title, name = gettext_lazy("申请缓办"), Wish.PAUSE.value
    until = Instant(label=gettext_lazy("缓办至"))
    reason = words(gettext_lazy("理由"))


class Extension(Deed):
    """延期."""

    title, name = gettext_lazy("申请延期"), Wish.EXTENSION.value
    more = LimitText(
        label=gettext_lazy("延长"), max_length=30, help_text=gettext_lazy("例如：3工作日、24小时；自原时限起算")
    )
    reason = words(gettext_lazy("理由"))


class Return(Deed):
    """退回, which the street decides."""

    title, name = gettext_lazy("申请退回"), Wish.RETURN.value
    reason = words(gettext_lazy("理由"))


class Resume(Deed):
    """Let the clock go on."""

    title, name = gettext_lazy("恢复办理"), "resume"
    opinion = words(gettext_lazy("说明"))


class Urge(Deed):
    """催办."""

    title, name = gettext_lazy("催办"), "urge"
    text = words(gettext_lazy("催办内容"), initial=gettext_lazy("请尽快办理并反馈进展"))


class Supervise(Deed):
    """督办."""

    title, name = gettext_lazy("督办"), "supervise"
    cause = forms.ChoiceField(
        label=gettext_lazy("督办类型"),
        choices=[(each.value, each.label) for each in (Cause.LEADER, Cause.IMPORTANT, Cause.OVERDUE)],
    )
    demand = words(gettext_lazy("督办要求"))
    answer_by = Instant(label=gettext_lazy("答复时限"), required=False, help_text=gettext_lazy("不填则按督查设置"))


class Answer(Deed):
    """The desk answers."""

    title, name = gettext_lazy("答复督办"), "answer"
    answer = words(gettext_lazy("答复"))


class Close(Deed):
    """销办."""

    title, name = gettext_lazy("销办"), "close"
    opinion = words(gettext_lazy("销办意见"))


class Split(Deed):
    """Parts split off, a line each."""

    title, name = gettext_lazy("拆分子案件"), "split"
    description = forms.CharField(
        label=gettext_lazy("子案件"), max_length=DESCRIPTION_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个子案件，写明要办的事；类别按内容自动判断"),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """Return the parts."""
        lines = [line.strip() for line in self.cleaned_data["description"].splitlines() if line.strip()]
        return {"parts": [NewPart(line) for line in lines]}


class Tie(Deed):
    """Become a part of another case."""

    title, name = gettext_lazy("列为子案件"), "tie"
    number = forms.CharField(label=gettext_lazy("父案件编号"), max_length=40)

    def bind(self, viewer: Actor) -> dict[str, Any]:
        """Return the whole's id; raise CaseNotFound."""
        return {"parent_id": cases.find_case(viewer=viewer, number=self.cleaned_data["number"]).pk}


class Untie(Deed):
    """Be a part no longer."""

    title, name = gettext_lazy("解除父子关系"), "untie"


DEEDS: dict[str, type[Deed]] = {
    form.name: form for form in (Answer, Resume, Pause, Extension, Return, Urge, Supervise, Close, Split, Tie, Untie)
}
"""By name, in the order in which the panel shows them."""


class Decision(forms.Form):
    """What is decided about a request."""

    opinion = words(gettext_lazy("审批意见"))


class Wanted(forms.Form):
    """Which area's unsolved matters are shown, and over how many days."""

    area = forms.ChoiceField(label=gettext_lazy("社区"), required=False)
    days = forms.TypedChoiceField(
        label=gettext_lazy("最近"), coerce=int, required=False,
        choices=[(30, gettext_lazy("30天")), (90, gettext_lazy("90天")), (180, gettext_lazy("180天"))],
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, **more: Any) -> None:
        from haitang.cases.values import Permission

        super().__init__(*args, **more)
        tree, reach = territory(), tuple(viewer.areas(Permission.VIEW))
        self.areas = [
            area
            for area in tree.descendants(None)
            if AreaKind(area.kind).level <= AreaKind.COMMUNITY.level and area.path.startswith(reach)
        ]
        self.fields["area"].choices = [(area.code, tree.full_name(area.id)) for area in self.areas]  # type: ignore[attr-defined]  # a choice field

    def chosen(self) -> tuple[Any, int]:
        """Return the area (None if there is none) and the days; what cannot be read is the first community, 30 days."""
        if not self.is_bound:
            self.data, self.is_bound = {"days": "30"}, True
        self.is_valid()
        code = self.cleaned_data.get("area") or ""
        communities = [area for area in self.areas if AreaKind(area.kind).level == AreaKind.COMMUNITY.level]
        area = next((area for area in self.areas if area.code == code), None) or next(
            iter(communities or self.areas), None
        )
        days = self.cleaned_data.get("days") or 30
        self.data = {"area": area.code if area else "", "days": str(days)}
        return area, days


SETTINGS = {
    "pause_days_max": gettext_lazy("缓办最长天数"),
    "extensions_max": gettext_lazy("每一环节最多延期次数"),
    "urges_per_day": gettext_lazy("同一案件每日最多催办次数"),
    "answer_within": gettext_lazy("督办答复时限"),
    "supervise_urgent": gettext_lazy("紧急类别派遣时自动重点督办"),
}


class Settings(forms.Form):
    """All rules of oversight at once. values: by key."""

    def __init__(self, *args: Any, values: dict[str, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.values = values
        for key, kept in values.items():
            label = SETTINGS.get(key, key)
            field: forms.Field
            if isinstance(kept, bool):
                field = forms.BooleanField(label=label, initial=kept, required=False)
            elif isinstance(kept, int):
                field = forms.IntegerField(label=label, initial=kept, min_value=0, max_value=3660)
            else:
                field = LimitText(label=label, initial=kept, max_length=30)
            self.fields[key] = field

    def changed(self) -> dict[str, Any]:
        """Return by key what was changed."""
        return {key: self.cleaned_data[key] for key, kept in self.values.items() if self.cleaned_data[key] != kept}


class NewRung(forms.Form):
    """A rung to be put into a ladder."""

    area = forms.CharField(
        label=gettext_lazy("区域编码"), max_length=40, required=False, help_text=gettext_lazy("不填则全市通用")
    )
    step = forms.IntegerField(label=gettext_lazy("级次"), min_value=1, max_value=20)
    after_hours = forms.IntegerField(label=gettext_lazy("超期满（小时）"), min_value=0, max_value=24 * 366)
    level = forms.ChoiceField(label=gettext_lazy("通知层级"), choices=Level.choices)
    permission = forms.ChoiceField(label=gettext_lazy("有此权限的人"), required=False)
    serving = forms.ChoiceField(
        label=gettext_lazy("或：属地单位"),
        required=False,
        choices=[("", gettext_lazy("不按岗位")), *OrganizationKind.choices],
    )
    post_kind = forms.ChoiceField(
        label=gettext_lazy("其岗位"), required=False, choices=[("", gettext_lazy("不按岗位")), *PostKind.choices]
    )
    supervises = forms.BooleanField(label=gettext_lazy("同时自动督办"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices: list[Any] = [("", _("按岗位通知"))]
        choices += [
            (group, list(named.items())) for group, named in permission_groups().items() if group in ("案件", "督查")
        ]
        self.fields["permission"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it; the area apart."""
        return {name: value for name, value in self.cleaned_data.items() if name != "area"}
