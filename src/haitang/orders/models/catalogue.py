from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.orders.values import Dispatcher, Hours, Permission


class ByArea(models.QuerySet):
    """Lists of rows that lie in an area."""

    def within(self, viewer: Actor, *permissions: str) -> Self:
        """Narrow to where the viewer holds one of the permissions."""
        areas = frozenset().union(*(viewer.areas(permission) for permission in permissions))
        return self if EVERYWHERE in areas else self.filter(below(areas))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class ServiceType(models.Model):
    """A kind of service: what it is, how long it takes, and who orders it, hands it out and accepts it.

    variant: the shipped variant that it follows. skills: codes of the volunteers' registry, all of them asked for.
    is_automatic: proposals of the matching are offered without anybody pressing a button.
    is_shipped: as a release brought it, so that a later one may follow it up.
    """

    code = models.TextField("编码", unique=True, db_collation="C")
    name = models.TextField("名称")
    group = models.TextField("分组")
    words = models.TextField("说明", default="")
    variant = models.TextField("流程")
    orderers = ArrayField(models.TextField(), verbose_name="谁可以点单")
    dispatcher = models.TextField("谁派单", choices=Dispatcher)
    acceptors = ArrayField(models.TextField(), verbose_name="谁可以接单")
    skills = ArrayField(models.TextField(), verbose_name="所需技能", default=list)
    minutes = models.SmallIntegerField("时长（分钟）")
    is_automatic = models.BooleanField("自动派单", default=False)
    is_active = models.BooleanField("启用", default=True)
    is_shipped = models.BooleanField("随产品发布", default=False)

    PRIVACY = dict.fromkeys(
        (
            "id", "code", "name", "group", "words", "variant", "orderers", "dispatcher", "acceptors", "skills",
            "minutes", "is_automatic", "is_active", "is_shipped",
        ),
        Privacy.PUBLIC,
    )  # fmt: skip


class ServiceQuerySet(ByArea):
    """The vocabulary of the catalogue."""

    def offered_in(self, area_ids: tuple[int, ...]) -> "ServiceQuerySet":
        """Narrow to what is to be had in an area: services of it and of those above."""
        return self.filter(area_id__in=area_ids, is_active=True, type__is_active=True)

    def visible_to(self, viewer: Actor) -> "ServiceQuerySet":
        """Narrow to what the viewer looks after."""
        return self.within(viewer, Permission.MANAGE)


class Service(models.Model):
    """A service as it is to be had in one area: when, and for how many.

    hours: [[weekday, "09:00", "11:30"], …]. capacity_slot: orders that begin at the same hour. capacity_day: a day.
    organization: who sees to it as a rule, asked first; none for whoever fits. closed_on: days on which it rests.
    """

    type = models.ForeignKey(ServiceType, models.PROTECT, related_name="services", verbose_name="服务类型")
    name = models.TextField("名称")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="服务区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    words = models.TextField("说明", default="")
    hours = models.JSONField("服务时间")
    capacity_slot = models.SmallIntegerField("每个时段可约")
    capacity_day = models.SmallIntegerField("每天可约")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="承接单位"
    )
    closed_on = ArrayField(models.DateField(), verbose_name="停办日期", default=list)
    is_active = models.BooleanField("启用", default=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "type", "name", "area", "area_ids", "words", "hours", "capacity_slot", "capacity_day", "organization",
            "closed_on", "is_active",
        ),
        Privacy.PUBLIC,
    )  # fmt: skip

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orders_service_capacity", condition=Q(capacity_slot__gte=1, capacity_day__gte=1)
            )
        ]

    @property
    def hour_list(self) -> tuple[Hours, ...]:
        """Return the hours as values."""
        return tuple(Hours.of(each) for each in self.hours)


class Quota(models.Model):
    """A day of a service: how many orders it takes and has. Its lock orders whoever wants or leaves a place of the day.

    Made when the first order comes. Locks are taken in one order everywhere: quota, order, offers.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="quotas")
    on = models.DateField("日期")
    capacity = models.SmallIntegerField("可约")
    taken = models.SmallIntegerField("已约", default=0)

    PRIVACY = dict.fromkeys(("id", "service", "on", "capacity", "taken"), Privacy.INTERNAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "on"], name="orders_quota_once"),
            models.CheckConstraint(name="orders_quota_not_over", condition=Q(taken__gte=0, taken__lte=F("capacity"))),
        ]


class Slot(models.Model):
    """An hour of a service's day, with its own capacity; changed only under the lock of its day."""

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="slots")
    begins_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    capacity = models.SmallIntegerField("可约")
    taken = models.SmallIntegerField("已约", default=0)

    PRIVACY = dict.fromkeys(("id", "quota", "begins_at", "ends_at", "capacity", "taken"), Privacy.INTERNAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quota", "begins_at"], name="orders_slot_once"),
            models.CheckConstraint(name="orders_slot_not_over", condition=Q(taken__gte=0, taken__lte=F("capacity"))),
        ]


class OrderSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
