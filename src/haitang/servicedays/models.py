from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.servicedays.values import HOLDS, Permission, Repeat, State

CODE = "servicedays.shift.code"
"""The context under which the codes for reporting on the spot are sealed."""


class ByArea(models.QuerySet):
    """Lists of rows that lie in an area."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose service days the viewer may see as staff."""
        areas = viewer.areas(Permission.VIEW) | viewer.areas(Permission.MANAGE)
        return self if EVERYWHERE in areas else self.filter(below(areas))


class ServiceRule(models.Model):
    """A service day that comes again: on which day of the week, every week or the how-manieth of the month.

    shifts: as stored by values.NewShift. ended_at: since when no more days come of it.
    """

    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="组织单位"
    )
    theme = models.TextField("主题")
    words = models.TextField("说明", default="")
    repeat = models.TextField("重复", choices=Repeat)
    weekday = models.SmallIntegerField("星期")
    nth = models.SmallIntegerField("第几个")
    shifts = models.JSONField("班次")
    from_date = models.DateField("起始日期")
    until_date = models.DateField("截止日期", null=True)
    made_at = models.DateTimeField("安排时间")
    ended_at = models.DateTimeField("停止时间", null=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "area", "area_ids", "organization", "theme", "words", "repeat", "weekday", "nth", "shifts",
            "from_date", "until_date", "made_at", "ended_at",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = ByArea.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="servicedays_rule_days", condition=Q(weekday__range=(0, 6), nth__range=(1, 5)))
        ]


class ServiceDay(models.Model):
    """A day on which people serve together. rule: from which it comes, if it comes again."""

    rule = models.ForeignKey(ServiceRule, models.PROTECT, null=True, related_name="days")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="组织单位"
    )
    theme = models.TextField("主题")
    words = models.TextField("说明", default="")
    on = models.DateField("日期")
    made_at = models.DateTimeField("安排时间")
    cancelled_at = models.DateTimeField("取消时间", null=True)
    reason = models.TextField("取消原因", default="")

    PRIVACY = dict.fromkeys(
        (
            "id", "rule", "area", "area_ids", "organization", "theme", "words", "on", "made_at", "cancelled_at",
            "reason",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = ByArea.as_manager()

    class Meta:
        indexes = [models.Index(fields=["on", "id"], name="servicedays_on")]
        constraints = [models.UniqueConstraint(fields=["rule", "on"], name="servicedays_once_a_rule")]

    def __str__(self) -> str:
        return self.theme


class Shift(models.Model):
    """One task at one place for some hours of a service day. taken, turns: see core.places.

    code: stands in the QR code by which one reports on the spot. closed_at: when who came was settled.
    """

    day = models.ForeignKey(ServiceDay, models.CASCADE, related_name="shifts")
    task = models.TextField("任务")
    place = models.TextField("地点")
    begins_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    places = models.IntegerField("名额")
    taken = models.IntegerField("已报名", default=0)
    turns = models.IntegerField("候补序号", default=0)
    skills = ArrayField(models.TextField(), verbose_name="技能", default=list)
    code_sealed = models.BinaryField("报到码（密文）")
    closed_at = models.DateTimeField("结束登记时间", null=True)

    SEALED_FOR = {"code_sealed": CODE}
    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "day", "task", "place", "begins_at", "ends_at", "places", "taken", "turns", "skills",
                "closed_at",
            ),
            Privacy.INTERNAL,
        ),
        "code_sealed": Privacy.SENSITIVE,
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["begins_at", "id"], name="servicedays_to_come", condition=Q(closed_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(name="servicedays_places", condition=Q(taken__gte=0, taken__lte=F("places"))),
            models.CheckConstraint(name="servicedays_in_order", condition=Q(ends_at__gt=F("begins_at"))),
        ]

    @property
    def code(self) -> str:
        """Return the code for reporting on the spot, in full."""
        return crypto.open_(self.code_sealed, CODE)

    @property
    def left(self) -> int:
        """Return how many places are left."""
        return self.places - self.taken


class SignUp(models.Model):
    """Somebody signed up for a shift, once. turn: their number on the wait list, None for who has a place.

    assured_at: when they confirmed to come. is_late: left within the hours of the setting. reminded: on which days
    before. here_at: when they reported on the spot.
    """

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="signups")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name="报名人")
    state = models.TextField("状态", choices=State, default=State.SIGNED)
    turn = models.IntegerField("候补第几位", null=True)
    signed_at = models.DateTimeField("报名时间")
    by_staff_id = models.BigIntegerField("代为报名的账号", null=True)
    assured_at = models.DateTimeField("确认能到时间", null=True)
    left_at = models.DateTimeField("退出时间", null=True)
    reason = models.TextField("退出原因", default="")
    is_late = models.BooleanField("临时退出", default=False)
    reminded = ArrayField(models.SmallIntegerField(), verbose_name="已提醒", default=list)
    here_at = models.DateTimeField("报到时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "shift", "turn", "signed_at", "by_staff_id", "reminded"), Privacy.INTERNAL),
        **dict.fromkeys(
            ("volunteer", "state", "assured_at", "left_at", "reason", "is_late", "here_at"), Privacy.PERSONAL
        ),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "volunteer"], name="servicedays_signed_once"),
            models.UniqueConstraint(fields=["shift", "turn"], name="servicedays_turns"),
            models.CheckConstraint(
                name="servicedays_waits_signed", condition=Q(turn__isnull=True) | Q(state=State.SIGNED)
            ),
            models.CheckConstraint(
                name="servicedays_here_with_place",
                condition=Q(here_at__isnull=True) | Q(state=State.SIGNED, turn__isnull=True),
            ),
        ]

    @property
    def has_place(self) -> bool:
        """Whether a place is theirs."""
        return self.state in HOLDS and self.turn is None


class ServiceDaySetting(models.Model):
    """A rule for service days that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
