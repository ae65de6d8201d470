"""Forms of links, agreements, contacts and evaluations."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.alliances.forms.fields import (
    HOSTS,
    PLACES,
    AreaField,
    OfficeField,
    area_choices,
    offer,
    small,
    year_choices,
)
from haitang.alliances.lifecycle import Standing
from haitang.alliances.queries import LineRef, LinkFilter, rules
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TIMES_MAX,
    WORDS_LENGTH_MAX,
    Kind,
    NewAgreement,
    NewContact,
    NewDuty,
    NewEvaluation,
    Permission,
)
from haitang.core.access import Actor
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory


class LinkFilterForm(forms.Form):
    """Which links, and of which year."""

    q = forms.CharField(label=gettext_lazy("单位名称含"), max_length=NAME_LENGTH_MAX, required=False)
    standing = forms.ChoiceField(
        label=gettext_lazy("本年情况"), required=False, choices=[("", gettext_lazy("全部")), *Standing.choices]
    )
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    year = forms.TypedChoiceField(
        label=gettext_lazy("年度"), required=False, coerce=int, choices=lambda: year_choices(1)
    )
    ended = forms.BooleanField(label=gettext_lazy("含已解除"), required=False)

    def __init__(self, data: Any, *, viewer: Actor, today: date) -> None:
        given = data.copy()
        given.setdefault("year", str(today.year))
        super().__init__(given)
        self.today = today
        offer(self, "area", area_choices(viewer.areas(Permission.VIEW), PLACES, first=_("全部")))

    def wanted(self, **more: Any) -> LinkFilter:
        """Return the filter; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area") or "")
        return LinkFilter(
            given.get("year") or self.today.year, self.today,
            **{
                "area_path": area.path if area else "", "text": (given.get("q") or "").replace("\x00", ""),
                "standing": given.get("standing") or "", "ended": bool(given.get("ended")), **more,
            },
        )  # fmt: skip


class NewLinkForm(forms.Form):
    """A unit to be linked."""

    unit = OfficeField(label=gettext_lazy("单位"))
    area = AreaField(label=gettext_lazy("与哪个社区（街道）结对"))
    from_date = forms.DateField(label=gettext_lazy("自哪天起"))

    def __init__(self, *args: Any, viewer: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["area"]
        assert isinstance(field, AreaField)
        field.offer(viewer, Permission.KEEP, HOSTS, first=_("请选择"))

    def link(self) -> dict[str, Any]:
        """Return what was chosen, as the action takes it."""
        given = self.cleaned_data
        area = territory().area(given["area"])
        kind = OfficeKind.STREET_OFFICE if area.kind not in ("community", "village") else OfficeKind.COMMUNITY
        host = organizations().serving((area.id,), kind, given["from_date"])
        return {"unit_id": given["unit"], "community_id": host.id if host else 0, "from_date": given["from_date"]}


class AgreementForm(forms.Form):
    """The year's duties: which, how often, to what end. version: as it was read. held: those agreed on so far."""

    words = forms.CharField(
        label=gettext_lazy("其他约定（可不填）"), max_length=WORDS_LENGTH_MAX, required=False, widget=small()
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=32_767, widget=forms.HiddenInput)

    def __init__(self, *args: Any, held: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        known = {each.code: each for each in held}
        self._lines = rules().of(Kind.DUTY)
        for line in self._lines:
            own = known.get(line.code)
            self.fields[f"use_{line.code}"] = forms.BooleanField(
                label=line.name, required=False, initial=own is not None or not known
            )
            self.fields[f"times_{line.code}"] = forms.IntegerField(
                label=_("每年次数"), min_value=0, max_value=TIMES_MAX, required=False,
                initial=own.times if own else line.times,
            )  # fmt: skip
            self.fields[f"goal_{line.code}"] = forms.CharField(
                label=_("具体目标（可不填）"),
                max_length=LINE_LENGTH_MAX,
                required=False,
                initial=own.goal if own else "",
            )

    def groups(self) -> list[tuple[str, list[tuple[LineRef, Any, Any, Any]]]]:
        """Return the duties by kind of joint work, each with its three fields."""
        found: dict[str, list[tuple[LineRef, Any, Any, Any]]] = {}
        for line in self._lines:
            use, times, goal = (self[f"{name}_{line.code}"] for name in ("use", "times", "goal"))
            found.setdefault(line.group, []).append((line, use, times, goal))
        return list(found.items())

    def new(self, link_id: int, year: int) -> NewAgreement:
        """Return what was typed, as actions take it; a duty without a number is owed as often as the catalogue says."""
        given = self.cleaned_data
        duties = []
        for line in self._lines:
            if given[f"use_{line.code}"]:
                times = given[f"times_{line.code}"]
                duties.append(NewDuty(line.code, line.times if times is None else times, given[f"goal_{line.code}"]))
        return NewAgreement(link_id, year, tuple(duties), given["words"])

    def clean(self) -> dict[str, Any]:
        """Refuse an agreement of no duty: to the action, none would mean all."""
        given = super().clean() or {}
        if not any(given.get(f"use_{line.code}") for line in self._lines):
            raise forms.ValidationError(_("请至少选一项责任"))
        return given


class VersionForm(forms.Form):
    """A yes to the agreement as it was read."""

    version = forms.IntegerField(required=False, min_value=0, max_value=32_767, widget=forms.HiddenInput)


class ReturnForm(VersionForm):
    """A no, with what is to be changed."""

    reason = forms.CharField(label=gettext_lazy("需要修改什么"), max_length=LINE_LENGTH_MAX, widget=small(2))


class ContactForm(forms.Form):
    """A contact that was made."""

    on = forms.DateField(label=gettext_lazy("日期"))
    who = forms.CharField(
        label=gettext_lazy("谁参加"), max_length=LINE_LENGTH_MAX,
        help_text=gettext_lazy("写单位和人数即可，如“支部 8 名党员”"),
    )  # fmt: skip
    what = forms.CharField(label=gettext_lazy("做了什么"), max_length=WORDS_LENGTH_MAX, widget=small())
    duty = forms.ChoiceField(label=gettext_lazy("对应哪项责任（可不选）"), required=False)

    def __init__(self, *args: Any, duties: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "duty", [("", _("不对应")), *duties])

    def new(self, link_id: int) -> NewContact:
        """Return what was typed, as actions take it."""
        return NewContact(link_id, **self.cleaned_data)


class JudgeForm(forms.Form):
    """What one side says of the other for a year: points for each criterion, and a few words."""

    def __init__(self, *args: Any, side: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._side = side
        self._codes = []
        for line in rules().criteria_of(side):
            self._codes.append(line.code)
            self.fields[line.code] = forms.IntegerField(
                label=f"{line.name}（0–{line.points}）", min_value=0, max_value=line.points, help_text=line.words
            )
        self.fields["comment"] = forms.CharField(
            label=_("评语（可不填）"), max_length=WORDS_LENGTH_MAX, required=False, widget=small()
        )

    def new(self, agreement_id: int) -> NewEvaluation:
        """Return what was typed, as actions take it."""
        marks = {code: self.cleaned_data[code] for code in self._codes}
        return NewEvaluation(agreement_id, self._side, marks, self.cleaned_data["comment"])


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=LINE_LENGTH_MAX, widget=small(2))


class ReleaseForm(ReasonForm):
    """The end of a link."""

    to_date = forms.DateField(label=gettext_lazy("自哪天起解除"))
    field_order = ["to_date", "reason"]


class UploadForm(forms.Form):
    """A sheet of links and agreements."""

    year = forms.TypedChoiceField(label=gettext_lazy("协议年度"), coerce=int)
    file = forms.FileField(label=gettext_lazy("表格文件（xlsx、csv）"))

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "year", [(year, str(year)) for year in range(today.year + 1, today.year - 2, -1)])
        self.fields["year"].initial = today.year
