from django.db import models
from django.db.models import F

from haitang.core.brought import BroughtFile
from haitang.core.privacy import Privacy


class ListCategory(models.Model):
    """A category of needs and resources. group: of one group, two categories stand closer to each other.

    is_shipped: as a release brought it, so that a later one may follow it up.
    """

    code = models.TextField("编码", db_collation="C")
    name = models.TextField("名称")
    group = models.TextField("大类")
    order = models.SmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("启用", default=True)
    is_shipped = models.BooleanField("随产品发布", default=False)

    PRIVACY = dict.fromkeys(("id", "code", "name", "group", "order", "is_active", "is_shipped"), Privacy.PUBLIC)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="exchange_category_code")]


class ExchangeSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)


class Round(models.Model):
    """A round in which needs and resources are collected, for an area, from a day on.

    makes_projects: whether what is agreed on becomes a project; a single service does not need one.
    """

    code = models.TextField("编码", db_collation="C")
    name = models.TextField("名称")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="范围")
    from_date = models.DateField("开始日期")
    until_date = models.DateField("截止日期", null=True)
    makes_projects = models.BooleanField("达成后立项", default=True)

    PRIVACY = dict.fromkeys(("id", "code", "name", "area", "from_date", "until_date", "makes_projects"), Privacy.PUBLIC)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="exchange_round_code"),
            models.CheckConstraint(
                name="exchange_round_period",
                condition=models.Q(until_date__isnull=True) | models.Q(until_date__gte=F("from_date")),
            ),
        ]


class ListFile(BroughtFile):
    """A file of needs or resources on its way in. kind: which of the two."""

    kind = models.TextField("清单")
    channel = models.TextField("来源")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name="征集批次")

    PRIVACY = {**BroughtFile.PRIVACY, "kind": Privacy.INTERNAL, "channel": Privacy.INTERNAL, "round": Privacy.INTERNAL}

    class Meta:
        indexes = [models.Index(fields=["account_id", "-brought_at"], name="exchange_file_account")]
