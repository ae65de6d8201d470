from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.patrols.lifecycle import HazardStatus
from haitang.patrols.values import Level, Permission, PlaceKind, Purpose, Result


class ByArea(models.QuerySet):
    """Lists of rows that lie in an area."""

    def within(self, viewer: Actor, permission: str) -> Self:
        """Narrow to where the viewer holds the permission."""
        areas = viewer.areas(permission)
        return self if EVERYWHERE in areas else self.filter(below(areas))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class Checklist(models.Model):
    """One version of a checklist; the newest of a code is in force. Nothing of a version ever changes.

    every_months: 1 each month, 3 each quarter. items: [{"key", "text", "level", "source"}].
    is_shipped: as a release brought it, so that a later one may follow it up with its own next version.
    """

    code = models.TextField("编码", db_collation="C")
    version = models.IntegerField("版本")
    name = models.TextField("名称")
    place_kind = models.TextField("场所类型", choices=PlaceKind)
    every_months = models.SmallIntegerField("周期（月）")
    items = models.JSONField("检查项目")
    source = models.TextField("依据", default="")
    is_active = models.BooleanField("启用", default=True)
    is_shipped = models.BooleanField("随产品发布", default=False)

    PRIVACY = dict.fromkeys(
        ("id", "code", "version", "name", "place_kind", "every_months", "items", "source", "is_active", "is_shipped"),
        Privacy.INTERNAL,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="patrols_checklist_version")]


class PatrolSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)


class RoundQuerySet(ByArea):
    """The vocabulary of lists of rounds."""

    def visible_to(self, viewer: Actor) -> "RoundQuerySet":
        """Narrow to the areas whose patrols the viewer may see."""
        return self.within(viewer, Permission.VIEW)


class Round(models.Model):
    """One checklist of one grid in one month: a task of the grid, and of nobody by name.

    month: its first day. items_done, hazards: counted in the same transaction as the results.
    finished_on: the day on which the last item was filled in.
    """

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="+", verbose_name="清单模板")
    code = models.TextField("清单编码", db_collation="C")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="网格")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    month = models.DateField("月份")
    due_on = models.DateField("应完成日期")
    items_total = models.SmallIntegerField("项目数")
    items_done = models.SmallIntegerField("已检查", default=0)
    hazards = models.SmallIntegerField("隐患数", default=0)
    finished_on = models.DateField("完成日期", null=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "checklist", "code", "area", "area_ids", "month", "due_on", "items_total", "items_done", "hazards",
            "finished_on",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = RoundQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("month").desc(), F("area"), name="patrols_round_month")]
        constraints = [
            models.UniqueConstraint(fields=["code", "area", "month"], name="patrols_round_once"),
            models.CheckConstraint(
                name="patrols_round_finished",
                condition=Q(items_done__lt=F("items_total"), finished_on__isnull=True)
                | Q(items_done=F("items_total"), finished_on__isnull=False),
            ),
        ]


class ItemResult(models.Model):
    """What was found about one item of a round. Who filled it in and when is not kept."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="results")
    key = models.TextField("项目")
    result = models.TextField("结果", choices=Result)
    words = models.TextField("说明", default="")
    hazard = models.ForeignKey("Hazard", models.PROTECT, null=True, related_name="+", verbose_name="隐患")

    PRIVACY = {
        **dict.fromkeys(("id", "round", "key", "result", "hazard"), Privacy.INTERNAL),
        "words": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "key"], name="patrols_result_once"),
            models.CheckConstraint(
                name="patrols_result_hazard",
                condition=Q(result=Result.HAZARD, hazard__isnull=False)
                | (~Q(result=Result.HAZARD) & Q(hazard__isnull=True)),
            ),
        ]


class HazardQuerySet(ByArea):
    """The vocabulary of lists of hazards."""

    def visible_to(self, viewer: Actor) -> "HazardQuerySet":
        """Narrow to the areas whose hazards the viewer may see, and to what their own organization sees to."""
        areas = viewer.areas(Permission.VIEW_HAZARD)
        if EVERYWHERE in areas:
            return self
        seen = below(areas)
        offices = viewer.organizations(Permission.VIEW_HAZARD)
        if offices:
            seen |= Q(organization_id__in=offices)
        return self.filter(seen)

    def unsettled(self) -> "HazardQuerySet":
        """Narrow to those not closed yet."""
        return self.exclude(status=HazardStatus.CLOSED)


class Hazard(models.Model):
    """A danger found in a grid, until it is put right, looked at again and closed.

    round, item_key: the line of a checklist that led to it, if one did. case: what it was made, if it was.
    told: 0 nobody, 1 that its day is near, 2 that it has passed.
    """

    area = models.ForeignKey(
        "territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="所属区域"
    )
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name="巡查清单")
    item_key = models.TextField("检查项目", default="")
    level = models.TextField("等级", choices=Level)
    words = models.TextField("情况")
    place = models.TextField("地点", default="")
    responsible = models.TextField("责任人（单位）", default="")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name="督促单位",
    )  # fmt: skip
    status = models.TextField("状态", choices=HazardStatus, default=HazardStatus.OPEN)
    found_at = models.DateTimeField("登记时间")
    until_on = models.DateField("整改期限")
    closed_on = models.DateField("销号日期", null=True)
    failures = models.SmallIntegerField("复查未通过次数", default=0)
    rectified_by_id = models.BigIntegerField("整改登记账号", null=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", verbose_name="案件")
    visit = models.ForeignKey("Visit", models.SET_NULL, null=True, related_name="+", verbose_name="走访")
    told = models.SmallIntegerField("已提醒", default=0)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "area", "area_ids", "round", "item_key", "level", "organization", "status", "found_at",
                "until_on", "closed_on", "failures", "case", "visit", "told",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("words", "place", "responsible", "rectified_by_id"), Privacy.PERSONAL),
    }  # fmt: skip

    objects = HazardQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("found_at").desc(), F("id").desc(), name="patrols_hazard_found"),
            models.Index(fields=["until_on"], name="patrols_hazard_until", condition=~Q(status=HazardStatus.CLOSED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], name="patrols_hazard_case"),
            models.CheckConstraint(
                name="patrols_hazard_closed",
                condition=Q(status=HazardStatus.CLOSED, closed_on__isnull=False)
                | (~Q(status=HazardStatus.CLOSED) & Q(closed_on__isnull=True)),
            ),
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"YH{local_date(self.found_at):%Y%m}-{self.pk:05d}"


class HazardPhoto(models.Model):
    """A photo of a hazard, written anew without metadata, kept by its digest. Nobody is forced to take one."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="photos")
    purpose = models.TextField("用途", choices=Purpose)
    digest = models.TextField("摘要", db_collation="C")
    size = models.IntegerField("字节")

    PRIVACY = dict.fromkeys(("id", "hazard", "purpose", "digest", "size"), Privacy.INTERNAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hazard", "digest"], name="patrols_photo_once")]
