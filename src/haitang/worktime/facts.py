"""What can have happened to the calendars. Calendar 0 stands for the days of the whole country."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy


class _Fact(Fact):
    """What facts of the calendars have in common: how their fields read."""

    subject_type = "calendar"
    field_labels = {
        "calendar_id": _("工作日历"), "name": _("名称"), "before": _("更改前"), "after": _("更改后"),
        "days": _("日子"), "source": _("依据"), "day": _("日期"),
    }  # fmt: skip


@dataclass(frozen=True)
class CalendarCreated(_Fact):
    """A calendar came into being."""

    label = _("新建工作日历")
    calendar_id: Annotated[int, Privacy.INTERNAL]
    name: Annotated[str, Privacy.PUBLIC]


@dataclass(frozen=True)
class CalendarChanged(_Fact):
    """Its name, hours or rules became others. before, after: as sentences that a person can compare."""

    label = _("更改工作日历")
    calendar_id: Annotated[int, Privacy.INTERNAL]
    before: Annotated[str, Privacy.PUBLIC]
    after: Annotated[str, Privacy.PUBLIC]


@dataclass(frozen=True)
class DefaultCalendarChosen(_Fact):
    """It became the calendar of all who have none of their own."""

    label = _("设为默认日历")
    calendar_id: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class DaysSet(_Fact):
    """Days were declared worked or free. days: as "2026-02-14 上班 春节调休"."""

    label = _("设定调休和放假")
    calendar_id: Annotated[int, Privacy.INTERNAL]
    days: Annotated[list[str], Privacy.PUBLIC]
    source: Annotated[str, Privacy.PUBLIC]


@dataclass(frozen=True)
class DayCleared(_Fact):
    """A declared day went back to what it would be without. day: ISO date."""

    label = _("取消设定的日子")
    calendar_id: Annotated[int, Privacy.INTERNAL]
    day: Annotated[str, Privacy.PUBLIC]
