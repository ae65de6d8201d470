from django.db import models
from django.db.models import Q

from haitang.alliances.values import POINTS_MAX, Kind, Owed
from haitang.core.brought import BroughtFile
from haitang.core.privacy import Privacy


class CatalogueLine(models.Model):
    """A duty that agreements take over, or a criterion by which a side is judged. Nobody is judged by name.

    group: of a duty, the kind of joint work. owed, times: of a duty, who owes it and how often a year.
    points: of a criterion, at most. is_shipped: as a release brought it, so that a later one may follow it up.
    """

    kind = models.TextField("类型", choices=Kind)
    code = models.TextField("编码", db_collation="C")
    name = models.TextField("名称")
    group = models.TextField("方面", default="")
    owed = models.TextField("责任方", choices=Owed, default="")
    times = models.SmallIntegerField("每年次数", default=0)
    points = models.SmallIntegerField("分值", default=0)
    words = models.TextField("说明", default="")
    source = models.TextField("依据", default="")
    order = models.SmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("启用", default=True)
    is_shipped = models.BooleanField("随产品发布", default=False)

    PRIVACY = dict.fromkeys(
        (
            "id", "kind", "code", "name", "group", "owed", "times", "points", "words", "source", "order", "is_active",
            "is_shipped",
        ),
        Privacy.PUBLIC,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="alliances_line_code"),
            models.CheckConstraint(
                name="alliances_line_kind",
                condition=Q(kind=Kind.DUTY, owed__in=Owed.values, points=0)
                | Q(kind__in=(Kind.OF_UNIT, Kind.OF_COMMUNITY), points__gte=1, points__lte=POINTS_MAX),
            ),
        ]


class AllianceSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)


class LinkFile(BroughtFile):
    """A file of links and agreements on its way in. year: of the agreements."""

    year = models.SmallIntegerField("年度")

    PRIVACY = {**BroughtFile.PRIVACY, "year": Privacy.INTERNAL}

    class Meta:
        indexes = [models.Index(fields=["account_id", "-brought_at"], name="alliances_file_account")]
