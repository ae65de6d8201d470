from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models

from haitang.core.privacy import Privacy
from haitang.worktime.values import DayEnd, RollRule


def _choices(words: type[StrEnum]) -> list[str]:
    return [str(word) for word in words]


class Calendar(models.Model):
    """Office hours and rules under which an office's deadlines are counted.

    week: from Monday to Sunday, each a text of office hours, "08:00-12:00, 14:00-18:00", empty for rest.
    """

    name = models.TextField("名称")
    week = ArrayField(models.TextField(blank=True), size=7, verbose_name="办公时间")
    day_end = models.TextField("按日计算的时限止于")
    roll_rule = models.TextField("自然日时限末日遇休息")
    is_default = models.BooleanField("默认", default=False)

    PRIVACY = {
        "name": Privacy.PUBLIC, "week": Privacy.PUBLIC, "day_end": Privacy.PUBLIC, "roll_rule": Privacy.PUBLIC,
        "is_default": Privacy.PUBLIC,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="worktime_calendar_name"),
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="worktime_calendar_one_default"
            ),
            models.CheckConstraint(condition=models.Q(week__len=7), name="worktime_calendar_week_of_seven"),
            models.CheckConstraint(condition=models.Q(day_end__in=_choices(DayEnd)), name="worktime_calendar_day_end"),
            models.CheckConstraint(
                condition=models.Q(roll_rule__in=_choices(RollRule)), name="worktime_calendar_roll_rule"
            ),
        ]


class DayOverride(models.Model):
    """A day declared worked or free, in one calendar or (calendar is null) in all of them.

    A calendar's own day wins over the country's, both over the published holidays.
    source: the notice that says so.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, null=True, related_name="+", verbose_name="日历")
    date = models.DateField("日期")
    is_working = models.BooleanField("上班")
    name = models.TextField("名称", blank=True)
    source = models.TextField("依据", blank=True)

    PRIVACY = {
        "calendar": Privacy.PUBLIC, "date": Privacy.PUBLIC, "is_working": Privacy.PUBLIC, "name": Privacy.PUBLIC,
        "source": Privacy.PUBLIC,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"], nulls_distinct=False, name="worktime_dayoverride_calendar_date"
            ),
        ]
