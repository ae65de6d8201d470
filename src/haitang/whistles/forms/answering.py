"""What people type about whistles."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.cases.values import OPINION_LENGTH_MAX
from haitang.core import clock
from haitang.core.ui.forms import PhotosField
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.organizations.values import Kind
from haitang.whistles import queries
from haitang.whistles.lifecycle import Deed, Status
from haitang.whistles.values import (
    DEPARTMENT_STAGES,
    TEXT_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    KindRule,
    NewCall,
    NewTask,
    Rating,
    Role,
    Rules,
)

CALLED_KINDS = (
    Kind.GOVERNMENT_DEPARTMENT, Kind.ENFORCEMENT, Kind.PUBLIC_SERVICE, Kind.STREET_OFFICE, Kind.COMMAND_CENTER,
)  # fmt: skip
"""Kinds of organizations offered by name; any other can be called through the API."""
LADDER_ROWS = 5
TASK_ROWS = 4


def _desks() -> list[OrganizationRef]:
    today = clock.local_date(clock.now())
    return [each for each in organizations() if each.kind in CALLED_KINDS and each.exists(today)]


def desk_choices(first: str = "") -> list[tuple[str, str]]:
    """Return the organizations that can be called, by name; the streets after the departments."""
    found = sorted(_desks(), key=lambda each: (CALLED_KINDS.index(Kind(each.kind)), each.code))
    return ([("", first)] if first else []) + [(each.code, each.label) for each in found]


class DraftForm(forms.Form):
    """A whistle to be drafted on a case."""

    kind = forms.ChoiceField(label=gettext_lazy("哨类"), widget=forms.RadioSelect)
    lead = forms.ChoiceField(label=gettext_lazy("牵头单位"))
    assisting = forms.MultipleChoiceField(
        label=gettext_lazy("协同单位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("吹哨事由"), max_length=TEXT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("街道、社区为什么难以独立解决，已做了什么"),
    )  # fmt: skip
    demand = forms.CharField(
        label=gettext_lazy("工作要求"), max_length=TEXT_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("请各单位做什么，例如分工、携带的设备"),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.rules = queries.rules()
        kinds = [kind for kind in self.rules.kinds.values() if kind.is_active]
        self.fields["kind"].choices = [(kind.code, _kind_label(kind)) for kind in kinds]  # type: ignore[attr-defined]  # a choice field
        self.fields["lead"].choices = desk_choices(_("请选择"))  # type: ignore[attr-defined]  # a choice field
        self.fields["assisting"].choices = desk_choices()  # type: ignore[attr-defined]  # a choice field
        if kinds:
            self.fields["kind"].initial = kinds[0].code

    @property
    def phrases(self) -> list[str]:
        """The ready-made reasons."""
        return list(self.rules.phrases.get("draft", ()))

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.draft_whistle` takes it."""
        given = self.cleaned_data
        calls = [NewCall(given["lead"], Role.LEAD.value)]
        calls += [NewCall(code) for code in given["assisting"] if code != given["lead"]]
        return {"kind": given["kind"], "reason": given["reason"], "demand": given["demand"], "calls": calls}


def _kind_label(kind: KindRule) -> str:
    clocks = "，".join(f"{stage.label} {kind.limits[stage.value]}" for stage in DEPARTMENT_STAGES)
    return _("%(name)s：%(use)s（%(clocks)s）") % {"name": kind.name, "use": kind.use, "clocks": clocks}


class OpinionForm(forms.Form):
    """An opinion alone: to approve, decline or take back. what: the word that its phrases and ids go by."""

    opinion = forms.CharField(
        label=gettext_lazy("处理意见"), max_length=OPINION_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, what: str, rules: Rules, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"{what}_%s")
        self.what, self.rules = what, rules

    @property
    def phrases(self) -> list[str]:
        """The ready-made opinions."""
        return list(self.rules.phrases.get(self.what, ()))


class AddForm(OpinionForm):
    """Departments that are called after the whistle was blown. called: codes of those called already."""

    def __init__(self, rules: Rules, called: set[str], data: Any = None) -> None:
        super().__init__("add", rules, data)
        self.fields["assisting"] = forms.MultipleChoiceField(
            label=_("协同单位"), choices=[each for each in desk_choices() if each[0] not in called],
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["task"] = forms.CharField(
            label=_("任务"), required=False, max_length=WORDS_LENGTH_MAX, help_text=_("请这些单位做什么，可不填")
        )
        self.order_fields(["assisting", "task", "opinion"])

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.add_departments` takes it."""
        given = self.cleaned_data
        calls = [NewCall(code, task=given["task"]) for code in given["assisting"]]
        return {"calls": calls, "opinion": given["opinion"]}


class CallForm(OpinionForm):
    """A deed about one department: the opinion, and what else it needs."""

    def __init__(self, deed: Deed, call_id: int, rules: Rules, data: Any = None, files: Any = None) -> None:
        super().__init__(deed.value, rules, data, files)
        self.deed, self.call_id = deed, call_id
        self.auto_id = f"{deed.value}_{call_id}_%s"
        if deed is Deed.ARRIVE:
            self.fields["place"] = forms.CharField(
                label=_("到场地点"), max_length=WORDS_LENGTH_MAX, help_text=_("用文字说明，不采集定位")
            )
            self.fields["people"] = forms.CharField(
                label=_("到场人员"), max_length=WORDS_LENGTH_MAX, help_text=_("例如：张科长等 3 人")
            )
        elif deed is Deed.EVALUATE:
            self.fields["rating"] = forms.ChoiceField(
                label=_("评价结果"), choices=Rating.choices, widget=forms.RadioSelect
            )
        elif deed is Deed.HANDLE:
            self.fields["photos"] = PhotosField(label=_("现场照片"), required=False)
        self.order_fields([name for name in self.fields if name not in ("opinion", "photos")])

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the deed's action takes it; photos apart."""
        return {name: value for name, value in self.cleaned_data.items() if name != "photos"}


class MeetingForm(forms.Form):
    """A joint meeting that was held, with up to four tasks; more can be given once it is written down."""

    held_at = forms.DateTimeField(label=gettext_lazy("会商时间"))
    place = forms.CharField(label=gettext_lazy("会商地点"), max_length=WORDS_LENGTH_MAX, required=False)
    attendees = forms.CharField(
        label=gettext_lazy("参会单位和人员"), max_length=TEXT_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    minutes = forms.CharField(
        label=gettext_lazy("会商纪要"), max_length=TEXT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, called: list[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="meeting_%s")
        for row in range(TASK_ROWS):
            self.fields[f"who_{row}"] = forms.ChoiceField(
                label=_("责任单位"), required=False, choices=[("", _("无")), *called]
            )
            self.fields[f"what_{row}"] = forms.CharField(label=_("任务"), required=False, max_length=WORDS_LENGTH_MAX)
            self.fields[f"due_{row}"] = forms.DateField(label=_("完成期限"), required=False)

    def rows(self) -> list[list[Any]]:
        """Return the fields of each task, to be drawn in lines."""
        return [[self[f"{name}_{row}"] for name in ("who", "what", "due")] for row in range(TASK_ROWS)]

    def main(self) -> list[Any]:
        """Return the fields of the meeting itself."""
        return [self[name] for name in ("held_at", "place", "attendees", "minutes")]

    def clean(self) -> dict[str, Any]:
        """Ask that a task names who, what and until when, or none of them."""
        given = super().clean() or {}
        for row in range(TASK_ROWS):
            parts = [given.get(f"{name}_{row}") for name in ("who", "what", "due")]
            if any(parts) and not all(parts):
                self.add_error(f"what_{row}", _("请写明责任单位、任务和期限"))
        return given

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.hold_meeting` takes it."""
        given = self.cleaned_data
        tasks = [
            NewTask(given[f"who_{row}"], given[f"what_{row}"], given[f"due_{row}"])
            for row in range(TASK_ROWS)
            if given.get(f"who_{row}")
        ]
        return {name: given[name] for name in ("held_at", "place", "attendees", "minutes")} | {"tasks": tasks}


class NewTaskForm(forms.Form):
    """One more task of a meeting that was written down."""

    def __init__(self, meeting_id: int, data: Any = None, *, called: list[tuple[str, str]]) -> None:
        super().__init__(data, auto_id=f"more_{meeting_id}_%s")
        self.meeting_id = meeting_id
        self.fields["who"] = forms.ChoiceField(label=_("责任单位"), choices=[("", _("请选择")), *called])
        self.fields["what"] = forms.CharField(label=_("任务"), max_length=WORDS_LENGTH_MAX)
        self.fields["due"] = forms.DateField(label=_("完成期限"))

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.give_meeting_task` takes it."""
        given = self.cleaned_data
        return {"task": NewTask(given["who"], given["what"], given["due"])}


class TaskForm(forms.Form):
    """Whether what a meeting decided was done."""

    done = forms.ChoiceField(
        label=gettext_lazy("办理结果"), choices=[("1", gettext_lazy("已完成")), ("0", gettext_lazy("未完成"))],
        widget=forms.RadioSelect, initial="1",
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("办理情况"), max_length=OPINION_LENGTH_MAX)

    def __init__(self, task_id: int, data: Any = None) -> None:
        super().__init__(data, auto_id=f"task_{task_id}_%s")
        self.task_id = task_id

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.settle_meeting_task` takes it."""
        return {"done": self.cleaned_data["done"] == "1", "note": self.cleaned_data["note"]}


class ListFilter(forms.Form):
    """What a list of whistles is narrowed by."""

    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *Status.choices]
    )
    box = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
