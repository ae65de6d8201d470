"""What administrators type about calendars."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haitang.core.clock import LOCAL
from haitang.core.errors import Refusal
from haitang.worktime import values
from haitang.worktime.actions import CalendarSpec, DaySpec

EVERY_CALENDAR, THIS_CALENDAR = "all", "this"


def _date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CalendarForm(forms.Form):
    """Name, office hours of each weekday, and the two rules of a calendar."""

    name = forms.CharField(label=_("名称"), max_length=40)
    day_end = forms.ChoiceField(
        label=_("按日计算的时限，末日止于"),
        choices=[
            (values.DayEnd.OFFICE.value, _("当天下班时")),
            (values.DayEnd.MIDNIGHT.value, _("当天24时")),
        ],
        help_text=_("《民法典》第二百零三条：有业务时间的，停止业务活动的时间为截止时间"),
        widget=forms.RadioSelect,
    )
    roll_rule = forms.ChoiceField(
        label=_("自然日时限的末日不上班"),
        choices=[
            (values.RollRule.HOLIDAY.value, _("遇法定节假日顺延到下一个工作日")),
            (values.RollRule.REST_DAY.value, _("遇节假日和周末都顺延到下一个工作日")),
            (values.RollRule.NEVER.value, _("不顺延")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, label in enumerate(values.WEEKDAYS):
            self.fields[f"hours_{number}"] = forms.CharField(
                label=label, max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("不上班")})
            )
        self.fields["hours_0"].help_text = _("例如 08:00-12:00, 14:00-18:00；不上班的日子留空")
        self.order_fields(["name", *(f"hours_{number}" for number in range(7)), "day_end", "roll_rule"])

    def clean(self) -> dict[str, Any]:
        """Check the hours of every day, each at its field."""
        week = []
        for number in range(7):
            text = self.cleaned_data.get(f"hours_{number}", "")
            try:
                week.append(values.parse_hours(text))
            except Refusal as refusal:
                self.add_error(f"hours_{number}", refusal.message)
        if len(week) == 7 and not any(week):
            self.add_error("hours_0", _("一周至少要有一个工作时段"))
        return self.cleaned_data

    def spec(self) -> CalendarSpec:
        """Return what was typed."""
        cleaned = self.cleaned_data
        return CalendarSpec(
            cleaned["name"],
            [cleaned[f"hours_{number}"] for number in range(7)],
            values.DayEnd(cleaned["day_end"]),
            values.RollRule(cleaned["roll_rule"]),
        )

    @staticmethod
    def initial_of(name: str, week: tuple[str, ...], day_end: str, roll_rule: str) -> dict[str, Any]:
        """Return the form's content for a calendar."""
        hours = {f"hours_{number}": text for number, text in enumerate(week)}
        return {"name": name, "day_end": day_end, "roll_rule": roll_rule, **hours}


class DayForm(forms.Form):
    """A day to be declared worked or free."""

    date = forms.DateField(label=_("日期"), widget=_date_input())
    is_working = forms.ChoiceField(
        label=_("这一天"), choices=[("1", _("上班")), ("0", _("放假"))], widget=forms.RadioSelect, initial="0"
    )
    name = forms.CharField(label=_("名称"), max_length=20, required=False, help_text=_("例如 春节、台风停工"))
    source = forms.CharField(label=_("依据"), max_length=120, required=False, help_text=_("通知的名称或文号"))
    scope = forms.ChoiceField(
        label=_("用于"),
        choices=[(THIS_CALENDAR, _("仅本日历")), (EVERY_CALENDAR, _("所有日历"))],
        widget=forms.RadioSelect,
        initial=THIS_CALENDAR,
    )

    def spec(self) -> DaySpec:
        """Return the day that was typed."""
        return DaySpec(self.cleaned_data["date"], self.cleaned_data["is_working"] == "1", self.cleaned_data["name"])


class ClearForm(forms.Form):
    """Which declared day to take back."""

    date = forms.DateField()
    scope = forms.ChoiceField(choices=[(THIS_CALENDAR, ""), (EVERY_CALENDAR, "")])


_ROW = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\s,，、]*(上班|放假|休)[\s,，、]*(\S{0,20})\s*")


class ImportForm(forms.Form):
    """A year's days as published, pasted line by line."""

    rows = forms.CharField(
        label=_("日期"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "placeholder": "2026-02-14 上班 春节调休\n2026-02-15 放假 春节"}),
        help_text=_("每行一天：日期、上班或放假、名称"),
    )
    source = forms.CharField(
        label=_("依据"), max_length=120, help_text=_("例如 国务院办公厅关于2026年部分节假日安排的通知")
    )

    def clean_rows(self) -> list[DaySpec]:
        """Read every line, or say which cannot be read."""
        days = []
        for number, line in enumerate(self.cleaned_data["rows"].splitlines(), 1):
            if not line.strip():
                continue
            match = _ROW.fullmatch(line.strip())
            try:
                if match is None:
                    raise ValueError(line)
                year, month, day = (int(match[n]) for n in (1, 2, 3))
                days.append(DaySpec(date(year, month, day), match[4] == "上班", match[5]))
            except ValueError:
                raise forms.ValidationError(
                    _("第%(number)d行看不懂：%(line)s"), params={"number": number, "line": line[:40]}
                ) from None
        return days


class CalculatorForm(forms.Form):
    """From when, how long, in which calendar."""

    calendar = forms.TypedChoiceField(label=_("日历"), coerce=int)
    start = forms.DateTimeField(
        label=_("起算时间"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )
    limit = forms.CharField(
        label=_("时限"), max_length=20, widget=forms.TextInput(attrs={"placeholder": _("例如 4工作时、7工作日")})
    )

    def __init__(self, *args: Any, calendars: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = calendars  # type: ignore[attr-defined]  # a choice field

    def clean_limit(self) -> values.Limit:
        """Read the limit as officials write it."""
        try:
            return values.Limit.parse(self.cleaned_data["limit"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from None

    @staticmethod
    def initial_at(now: datetime, calendar_id: int | None) -> dict[str, Any]:
        """Return what the form holds before anything was typed."""
        return {"calendar": calendar_id, "start": now.astimezone(LOCAL), "limit": "4工作时"}
