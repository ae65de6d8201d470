from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.callups.lifecycle import Status
from haitang.callups.values import COMES, Answer, Permission, Urgency
from haitang.core import crypto
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.core.privacy import Privacy
from haitang.core.scoping import below

CODE = "callups.callup.code"
"""The context under which the codes for reporting on the spot are sealed."""


class CallUpQuerySet(models.QuerySet):
    """The vocabulary of lists of call-ups."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose call-ups the viewer may see as staff."""
        areas = viewer.areas(Permission.VIEW) | viewer.areas(Permission.CALL)
        return self if EVERYWHERE in areas else self.filter(below(areas))


class CallUp(models.Model):
    """One call to everybody who fits: what for, where, when, how many, until when they may answer.

    area: where those called live. places: None for as many as come. taken: how many have a place. turns: how many have
    ever been put on the wait list, so that each has a number of its own there. called: how many were called.
    code: stands in the QR code by which one reports on the spot. ended_at: when the work was over, as the caller says.
    """

    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="发起单位"
    )
    called_by_id = models.BigIntegerField("发起人账号", null=True)
    called_by_name = models.TextField("发起人")
    called_at = models.DateTimeField("发起时间")
    purpose = models.TextField("事由")
    words = models.TextField("具体任务", default="")
    place = models.TextField("地点")
    urgency = models.TextField("紧急程度", choices=Urgency)
    begins_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("预计结束时间")
    answer_by = models.DateTimeField("答复截止")
    skills = ArrayField(models.TextField(), verbose_name="技能", default=list)
    classes = ArrayField(models.TextField(), verbose_name="类别", default=list)
    only_free = models.BooleanField("只召唤这个时间方便的人", default=False)
    places = models.IntegerField("所需人数", null=True)
    taken = models.IntegerField("已有人数", default=0)
    turns = models.IntegerField("候补序号", default=0)
    called = models.IntegerField("召唤人数")
    code_sealed = models.BinaryField("报到码（密文）")
    status = models.TextField("状态", choices=Status, default=Status.OPEN)
    ended_at = models.DateTimeField("结束时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    summary = models.TextField("小结", default="")
    reason = models.TextField("取消原因", default="")

    SEALED_FOR = {"code_sealed": CODE}
    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "area", "area_ids", "organization", "called_at", "purpose", "words", "place", "urgency",
                "begins_at", "ends_at", "answer_by", "skills", "classes", "only_free", "places", "taken", "turns",
                "called", "status", "ended_at", "closed_at", "summary", "reason",
            ),
            Privacy.INTERNAL,
        ),
        "called_by_id": Privacy.PERSONAL, "called_by_name": Privacy.PERSONAL, "code_sealed": Privacy.SENSITIVE,
    }  # fmt: skip

    objects = CallUpQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("called_at").desc(), F("id").desc(), name="callups_called")]
        constraints = [
            models.CheckConstraint(
                name="callups_places",
                condition=Q(taken__gte=0) & (Q(places__isnull=True) | Q(places__gt=0, taken__lte=F("places"))),
            ),
            models.CheckConstraint(name="callups_in_order", condition=Q(ends_at__gt=F("begins_at"))),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"ZH{local_date(self.called_at):%Y%m}-{self.pk:04d}"

    @property
    def code(self) -> str:
        """Return the code for reporting on the spot, in full."""
        return crypto.open_(self.code_sealed, CODE)

    @property
    def left(self) -> int | None:
        """Return how many places are left, None where there is no limit."""
        return None if self.places is None else self.places - self.taken


class Call(models.Model):
    """One person called, and what they have answered.

    turn: their number on the wait list, None for who has a place or has not asked for one. reason: what they say of
    coming late or not at all. is_called: False for who came without having been called. by_staff_id: the account that
    took the answer down for them, by telephone. here_at: when they reported on the spot.
    """

    callup = models.ForeignKey(CallUp, models.CASCADE, related_name="calls")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name="被召唤人")
    is_called = models.BooleanField("被召唤", default=True)
    answer = models.TextField("答复", choices=Answer, default=Answer.NONE, blank=True)
    turn = models.IntegerField("候补第几位", null=True)
    reason = models.TextField("说明", default="")
    answered_at = models.DateTimeField("答复时间", null=True)
    by_staff_id = models.BigIntegerField("代为答复的账号", null=True)
    here_at = models.DateTimeField("报到时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "callup", "is_called", "turn", "answered_at", "by_staff_id"), Privacy.INTERNAL),
        **dict.fromkeys(("volunteer", "answer", "reason", "here_at"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["callup", "volunteer"], name="callups_called_once"),
            models.CheckConstraint(name="callups_waits_to_come", condition=Q(turn__isnull=True) | Q(answer__in=COMES)),
            models.CheckConstraint(
                name="callups_here_with_place",
                condition=Q(here_at__isnull=True) | Q(turn__isnull=True, answer__in=COMES),
            ),
            models.UniqueConstraint(fields=["callup", "turn"], name="callups_turns"),
        ]

    @property
    def has_place(self) -> bool:
        """Whether a place is theirs."""
        return self.answer in COMES and self.turn is None


class CallUpSetting(models.Model):
    """A rule for call-ups that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
