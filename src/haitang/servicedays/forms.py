"""The forms of service days."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.ui import settings
from haitang.servicedays.queries import ShiftPage, cell_skills
from haitang.servicedays.values import (
    HOLDS,
    PLACES_MAX,
    REASON_LENGTH_MAX,
    THEME_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    DayInvalid,
    NewDay,
    NewRule,
    NewShift,
    Permission,
    Repeat,
    read_hours,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind

HOMES = frozenset({Kind.COMMUNITY, Kind.VILLAGE})
EXAMPLE = "09:00-11:00 | 楼道清洁 | 3号楼前 | 8\n09:00-11:00 | 文明劝导 | 东门路口 | 4"


def _areas(viewer: Actor) -> list[tuple[str, Any]]:
    """Return the areas in which the viewer may plan, indented by depth; grids left out."""
    tree, reach = territory(), tuple(viewer.areas(Permission.MANAGE))
    areas = [
        area for area in tree.descendants(None)
        if reach and area.path.startswith(reach) and area.kind not in (Kind.GRID, Kind.BUILDING)
    ]  # fmt: skip
    top = min((area.depth for area in areas), default=0)
    return [(area.code, "　" * (area.depth - top) + area.name) for area in areas]


class ShiftsField(forms.CharField):
    """A shift a line: hours, task, place, how many, and the skills asked for, with bars between."""

    widget = forms.Textarea(attrs={"rows": 5})

    def clean(self, value: Any) -> tuple[NewShift, ...]:
        """Return the shifts, or say which line cannot be read."""
        text, shifts = super().clean(value), []
        for line in filter(str.strip, text.splitlines()):
            parts = [part.strip() for part in line.replace("｜", "|").split("|")]
            try:
                if not 4 <= len(parts) <= 5 or not re.fullmatch(r"[0-9]{1,4}", parts[3]):
                    raise ValueError(line)
                begin, end = read_hours(parts[0])
                codes = cell_skills(parts[4] if len(parts) > 4 else "")
            except (ValueError, DayInvalid) as error:
                wrong = _("看不懂这一行：%(line)s") % {"line": line.strip()[:60]}
                raise forms.ValidationError(wrong) from error
            shifts.append(NewShift(parts[1], parts[2], begin, end, int(parts[3]), codes))
        return tuple(shifts)


class DayForm(forms.Form):
    """A service day, once or again and again."""

    theme = forms.CharField(
        label=gettext_lazy("主题"), max_length=THEME_LENGTH_MAX,
        help_text=gettext_lazy("例如：党员周六志愿服务日、统一服务日"),
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("在哪里"))
    on = forms.DateField(label=gettext_lazy("日期（重复的填第一次）"))
    repeat = forms.ChoiceField(label=gettext_lazy("怎么重复"), required=False, widget=forms.RadioSelect)
    until = forms.DateField(label=gettext_lazy("重复到哪天为止（可不填）"), required=False)
    shifts = ShiftsField(
        label=gettext_lazy("班次（每行一个）"),
        help_text=gettext_lazy("时间 | 任务 | 地点 | 名额 | 需要的技能（可不填）"),
    )
    words = forms.CharField(
        label=gettext_lazy("说明（可不填）"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _areas(viewer)  # type: ignore[attr-defined]  # a choice field
        self.fields["repeat"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("不重复")), (Repeat.WEEKLY.value, _("每周同一天")),
            (Repeat.MONTHLY.value, _("每月同一个星期几，如第一个周六")),
        ]  # fmt: skip
        self.fields["shifts"].widget.attrs["placeholder"] = EXAMPLE

    def new(self) -> NewDay | NewRule:
        """Return what was typed, as actions take it: a day, or a rule whose first day it is."""
        given = self.cleaned_data
        said = {"theme": given["theme"], "area_code": given["area"], "shifts": given["shifts"], "words": given["words"]}
        on: date = given["on"]
        if not given["repeat"]:
            return NewDay(on=on, **said)
        nth = (on.day - 1) // 7 + 1
        return NewRule(
            repeat=given["repeat"], weekday=on.weekday(), nth=nth, from_date=on, until_date=given["until"], **said
        )


class NearForm(forms.Form):
    """From where to look."""

    area = forms.ChoiceField(label=gettext_lazy("哪个社区附近"), required=False)

    def __init__(self, *args: Any, is_registered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = territory()
        groups: dict[str, list[tuple[str, str]]] = {}
        for area in tree.descendants(None):
            if area.kind in HOMES:
                parent = tree.get(area.parent_id)
                title = tree.full_name(parent.id) if parent else ""
                groups.setdefault(title, []).append((area.code, area.name))
        choices = [("", _("我住的地方") if is_registered else _("不限")), *groups.items()]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def code(self) -> str:
        """Return the code of the area, "" for where the viewer lives."""
        return self.cleaned_data["area"] if self.is_valid() else ""


class UploadForm(forms.Form):
    """A sheet of service days."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"), help_text=gettext_lazy("按模板填好的 Excel 或 CSV；文件读完即弃，不保存")
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )


class PhoneForm(forms.Form):
    """Whom to sign up, by the telephone under which they stand in the register."""

    phone = forms.CharField(
        label=gettext_lazy("志愿者的电话"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


class PlacesForm(forms.Form):
    """How many a shift takes."""

    places = forms.IntegerField(label=gettext_lazy("名额"), min_value=1, max_value=PLACES_MAX)


class CloseForm(forms.Form):
    """Who of those signed up did not come."""

    missed = forms.TypedMultipleChoiceField(
        label=gettext_lazy("勾选没有来的人（其余按到场登记）"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, page: ShiftPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [line for line in page.lines if line.signup.has_place and line.signup.state in HOLDS]
        self.fields["missed"].choices = [  # type: ignore[attr-defined]  # a choice field
            (line.signup.pk, line.name) for line in rows if line.signup.here_at is None
        ]


LABELS = {
    "remind_days": gettext_lazy("提前第几天提醒（每行一个，0 为当天）"),
    "assure_hours": gettext_lazy("开始前多少小时仍未确认的释放名额"),
    "assure_window_hours": gettext_lazy("开始前多少小时内报名视为已确认"),
    "leave_free_hours": gettext_lazy("开始前多少小时以内退出算临时退出"),
    "misses_max": gettext_lazy("多少次临时退出或没有来以后由社区代为报名"),
    "misses_days": gettext_lazy("上一项的统计期（天）"), "waiting_max": gettext_lazy("每个班次候补人数上限"),
    "promote_before_hours": gettext_lazy("开始前多少小时以内不再候补转正"),
    "ahead_days": gettext_lazy("重复的服务日提前多少天生成"),
    "show_days": gettext_lazy("居民页面显示今后多少天"),
    "report_before_minutes": gettext_lazy("开始前多少分钟起可以报到"),
}  # fmt: skip


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    number_max = None
    number_min = 0
