"""Forms of the catalogue and of the settings."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.ui import settings
from haitang.orders.forms.ordering import WIDER, area_choices
from haitang.orders.queries import ServiceView, TypeRef, order_rules
from haitang.orders.values import (
    CAPACITY_MAX,
    MINUTES_MAX,
    MINUTES_MIN,
    NAME_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Acceptor,
    Dispatcher,
    Hours,
    Orderer,
    Permission,
    ServiceChange,
    TypeChange,
    Weekday,
    variants,
)
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.volunteers.queries import rules as register
from haitang.volunteers.values import ItemKind

_LINE = re.compile(r"\s*周([一二三四五六日天])\s*(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})\s*")
_DAYS = "一二三四五六日"
LABELS = {
    "offer_hours": gettext_lazy("派单答复期限（小时）"),
    "offers_at_once": gettext_lazy("同时派给几方"),
    "offer_before_minutes": gettext_lazy("最迟在服务前多少分钟答复"),
    "remind_days": gettext_lazy("服务前第几天提醒（每行一个，0 为当天）"),
    "assure_hours": gettext_lazy("服务前多少小时未确认能到的，释放重派"),
    "assure_window_hours": gettext_lazy("服务前多少小时内接单的，视为已确认"),
    "cancel_free_hours": gettext_lazy("服务前多少小时以内取消算临时取消"),
    "late_cancels_max": gettext_lazy("临时取消达到几次，改由社区代为下单"),
    "late_cancels_days": gettext_lazy("临时取消统计期（天）"),
    "waiting_max": gettext_lazy("每个时段候补上限"),
    "promote_before_hours": gettext_lazy("服务前多少小时以内不再候补转正"),
    "book_before_hours": gettext_lazy("最迟在服务前多少小时下单"),
    "book_days": gettext_lazy("可预约未来多少天"),
    "ongoing_max": gettext_lazy("每个账号同时进行的订单上限"),
    "confirm_days": gettext_lazy("报告完成后多少天未答复视为确认"),
    "dispatch_room": gettext_lazy("派单方案中每人最多几单"),
    "dispatch_room_office": gettext_lazy("派单方案中每个单位、支部最多几单"),
    "dispatch_half_day_office": gettext_lazy("派单方案中每个单位、支部同一个半天最多几单"),
    "dispatch_at_once": gettext_lazy("一次确认超过几单时在后台派出"),
    "dispatch_distance": gettext_lazy("派单方案权重：每公里距离"),
    "dispatch_load": gettext_lazy("派单方案权重：近期服务量"),
    "dispatch_batch": gettext_lazy("派单方案最多安排几单"),
}


def hours_text(hours: tuple[Hours, ...]) -> str:
    """Return hours as they are typed, one on a line."""
    return "\n".join(f"{Weekday(str(each.weekday)).label} {each.start:%H:%M}-{each.end:%H:%M}" for each in hours)


class ServiceForm(forms.Form):
    """A service of the catalogue."""

    type_code = forms.ChoiceField(label=gettext_lazy("服务类型"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    area = forms.ChoiceField(label=gettext_lazy("服务区域"))
    words = forms.CharField(
        label=gettext_lazy("说明"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    hours = forms.CharField(
        label=gettext_lazy("服务时间"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一段，例如：周一 09:00-11:30"), max_length=2000,
    )  # fmt: skip
    capacity_slot = forms.IntegerField(label=gettext_lazy("每个时段可约"), min_value=1, max_value=CAPACITY_MAX)
    capacity_day = forms.IntegerField(label=gettext_lazy("每天可约"), min_value=1, max_value=CAPACITY_MAX)
    organization = forms.TypedChoiceField(label=gettext_lazy("承接单位"), coerce=int, empty_value=None, required=False)
    closed_on = forms.CharField(
        label=gettext_lazy("停办日期"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000,
        help_text=gettext_lazy("每行一个，例如：2026-10-01"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, viewer: Actor, known: ServiceView | None = None, **kwargs: Any) -> None:
        if known is not None:
            row = known.service
            area = territory().get(row.area_id)
            kwargs["initial"] = {
                "type_code": known.type.code, "name": row.name, "area": area.code if area else "", "words": row.words,
                "hours": hours_text(row.hour_list), "capacity_slot": row.capacity_slot,
                "capacity_day": row.capacity_day, "organization": row.organization_id, "is_active": row.is_active,
                "closed_on": "\n".join(f"{day:%Y-%m-%d}" for day in row.closed_on),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.name) for kind in order_rules().types if kind.is_active or known]
        self.fields["type_code"].choices = kinds  # type: ignore[attr-defined]  # a choice field
        areas = area_choices(WIDER, viewer, Permission.MANAGE)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]  # a choice field
        wanted = frozenset().union(*(kind.office_kinds for kind in order_rules().types))
        today = local_date(clock.now())
        offices = [(each.id, each.name) for each in organizations() if each.kind in wanted and each.exists(today)]
        self.fields["organization"].choices = [("", _("不指定")), *offices]  # type: ignore[attr-defined]  # a choice field

    def clean_hours(self) -> tuple[Hours, ...]:
        """Read the hours, a line each."""
        read = []
        for line in filter(str.strip, self.cleaned_data["hours"].splitlines()):
            found = _LINE.fullmatch(line.replace("：", ":"))
            try:
                if found is None:
                    raise ValueError(line)
                day = _DAYS.index(found[1].replace("天", "日"))
                read.append(Hours(day, time(int(found[2]), int(found[3])), time(int(found[4]), int(found[5]))))
            except ValueError as wrong:
                raise forms.ValidationError(_("看不懂这一行：%(line)s") % {"line": line[:40]}) from wrong
        return tuple(read)

    def clean_closed_on(self) -> tuple[date, ...]:
        """Read the days, a line each."""
        try:
            return tuple(date.fromisoformat(line.strip()) for line in self.cleaned_data["closed_on"].split())
        except ValueError as wrong:
            raise forms.ValidationError(_("日期写成 2026-10-01 的样子，每行一个")) from wrong

    def change(self) -> ServiceChange:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return ServiceChange(
            given["type_code"], given["name"], given["area"], given["words"], given["hours"], given["capacity_slot"],
            given["capacity_day"], given["organization"], given["closed_on"], given["is_active"],
        )  # fmt: skip


class TypeForm(forms.Form):
    """A type of service: what it is, and who orders, hands out and accepts."""

    code = forms.CharField(label=gettext_lazy("编码"), max_length=40)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    group = forms.CharField(label=gettext_lazy("分组"), max_length=NAME_LENGTH_MAX)
    words = forms.CharField(
        label=gettext_lazy("说明"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    variant = forms.ChoiceField(label=gettext_lazy("流程"))
    orderers = forms.MultipleChoiceField(
        label=gettext_lazy("谁可以点单"), choices=Orderer.choices, widget=forms.CheckboxSelectMultiple
    )
    dispatcher = forms.ChoiceField(label=gettext_lazy("谁派单"), choices=Dispatcher.choices, widget=forms.RadioSelect)
    acceptors = forms.MultipleChoiceField(
        label=gettext_lazy("谁可以接单"), choices=Acceptor.choices, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("所需技能"), required=False, widget=forms.CheckboxSelectMultiple
    )
    minutes = forms.IntegerField(label=gettext_lazy("时长（分钟）"), min_value=MINUTES_MIN, max_value=MINUTES_MAX)
    is_automatic = forms.BooleanField(
        label=gettext_lazy("自动派单"),
        required=False,
        help_text=gettext_lazy("每 10 分钟按派单方案自动派出，不逐单确认；每单为什么派给谁，在派单方案里都能查到"),
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, known: TypeRef | None = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs["initial"] = {name: getattr(known, name) for name in TypeChange.__slots__}
        super().__init__(*args, **kwargs)
        if known is not None:
            del self.fields["code"]
        names = [(code, each["name"]) for code, each in variants().items()]
        self.fields["variant"].choices = names  # type: ignore[attr-defined]  # a choice field
        skills = [(item.code, item.name) for item in register().of(ItemKind.SKILL)]
        self.fields["skills"].choices = skills  # type: ignore[attr-defined]  # a choice field

    def change(self) -> TypeChange:
        """Return what was typed, as actions take it."""
        given = {**self.cleaned_data}
        given.pop("code", None)
        for name in ("orderers", "acceptors", "skills"):
            given[name] = tuple(given[name])
        return TypeChange(**given)


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    number_min = 0
