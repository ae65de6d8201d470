"""Forms of committees, their members, meetings and decisions."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.alliances.forms.fields import PLACES, AreaField, OfficeField, area_choices, offer, small
from haitang.alliances.lifecycle import DecisionStatus
from haitang.alliances.queries import LATE, DecisionFilter
from haitang.alliances.values import (
    AGENDA_MAX,
    LINE_LENGTH_MAX,
    MINUTES_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    CommitteeKind,
    Held,
    NewCommittee,
    NewDecision,
    NewItem,
    NewMeeting,
    NewSeat,
    Permission,
    SeatKind,
    Settled,
)
from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory

_LINES = AGENDA_MAX * (LINE_LENGTH_MAX + 1)


class CommitteeFilterForm(forms.Form):
    """Which committees."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), required=False, choices=[("", gettext_lazy("全部")), *CommitteeKind.choices]
    )
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, data: Any, *, viewer: Actor) -> None:
        super().__init__(data)
        offer(self, "area", area_choices(viewer.areas(Permission.VIEW), PLACES, first=_("全部")))

    def wanted(self) -> dict[str, Any]:
        """Return the filter; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().by_code(self.cleaned_data.get("area") or "")
        return {"kind": self.cleaned_data.get("kind") or "", "area_path": area.path if area else ""}


class CommitteeForm(forms.Form):
    """A committee to be."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=CommitteeKind.choices)
    area = AreaField(label=gettext_lazy("区域"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH_MAX)
    organization = OfficeField(
        label=gettext_lazy("所属党组织"), kinds=(OfficeKind.PARTY_COMMITTEE.value, OfficeKind.PARTY_BRANCH.value)
    )
    from_date = forms.DateField(label=gettext_lazy("成立日期"))

    def __init__(self, *args: Any, viewer: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["area"]
        assert isinstance(field, AreaField)
        field.offer(viewer, Permission.CONVENE, first=_("请选择"))

    def new(self) -> NewCommittee:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewCommittee(given["kind"], given["name"], given["organization"], given["area"], given["from_date"])


class SeatForm(forms.Form):
    """A member to be."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH_MAX)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=SeatKind.choices, initial=SeatKind.PART_TIME)
    post = forms.CharField(
        label=gettext_lazy("职务"), max_length=NAME_LENGTH_MAX, help_text=gettext_lazy("如书记、副书记、委员")
    )
    home = OfficeField(label=gettext_lazy("所在单位"), required=False, help_text=gettext_lazy("兼职委员必填"))
    from_date = forms.DateField(label=gettext_lazy("任职日期"))
    until = forms.DateField(label=gettext_lazy("任期至（可不填）"), required=False)

    def new(self, committee_id: int) -> NewSeat:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return NewSeat(
            committee_id, given["kind"], given["name"], given["post"], given["from_date"], given["home"], given["until"]
        )


class LeaveForm(forms.Form):
    """A member leaves."""

    on = forms.DateField(label=gettext_lazy("自哪天起离任"))
    reason = forms.CharField(label=gettext_lazy("离任原因"), max_length=LINE_LENGTH_MAX)


class EndForm(forms.Form):
    """The end of something, from a day on."""

    to_date = forms.DateField(label=gettext_lazy("自哪天起"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=LINE_LENGTH_MAX, widget=small(2))


class MeetingForm(forms.Form):
    """A meeting to be, with its agenda: an item a line, the unit that brings it up after a |."""

    title = forms.CharField(
        label=gettext_lazy("会议名称"), max_length=TITLE_LENGTH_MAX, initial=gettext_lazy("联席会议")
    )
    at = forms.DateTimeField(
        label=gettext_lazy("时间"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("地点（可不填）"), max_length=LINE_LENGTH_MAX, required=False)
    agenda = forms.CharField(
        label=gettext_lazy("议题（每行一项）"), max_length=_LINES, required=False, widget=small(5),
        help_text=gettext_lazy("由单位提出的，在议题后写“ | 单位全称”"),
    )  # fmt: skip

    def clean_agenda(self) -> tuple[NewItem, ...]:
        """Return the items with the units that bring them up."""
        items = []
        for line in filter(None, (each.strip() for each in self.cleaned_data["agenda"].splitlines())):
            title, _bar, named = line.partition("|")
            items.append(NewItem(title.strip(), _office(named.strip()) if named.strip() else None))
        return tuple(items)

    def new(self, committee_id: int) -> NewMeeting:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        at: datetime = given["at"]
        return NewMeeting(
            committee_id, given["title"], at if at.tzinfo else at.replace(tzinfo=LOCAL), given["place"], given["agenda"]
        )


class DecisionsForm(forms.Form):
    """Decisions, a line each: what, who sees to it, until when."""

    decisions = forms.CharField(
        label=gettext_lazy("决议（每行一项）"), max_length=_LINES, required=False, widget=small(5),
        help_text=gettext_lazy("写作“决议 | 责任单位全称 | 完成期限 2026-09-30”；后两项可不填，不填由本委员会办理"),
    )  # fmt: skip

    def clean_decisions(self) -> tuple[NewDecision, ...]:
        """Return the decisions with who sees to them."""
        found = []
        for line in filter(None, (each.strip() for each in self.cleaned_data["decisions"].splitlines())):
            text, named, due = [*(part.strip() for part in line.split("|")), "", ""][:3]
            try:
                due_on = date.fromisoformat(due) if due else None
            except ValueError:
                raise forms.ValidationError(_("期限应写作 2026-09-30：%(line)s") % {"line": line[:40]}) from None
            found.append(NewDecision(text, _office(named) if named else None, due_on))
        return tuple(found)


class HeldForm(DecisionsForm):
    """The minutes of a meeting that was held, and what it decided."""

    minutes = forms.CharField(
        label=gettext_lazy("会议纪要"), max_length=MINUTES_LENGTH_MAX, widget=small(8),
        help_text=gettext_lazy("写议了什么、定了什么；不记谁没有到会"),
    )  # fmt: skip
    field_order = ["minutes", "decisions"]

    def held(self, meeting_id: int) -> Held:
        """Return what was typed, as actions take it."""
        return Held(meeting_id, self.cleaned_data["minutes"], self.cleaned_data["decisions"])


def _office(named: str) -> int:
    registry = organizations()
    coded = registry.by_code(named)
    found = (
        [coded] if coded else [each for each in registry if named in (each.name, each.short_name) and not each.valid_to]
    )
    if len(found) != 1:
        raise forms.ValidationError(_("没有名为“%(name)s”的单位，或不止一个，请写全称或代码") % {"name": named[:40]})
    return found[0].id


class SettleForm(forms.Form):
    """What became of a decision."""

    words = forms.CharField(
        label=gettext_lazy("落实情况，或不再办理的理由"), max_length=WORDS_LENGTH_MAX, widget=small(2)
    )
    dropped = forms.BooleanField(label=gettext_lazy("不再办理"), required=False)

    def settled(self, decision_id: int) -> Settled:
        """Return what was typed, as actions take it."""
        return Settled(decision_id, self.cleaned_data["words"], self.cleaned_data["dropped"])


class StartForm(forms.Form):
    """A decision to be carried out as a project."""

    title = forms.CharField(label=gettext_lazy("项目名称"), max_length=TITLE_LENGTH_MAX)
    until_on = forms.DateField(label=gettext_lazy("计划完成（可不填）"), required=False)


class CaseForm(forms.Form):
    """A decision to be handed over to case handling."""

    words = forms.CharField(label=gettext_lazy("案件内容"), max_length=WORDS_LENGTH_MAX, widget=small(3))
    place = forms.CharField(label=gettext_lazy("具体位置（可不填）"), max_length=LINE_LENGTH_MAX, required=False)


class DecisionFilterForm(forms.Form):
    """Which decisions."""

    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False,
        choices=[("", gettext_lazy("全部")), *DecisionStatus.choices, (LATE, gettext_lazy("逾期"))],
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, data: Any, *, viewer: Actor, today: date) -> None:
        super().__init__(data)
        self._today = today
        offer(self, "area", area_choices(viewer.areas(Permission.VIEW), PLACES, first=_("全部")))

    def wanted(self) -> DecisionFilter:
        """Return the filter; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().by_code(self.cleaned_data.get("area") or "")
        return DecisionFilter(self._today, self.cleaned_data.get("status") or "", area.path if area else "")
