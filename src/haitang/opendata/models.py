from django.db import models

from haitang.core.privacy import Privacy
from haitang.opendata.values import Format


class Publication(models.Model):
    """One file that anybody may take: a month in one format, kept by its content.

    month: its first day. rows: lines in it; left_out: lines of that month that were too rare to be told of.
    changed_at: when its content last became another.
    """

    month = models.DateField("月份")
    form = models.TextField("格式", choices=Format)
    digest = models.TextField("摘要", db_collation="C")
    size = models.BigIntegerField("字节")
    rows = models.IntegerField("条数")
    left_out = models.IntegerField("未公开条数")
    changed_at = models.DateTimeField("更新时间")

    PRIVACY = dict.fromkeys(("id", "month", "form", "digest", "size", "rows", "left_out", "changed_at"), Privacy.PUBLIC)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "form"], name="opendata_month_once")]


class OpenDataSetting(models.Model):
    """A rule of open data that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
