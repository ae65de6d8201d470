"""Forms of home visits."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from haitang.core.access import Actor
from haitang.patrols.forms.fields import GRIDS, area_choices
from haitang.patrols.queries import KnownView
from haitang.patrols.values import (
    PLACE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Level,
    NeedKind,
    NewHazard,
    NewNeed,
    Permission,
)
from haitang.territory.values import Kind

NEEDS = (1, 2, 3)
HOLDS, CHANGED, UNASKED = "holds", "changed", "unasked"


class DoorForm(forms.Form):
    """Which home is visited."""

    area = forms.ChoiceField(label=gettext_lazy("楼栋或网格"))
    room = forms.CharField(label=gettext_lazy("房号"), max_length=50, help_text=gettext_lazy("例如：502；加密保存"))

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = area_choices(viewer, Permission.VISIT, GRIDS | {Kind.BUILDING})
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field


class VisitForm(forms.Form):
    """One entry for everything that a visit brings. Of what is known only is asked whether it still holds."""

    entry_key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("走访情况"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("只写与服务有关的；不写对人的评价"),
    )  # fmt: skip
    consented = forms.BooleanField(label=gettext_lazy("已说明用途和保存期限，住户同意留下信息"), required=False)
    hazard_words = forms.CharField(
        label=gettext_lazy("发现的隐患"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("等级"), choices=Level.choices, initial=Level.GENERAL.value, required=False
    )

    def __init__(self, *args: Any, known: list[KnownView], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("entry_key", uuid4())
        super().__init__(*args, **kwargs)
        self.known = known
        for view in known:
            key = view.field.key
            if view.is_known:
                self.fields[f"still_{key}"] = forms.ChoiceField(
                    label=view.label, initial=UNASKED, widget=forms.RadioSelect, required=False,
                    choices=[(UNASKED, _("这次没问")), (HOLDS, _("仍然有效")), (CHANGED, _("有变化"))],
                )  # fmt: skip
            label = pgettext("visit", "改为") if view.is_known else view.label
            self.fields[key] = forms.CharField(
                label=label, required=False, max_length=PLACE_LENGTH_MAX,
                help_text="" if view.is_known else _("用途：%(purpose)s") % {"purpose": view.field.purpose},
            )  # fmt: skip
        for n in NEEDS:
            self.fields[f"need{n}"] = forms.CharField(
                label=_("诉求 %(n)d") % {"n": n}, max_length=WORDS_LENGTH_MAX, required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            self.fields[f"need{n}_kind"] = forms.ChoiceField(
                label=_("怎样处理"), choices=NeedKind.choices, initial=NeedKind.CASE.value, required=False
            )

    def fresh(self) -> list[Any]:
        """Return the fields that nothing is known of."""
        return [self[view.field.key] for view in self.known if not view.is_known]

    def old(self) -> list[tuple[KnownView, Any, Any]]:
        """Return what is known with the fields that confirm and change it."""
        return [(v, self[f"still_{v.field.key}"], self[v.field.key]) for v in self.known if v.is_known]

    def needs(self) -> list[tuple[Any, Any]]:
        """Return the fields of each need."""
        return [(self[f"need{n}"], self[f"need{n}_kind"]) for n in NEEDS]

    def clean(self) -> dict[str, Any]:
        """Ask for the new value of what has changed."""
        given = super().clean() or {}
        for view in self.known:
            key = view.field.key
            if view.is_known and given.get(f"still_{key}") == CHANGED and not given.get(key):
                self.add_error(key, _("请填写变化后的内容"))
        return given

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.record_visit` takes it."""
        given, known = self.cleaned_data, {view.field.key for view in self.known if view.is_known}
        still = {key: given.get(f"still_{key}") for key in known}
        words = given["hazard_words"].strip()
        return {
            "entry_key": given["entry_key"], "words": given["words"], "consented": given["consented"],
            "answers": {v.field.key: given[v.field.key] for v in self.known if v.field.key not in known},
            "changed": {key: given[key] for key in known if still[key] == CHANGED},
            "confirmed": [key for key in known if still[key] == HOLDS],
            "needs": [
                NewNeed(given[f"need{n}"], given[f"need{n}_kind"] or NeedKind.CASE.value)
                for n in NEEDS
                if given[f"need{n}"].strip()
            ],
            "hazard": NewHazard(words, given["level"] or Level.GENERAL.value) if words else None,
        }  # fmt: skip


class ReasonForm(forms.Form):
    """Why somebody must be seen in full."""

    reason = forms.CharField(
        label=gettext_lazy("查看理由"), max_length=200, help_text=gettext_lazy("查看记录将留痕，仅本次显示")
    )


class GrantForm(forms.Form):
    """How a wish was granted."""

    answer = forms.CharField(label=gettext_lazy("怎样实现的"), max_length=WORDS_LENGTH_MAX)


class PeriodForm(forms.Form):
    """The days of which the monitor tells."""

    from_day = forms.DateField(label=gettext_lazy("开始日期"), required=False)
    to_day = forms.DateField(label=gettext_lazy("结束日期"), required=False)

    def days(self, first: date, last: date) -> tuple[date, date]:
        """Return the period asked for, these days where nothing can be read."""
        self.is_valid()
        return self.cleaned_data.get("from_day") or first, self.cleaned_data.get("to_day") or last
