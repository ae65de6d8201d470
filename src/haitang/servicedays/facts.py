"""What can have happened to service days. Reasons and names never stand here."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.servicedays.values import Repeat

Id = Annotated[int, Privacy.INTERNAL]
MaybeId = Annotated[int | None, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Flag = Annotated[bool, Privacy.INTERNAL]


class OfServiceDays(Fact):
    """What facts of service days have in common: how their fields and the values of these read."""

    subject_type = "serviceday"
    field_labels = {
        "day_id": _("服务日"), "rule_id": _("重复规则"), "shift_id": _("班次"), "signup_id": _("报名"),
        "theme": _("主题"), "on": _("日期"), "shifts": _("班次数"), "repeat": _("重复"), "weekday": _("星期"),
        "nth": _("第几个"), "reason": _("原因"), "waits": _("是否候补"), "by_staff": _("由工作人员代办"),
        "late": _("是否临时"), "days": _("提前天数"), "here": _("到场人数"), "missed": _("没有来的人数"),
        "services": _("记录服务次数"), "places": _("名额"), "signed": _("报名人数"),
        "setting_id": _("服务日设置"), "key": _("设置项"),
        "value": _("改后"), "area_id": _("区域"), "new_area_id": _("新区域"), "moved": _("移动条数"),
        "uncalled": _("未报名、自行赶来"),
    }  # fmt: skip
    field_words = {"repeat": dict(Repeat.choices)}


@dataclass(frozen=True)
class ServiceDayPlanned(OfServiceDays):
    """A day was planned, by somebody or by the rule from which it comes."""

    label = _("安排服务日")
    day_id: Id
    rule_id: MaybeId
    theme: Word
    on: Word
    shifts: Number


@dataclass(frozen=True)
class ServiceDayCancelled(OfServiceDays):
    """A day was called off."""

    label = _("取消服务日")
    day_id: Id
    reason: Word


@dataclass(frozen=True)
class ServiceRulePlanned(OfServiceDays):
    """Days are to come again by a rule."""

    label = _("安排重复服务日")
    subject_type = "serviceday_rule"
    rule_id: Id
    theme: Word
    repeat: Word
    weekday: Number
    nth: Number


@dataclass(frozen=True)
class ServiceRuleEnded(OfServiceDays):
    """No more days come of a rule; those planned stay."""

    label = _("停止重复服务日")
    subject_type = "serviceday_rule"
    rule_id: Id


@dataclass(frozen=True)
class ShiftSignedUp(OfServiceDays):
    """Somebody has signed up. waits: on the wait list, since every place is taken."""

    label = _("报名班次")
    day_id: Id
    shift_id: Id
    signup_id: Id
    waits: Flag
    by_staff: Flag


@dataclass(frozen=True)
class ShiftPromoted(OfServiceDays):
    """Somebody of the wait list has a place now."""

    label = _("班次候补转正")
    day_id: Id
    shift_id: Id
    signup_id: Id


@dataclass(frozen=True)
class ShiftLeft(OfServiceDays):
    """Somebody has given their place or their turn back. late: within the hours of the setting."""

    label = _("退出班次")
    day_id: Id
    shift_id: Id
    signup_id: Id
    late: Flag


@dataclass(frozen=True)
class ShiftAssured(OfServiceDays):
    """Somebody has confirmed to come."""

    label = _("确认到班")
    day_id: Id
    shift_id: Id
    signup_id: Id


@dataclass(frozen=True)
class ShiftReleased(OfServiceDays):
    """Who had not confirmed to come has lost the place to the wait list."""

    label = _("释放班次名额")
    day_id: Id
    shift_id: Id
    signup_id: Id


@dataclass(frozen=True)
class ShiftReminded(OfServiceDays):
    """Somebody is to be reminded, so many days before."""

    label = _("提醒班次")
    day_id: Id
    shift_id: Id
    signup_id: Id
    days: Number


@dataclass(frozen=True)
class ShiftReported(OfServiceDays):
    """Somebody has reported on the spot. uncalled: they came without having signed up."""

    label = _("班次报到")
    day_id: Id
    shift_id: Id
    signup_id: Id
    by_staff: Flag
    uncalled: Flag


@dataclass(frozen=True)
class ShiftChanged(OfServiceDays):
    """A shift takes more people, or fewer."""

    label = _("修改班次名额")
    day_id: Id
    shift_id: Id
    places: Number


@dataclass(frozen=True)
class ShiftClosed(OfServiceDays):
    """A shift is done. services: how many were put to the records of those who came."""

    label = _("结束班次")
    day_id: Id
    shift_id: Id
    here: Number
    missed: Number
    services: Number


@dataclass(frozen=True)
class RosterTaken(OfServiceDays):
    """The names of those signed up for a shift were taken away as a file. signed: how many."""

    label = _("导出班次名单")
    day_id: Id
    shift_id: Id
    signed: Number


@dataclass(frozen=True)
class ServiceDaySettingChanged(OfServiceDays):
    """A rule for service days was changed."""

    label = _("修改服务日设置")
    subject_type = "serviceday_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class ServiceDaysMoved(OfServiceDays):
    """Service days of an area follow it to its new version."""

    label = _("服务日随区域变更")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    moved: Number
