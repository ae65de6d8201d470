from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.webhooks.values import OPEN, Level, Permission, Standing, State, Why

SECRET = "webhooks.subscription.secret"  # noqa: S105 - the context under which secrets are sealed
ADDRESS = "webhooks.subscription.url"
"""The context under which addresses are sealed: some receivers are found by a word in their address alone."""


class SubscriptionQuerySet(models.QuerySet):
    """The vocabulary of lists of subscriptions."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to those that the viewer may manage: of their areas; those of the whole city to whoever manages it."""
        areas = viewer.areas(Permission.MANAGE)
        return self if EVERYWHERE in areas else self.filter(below(areas))


class Subscription(models.Model):
    """Another system that is told of events: where, of which, in which area, how much, and how far it has been told.

    area: None for everywhere; area_ids: its chain from the root. secret_sealed: what deliveries are signed with;
    old_secret_sealed: the one before, which signs too until old_until. owner: who made it and is told of its failing.
    failures: in a row, without one that got through; failing_since: when the first of them was. rests_until: nothing
    is tried before. system, snapshot, id_above, last_id: its place in the history (core.commits.Place).
    """

    name = models.TextField("名称")
    url_sealed = models.BinaryField("地址（密文）")
    area = models.ForeignKey("territory.Area", models.PROTECT, null=True, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链", default=list)
    level = models.TextField("内容范围", choices=Level)
    kinds = ArrayField(models.TextField(), verbose_name="事件种类")
    secret_sealed = models.BinaryField("密钥（密文）")
    old_secret_sealed = models.BinaryField("旧密钥（密文）", default=b"")
    old_until = models.DateTimeField("旧密钥有效至", null=True)
    state = models.TextField("状态", choices=State, default=State.ACTIVE)
    why = models.TextField("暂停原因", choices=Why, default="")
    owner = models.ForeignKey("people.Account", models.PROTECT, related_name="+", verbose_name="订阅人")
    made_at = models.DateTimeField("新建时间")
    failures = models.IntegerField("连续失败次数", default=0)
    failing_since = models.DateTimeField("开始失败时间", null=True)
    rests_until = models.DateTimeField("歇到", null=True)
    delivered_at = models.DateTimeField("最近送达时间", null=True)
    system = models.TextField("数据库系统")
    snapshot = models.TextField("快照")
    id_above = models.BigIntegerField("条目下限")
    last_id = models.BigIntegerField("最后条目")

    objects = SubscriptionQuerySet.as_manager()

    SEALED_FOR = {"url_sealed": ADDRESS, "secret_sealed": SECRET, "old_secret_sealed": SECRET}
    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "name", "area", "area_ids", "level", "kinds", "old_until", "state", "why", "made_at", "failures",
                "failing_since", "rests_until", "delivered_at", "system", "snapshot", "id_above", "last_id",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("url_sealed", "secret_sealed", "old_secret_sealed"), Privacy.SECRET),
        "owner": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhooks_paused_for_a_reason",
                condition=Q(state=State.PAUSED) & ~Q(why="") | ~Q(state=State.PAUSED) & Q(why=""),
            ),
            models.CheckConstraint(
                name="webhooks_signed_while_it_lasts",
                condition=Q(state=State.ENDED, secret_sealed=b"") | (~Q(state=State.ENDED) & ~Q(secret_sealed=b"")),
            ),
        ]


class Delivery(models.Model):
    """One event for one subscription. In the order of their ids those of a case are sent, one after the other.

    entry_id: of the history; None for a test. subject_id: the case. attempts: how often it was tried.
    next_at: before when it is not tried (again). status_code, error, took_ms: of the last attempt.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries", verbose_name="事件订阅")
    entry_id = models.BigIntegerField("历史条目", null=True)
    kind = models.TextField("事件种类")
    subject_id = models.BigIntegerField("案件")
    standing = models.TextField("状态", choices=Standing, default=Standing.WAITING)
    made_at = models.DateTimeField("进入时间")
    next_at = models.DateTimeField("下次尝试")
    ended_at = models.DateTimeField("完成时间", null=True)
    attempts = models.SmallIntegerField("尝试次数", default=0)
    status_code = models.SmallIntegerField("对方状态码", null=True)
    error = models.TextField("失败原因", default="")
    took_ms = models.IntegerField("用时", null=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "subscription", "entry_id", "kind", "subject_id", "standing", "made_at", "next_at", "ended_at",
            "attempts", "status_code", "error", "took_ms",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "entry_id"], name="webhooks_once_an_entry"),
        ]
        indexes = [
            models.Index(
                fields=["subscription", "subject_id", "id"], name="webhooks_open", condition=Q(standing__in=OPEN)
            ),
            models.Index(
                fields=["subscription", "next_at", "id"], name="webhooks_due",
                condition=Q(standing=Standing.WAITING),
            ),
            models.Index(F("subscription"), F("made_at").desc(), F("id").desc(), name="webhooks_listed"),
            models.Index(fields=["ended_at"], name="webhooks_ended", condition=Q(ended_at__isnull=False)),
        ]  # fmt: skip


class WebhookSetting(models.Model):
    """A rule for webhooks that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
