"""Forms of disputes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.patrols.forms.fields import AREAS, GRIDS, area_choices
from haitang.patrols.lifecycle import OUTCOMES, DisputeStatus
from haitang.patrols.queries import DisputeFilter, rules
from haitang.patrols.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    NewParty,
    PartyRole,
    Permission,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind

ALL = ("", gettext_lazy("全部"))


def _kinds() -> list[tuple[str, str]]:
    return [(kind, kind) for kind in rules().setting("dispute_kinds")]


def _words(label: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": rows}))


class DisputeFilterForm(forms.Form):
    """Which disputes are shown."""

    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=[ALL, *DisputeStatus.choices])
    kind = forms.ChoiceField(label=gettext_lazy("纠纷类型"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    due = forms.ChoiceField(
        label=gettext_lazy("回访"), required=False, choices=[ALL, ("1", gettext_lazy("到期未回访"))]
    )

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [ALL, *_kinds()]  # type: ignore[attr-defined]  # a choice field
        choices = area_choices(viewer, Permission.MEDIATE, AREAS)
        self.fields["area"].choices = [ALL, *choices]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> DisputeFilter:
        """Return what was asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area", ""))
        return DisputeFilter(
            given.get("status", ""), given.get("kind", ""), area.path if area else "", given.get("due") == "1"
        )


class NewDisputeForm(forms.Form):
    """A quarrel to be taken up, with its two sides."""

    kind = forms.ChoiceField(label=gettext_lazy("纠纷类型"))
    area = forms.ChoiceField(label=gettext_lazy("所属区域"))
    matter = _words(gettext_lazy("纠纷事由"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=PLACE_LENGTH_MAX, required=False)
    applicant_name = forms.CharField(label=gettext_lazy("申请人姓名"), max_length=NAME_LENGTH_MAX)
    applicant_phone = forms.CharField(label=gettext_lazy("申请人电话"), max_length=20, required=False)
    respondent_name = forms.CharField(label=gettext_lazy("被申请人姓名"), max_length=NAME_LENGTH_MAX)
    respondent_phone = forms.CharField(label=gettext_lazy("被申请人电话"), max_length=20, required=False)
    third_name = forms.CharField(label=gettext_lazy("第三人姓名"), max_length=NAME_LENGTH_MAX, required=False)
    third_phone = forms.CharField(label=gettext_lazy("第三人电话"), max_length=20, required=False)
    is_confidential = forms.BooleanField(
        label=gettext_lazy("保密"), required=False, help_text=gettext_lazy("只有调解员本人和指定人员能看到")
    )

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]  # a choice field
        choices = area_choices(viewer, Permission.MEDIATE, GRIDS | {Kind.COMMUNITY, Kind.VILLAGE})
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.open_dispute` takes it."""
        given = self.cleaned_data
        return {
            "area_code": given["area"],
            **{name: given[name] for name in ("kind", "matter", "place", "is_confidential")},
            "parties": [
                NewParty(role, given[f"{role}_name"], given[f"{role}_phone"])
                for role in PartyRole.values
                if given[f"{role}_name"].strip()
            ],
        }


class SessionForm(forms.Form):
    """A meeting of the parties."""

    on = forms.DateField(label=gettext_lazy("调解日期"))
    words = _words(gettext_lazy("调解记录"))


class MediatorForm(forms.Form):
    """Who mediates besides."""

    account = forms.TypedChoiceField(label=gettext_lazy("增加调解员"), coerce=int)

    def __init__(self, *args: Any, possible: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = possible  # type: ignore[attr-defined]  # a choice field


class ConcludeForm(forms.Form):
    """How a dispute ends."""

    status = forms.ChoiceField(
        label=gettext_lazy("调解结果"), widget=forms.RadioSelect, initial=DisputeStatus.AGREED.value,
        choices=[(each.value, each.label) for each in OUTCOMES],
    )  # fmt: skip
    words = _words(gettext_lazy("协议内容或未达成的原因"), 5)


class FollowUpForm(forms.Form):
    """Whether an agreement is kept."""

    is_kept = forms.ChoiceField(
        label=gettext_lazy("协议是否履行"), widget=forms.RadioSelect, initial="1",
        choices=[("1", gettext_lazy("已履行")), ("0", gettext_lazy("未履行"))],
    )  # fmt: skip
    words = _words(gettext_lazy("回访情况"), 2)
