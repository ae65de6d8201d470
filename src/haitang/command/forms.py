"""The filter rows of the map and of the figures."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.cases.queries.counting import DAYS_MAX, By
from haitang.cases.queries.points import open_statuses
from haitang.cases.values import Channel
from haitang.command.queries import list_shown_categories
from haitang.command.values import Period, month_of

CODE_LENGTH_MAX = 40
YEAR_FIRST, YEAR_LAST = 2000, 2100


class _Areas(forms.Form):
    area = forms.CharField(required=False, max_length=CODE_LENGTH_MAX, widget=forms.HiddenInput)


class MapFilter(_Areas):
    """Which open cases the map shows."""

    category = forms.ChoiceField(label=_("类别"), required=False)
    channel = forms.ChoiceField(label=_("来源"), required=False, choices=[("", _("全部")), *Channel.choices])
    status = forms.ChoiceField(label=_("状态"), required=False)
    overdue = forms.ChoiceField(
        label=_("时限"), required=False, choices=[("", _("全部")), ("1", _("已超期")), ("0", _("未超期"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("全部"))
        self.fields["category"].choices = [everything, *list_shown_categories()]  # type: ignore[attr-defined]  # a choice field
        self.fields["status"].choices = [everything, *open_statuses()]  # type: ignore[attr-defined]  # a choice field

    @property
    def narrows(self) -> bool:
        """Whether anything but the area was asked for."""
        return any(self.cleaned_data.get(name) for name in ("category", "channel", "status", "overdue"))


class FiguresFilter(_Areas):
    """Which figures are shown: of what area, by what, over which days; this month where nothing is said."""

    by = forms.ChoiceField(required=False, choices=By.choices, widget=forms.HiddenInput)
    category = forms.CharField(required=False, max_length=CODE_LENGTH_MAX, widget=forms.HiddenInput)
    from_ = forms.DateField(label=_("开始日期"), required=False)
    to = forms.DateField(label=_("结束日期"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["from"] = self.fields.pop("from_")
        self.order_fields(["from", "to"])

    def clean(self) -> dict[str, Any]:
        """Put in what was left out, and refuse what is no period."""
        given = super().clean() or {}
        for name in ("from", "to"):
            day = given.get(name)
            if day is not None and not YEAR_FIRST <= day.year <= YEAR_LAST:
                self.add_error(name, gettext("日期超出范围"))
        if self.errors:
            return given
        usual = month_of(self.today)
        last = given.get("to") or usual.last
        first = given.get("from") or last.replace(day=1)
        if last < first:
            self.add_error("to", gettext("结束日期不能早于开始日期"))
        elif last - first >= timedelta(days=DAYS_MAX):
            self.add_error("from", gettext("统计期间最长五年"))
        else:
            given["period"] = Period(first, last)
            self.data = {**self.data, "from": first.isoformat(), "to": last.isoformat()}  # shown as it was understood
        return given

    @property
    def period(self) -> Period:
        """The days asked for; this month while the form is not valid."""
        return self.cleaned_data.get("period") or month_of(self.today)

    @property
    def by_value(self) -> By:
        """What a row stands for; days where nothing was said."""
        return By(self.cleaned_data.get("by") or By.DAY)
