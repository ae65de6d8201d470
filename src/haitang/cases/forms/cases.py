"""What people type about cases: filters, deeds, a new case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from haitang.cases import queries
from haitang.cases.facts import CaseVerified
from haitang.cases.forms.fields import ALL, AreaField, DeskField, category_choices, category_name
from haitang.cases.lifecycle import STAGE_OF, Deed, Status
from haitang.cases.queries import CaseFilter, CaseView
from haitang.cases.values import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    OPINION_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    Channel,
    Condition,
    Kind,
    Mark,
    Moment,
    Priority,
    Question,
    add_questions,
    answers_in,
    field_of,
)
from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.ui.forms import PhotosField

OPEN = "open"
STAFF_CHANNELS = (
    Channel.PHONE, Channel.VISIT, Channel.PATROL, Channel.HOTLINE, Channel.WECHAT, Channel.TRANSFER,
)  # fmt: skip
"""How word of a case reaches those who enter cases; the others enter themselves."""


class Filter(forms.Form):
    """What a list of cases is narrowed by. A day stands for itself in Asia/Shanghai, both ends included."""

    q = forms.CharField(label=gettext_lazy("关键词或编号"), max_length=100, required=False)
    area = AreaField(label=gettext_lazy("区域"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[ALL, (OPEN, gettext_lazy("在办")), *Status.choices]
    )
    overdue = forms.ChoiceField(
        label=gettext_lazy("时限"),
        required=False,
        choices=[ALL, ("1", gettext_lazy("已超期")), ("0", gettext_lazy("未超期"))],
    )
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("诉求类型"), required=False, choices=[ALL, *Kind.choices])
    channel = forms.ChoiceField(label=pgettext_lazy("case", "来源"), required=False, choices=[ALL, *Channel.choices])
    desk = DeskField(label=gettext_lazy("承办单位"), required=False)
    from_date = forms.DateField(label=gettext_lazy("上报日期从"), required=False)
    to_date = forms.DateField(label=gettext_lazy("到"), required=False)

    mark = forms.ChoiceField(
        label=gettext_lazy("标记"), required=False,
        choices=[ALL, *Mark.choices, (f"-{Mark.JOINED.value}", gettext_lazy("不含已并入"))],
    )  # fmt: skip
    priority = forms.ChoiceField(
        label=gettext_lazy("优先级"), required=False,
        choices=[
            ALL, (str(Priority.RAISED.value), gettext_lazy("优先以上")),
            (str(Priority.URGENT.value), Priority.URGENT.label),
        ],
    )  # fmt: skip
    order = forms.ChoiceField(
        label=gettext_lazy("排序"), required=False,
        choices=[("", gettext_lazy("最新上报的在前")), ("priority", gettext_lazy("优先级高的在前（在办）"))],
    )  # fmt: skip

    rows = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].viewer = viewer  # type: ignore[attr-defined]  # a choice field
        self.fields["category"].choices = category_choices(parents=True)  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given = super().clean() or {}
        first, last = given.get("from_date"), given.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", _("截止日期早于起始日期"))
        return given

    def wanted(self) -> CaseFilter:
        """Return what was asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        status, area, desk = given.get("status", ""), given.get("area"), given.get("desk")
        mark = given.get("mark", "")
        open_ones = tuple(state.value for state in STAGE_OF)
        return CaseFilter(
            area_path=area.path if area else "",
            statuses=open_ones if status == OPEN else (status,) if status else (),
            category=given.get("category", ""),
            channel=given.get("channel", ""),
            kind=given.get("kind", ""),
            organization_id=desk.id if desk else None,
            overdue={"1": True, "0": False}.get(given.get("overdue", "")),
            from_at=_midnight(given.get("from_date")),
            to_at=_midnight(given.get("to_date"), days=1),
            q=given.get("q", ""),
            mark="" if mark.startswith("-") else mark,
            unmarked=mark[1:] if mark.startswith("-") else "",
            priority=int(given.get("priority") or 0),
            by_priority=given.get("order") == "priority",
        )


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    if day is None or day > date.max - timedelta(days=days):
        return None
    return datetime.combine(day + timedelta(days=days), time(), clock.LOCAL)


RESULTS = list(CaseVerified.field_words["result"].items())
PHOTOS_AS = {Deed.VERIFY: "before", Deed.HANDLE: "after", Deed.FEEDBACK: "after"}
"""The deeds that photos can be added with, and what these show."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a deed asks besides its opinion: questions, and conditions of which one is chosen."""

    questions: tuple[Question, ...] = ()
    conditions: tuple[Condition, ...] = ()
    condition_label: str = ""


ASKING = frozenset({Deed.REGISTER, Deed.HANDLE, Deed.CLOSE})
"""The deeds at which a category may ask something."""


def asking_of(deed: Deed, case: Any, category: Any) -> Asking:
    """Return what the deed asks about a case; category: under which it is to be registered, None for its own."""
    if deed is Deed.REGISTER:
        form = queries.form_at_registration(case, category).form
        return Asking(queries.asked_of_staff(case, form, Moment.REGISTER), form.opening, _("立案条件"))
    if deed not in ASKING:
        return Asking()
    form = queries.form_ref_of(case).form
    if deed is Deed.HANDLE:
        return Asking(queries.asked_of_staff(case, form, Moment.HANDLE))
    return Asking(queries.asked_of_staff(case, form, Moment.CLOSE), form.closing, _("结案条件"))


class DeedForm(forms.Form):
    """The opinion, and what else a deed needs. Its ids begin with the deed: several forms stand on one page."""

    opinion = forms.CharField(
        label=gettext_lazy("处理意见"), max_length=OPINION_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        deed: Deed,
        data: Any = None,
        files: Any = None,
        *,
        own: Mapping[str, list[str]] | None = None,
        asking: Asking | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, auto_id=f"{deed.value}_%s", **kwargs)
        self.deed, self.own, self.asking = deed, own or {}, asking or Asking()
        if deed is Deed.VERIFY:
            self.fields["result"] = forms.ChoiceField(
                label=_("核实结果"), choices=RESULTS, widget=forms.RadioSelect, initial="exists"
            )
        elif deed is Deed.REGISTER:
            self.fields["category_code"] = forms.ChoiceField(
                label=_("类别"), choices=category_choices(first=[("", _("请选择"))])
            )
        elif deed is Deed.DISPATCH:
            self.fields["organization_code"] = DeskField(
                label=_("派往单位"), help_text=_("输入名称或代码，从提示中选择")
            )
        elif deed is Deed.CHECK:
            self.fields["passed"] = forms.ChoiceField(
                label=_("核查结果"),
                choices=[("1", _("通过")), ("0", _("不通过，返工"))],
                widget=forms.RadioSelect,
                initial="1",
            )
        if self.asking.conditions:
            self.fields["condition"] = forms.ChoiceField(
                label=self.asking.condition_label, widget=forms.RadioSelect,
                choices=[(each.key, each.label) for each in self.asking.conditions],
                initial=self.asking.conditions[0].key if len(self.asking.conditions) == 1 else None,
            )  # fmt: skip
        add_questions(self, self.asking.questions)
        if deed in PHOTOS_AS:
            self.fields["photos"] = PhotosField(label=_("现场照片"), required=False)
        self.order_fields([name for name in self.fields if name not in ("opinion", "photos")])

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the deed's action takes it; photos apart."""
        own = {"photos", *map(field_of, (question.key for question in self.asking.questions))}
        given = {name: value for name, value in self.cleaned_data.items() if name not in own}
        if self.asking.questions:
            given["answers"] = answers_in(self.cleaned_data, self.asking.questions)
        if "passed" in given:
            given["passed"] = given["passed"] == "1"
        if "organization_code" in given:
            given["organization_code"] = given["organization_code"].code
        return given

    @property
    def phrases(self) -> list[str]:
        """The ready-made opinions for the deed, one's own first; of a check also those for one that fails."""
        deeds = [self.deed.value, *([Deed.REWORK.value] if self.deed is Deed.CHECK else [])]
        known = queries.catalog().phrases
        offered = [text for texts in (self.own, known) for deed in deeds for text in texts.get(deed, ())]
        return list(dict.fromkeys(offered))


class Correct(forms.Form):
    """Which category and area are right, and why. Its ids begin like those of the deeds, which stand beside it."""

    category_code = forms.ChoiceField(label=gettext_lazy("正确的类别"), required=False)
    area_code = AreaField(label=gettext_lazy("正确的区域"), required=False)
    opinion = forms.CharField(
        label=gettext_lazy("改正理由"), max_length=OPINION_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, viewer: Actor, view: CaseView) -> None:
        initial = {
            "category_code": view.category.code if view.category else "",
            "area_code": view.area.code if view.area else "",
        }
        super().__init__(data, auto_id="correct_%s", initial=initial)
        known = view.category in queries.catalog().leaves
        kept = category_name(view.category) if view.category else _("尚未分类")
        self.fields["category_code"].choices = category_choices(first=[] if known else [("", kept)])  # type: ignore[attr-defined]  # a choice field
        self.fields["area_code"].viewer = viewer  # type: ignore[attr-defined]  # a choice field
        suggested = queries.catalog().suggest(view.case.description)
        if suggested is not None and suggested != view.category:
            self.fields["category_code"].help_text = _("按描述判断：%(name)s") % {"name": category_name(suggested)}

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.reclassify_case` takes it."""
        area = self.cleaned_data["area_code"]
        return {**self.cleaned_data, "area_code": area.code if area else ""}


class Unmask(forms.Form):
    """Why the reporter must be seen in full."""

    reason = forms.CharField(
        label=gettext_lazy("查看理由"),
        max_length=200,
        help_text=gettext_lazy("例如：电话回访核实情况。查看记录将留痕。"),
    )


class NewCase(forms.Form):
    """A case that somebody of the staff enters for a caller, a visitor or from a walk."""

    description = forms.CharField(
        label=gettext_lazy("问题描述"), max_length=DESCRIPTION_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )
    category_code = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("诉求类型"), choices=Kind.choices, initial=Kind.HELP.value)
    channel = forms.ChoiceField(
        label=pgettext_lazy("case", "来源"), choices=[(each.value, each.label) for each in STAFF_CHANNELS],
        initial=Channel.PHONE.value,
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("地点"), max_length=PLACE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("例如：春和花园3幢东侧路口"),
    )  # fmt: skip
    area_code = AreaField(
        label=gettext_lazy("所属区域"), required=False, help_text=gettext_lazy("已在地图上选点时可不填，由系统判定网格")
    )
    lon = forms.FloatField(label=gettext_lazy("经度"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=gettext_lazy("纬度"), required=False, min_value=-90, max_value=90)
    reporter_name = forms.CharField(label=gettext_lazy("诉求人"), max_length=NAME_LENGTH_MAX, required=False)
    reporter_phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20, required=False)
    occurred_at = forms.DateTimeField(label=gettext_lazy("发生时间"), required=False)
    photos = PhotosField(label=gettext_lazy("现场照片"), required=False)

    def __init__(self, *args: Any, viewer: Actor, questions: tuple[Question, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].viewer = viewer  # type: ignore[attr-defined]  # a choice field
        self.fields["category_code"].choices = category_choices(first=[("", _("按描述自动判定"))])  # type: ignore[attr-defined]  # a choice field
        self.questions = questions
        add_questions(self, questions)

    def asked(self) -> list[forms.BoundField]:
        """Return the fields of the category's questions, for the page."""
        return [self[field_of(question.key)] for question in self.questions]

    def clean(self) -> dict[str, Any]:
        """Ask for a place: without one nobody can tell whose the case is."""
        given = super().clean() or {}
        lon, lat = given.get("lon"), given.get("lat")
        if not {"area_code", "lon", "lat"} & self.errors.keys():
            if (lon is None) != (lat is None):
                self.add_error("lat" if lat is None else "lon", _("经度和纬度应同时填写"))
            elif lon is None and given.get("area_code") is None:
                self.add_error("area_code", _("请在地图上选点，或填写所属区域"))
        return given

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.report_case` takes it; photos apart."""
        own = {"photos", *map(field_of, (question.key for question in self.questions))}
        given = {name: value for name, value in self.cleaned_data.items() if name not in own}
        if self.questions:
            given["answers"] = answers_in(self.cleaned_data, self.questions)
        area = given["area_code"]
        return {**given, "area_code": area.code if area else ""}
