from django.db import models
from django.db.models import F, Q

from haitang.callbacks.values import Outcome, Satisfaction, State, Via
from haitang.core.privacy import Privacy


class Callback(models.Model):
    """The call-back after one closure of a case.

    closing_entry_id: the entry of the history that tells of the closure, hence one call-back for each.
    round: which closure of the case it is, from 1. next_at: from when on the next call may be made; null once over.
    due_at: by when somebody should have called. ended_at: when it was answered, given up or withdrawn.
    is_contacted: whether the handling desk had contacted the reporter. reopened: on this answer the case is done over.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="案件")
    closing_entry_id = models.BigIntegerField("结案记录")
    round = models.SmallIntegerField("第几次结案")
    state = models.TextField("状态", choices=State)
    made_at = models.DateTimeField("生成时间")
    next_at = models.DateTimeField("可回访时间", null=True)
    due_at = models.DateTimeField("回访时限")
    attempts = models.SmallIntegerField("已尝试次数", default=0)
    ended_at = models.DateTimeField("完成时间", null=True)
    via = models.TextField("方式", choices=Via, default="")
    by_id = models.BigIntegerField("回访人", null=True)
    is_valid = models.BooleanField("有效回访", null=True)
    is_contacted = models.BooleanField("是否联系", null=True)
    is_solved = models.BooleanField("是否解决", null=True)
    satisfaction = models.TextField("是否满意", choices=Satisfaction, null=True)
    words = models.TextField("诉求人的话", default="")
    reopened = models.BooleanField("已重办", default=False)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "case", "closing_entry_id", "round", "state", "made_at", "next_at", "due_at", "attempts",
                "ended_at", "via", "is_valid", "reopened",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("by_id", "is_contacted", "is_solved", "satisfaction", "words"), Privacy.PERSONAL),
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(F("next_at"), F("id"), name="callbacks_waiting", condition=Q(next_at__isnull=False)),
            models.Index(
                F("ended_at").desc(), F("id").desc(), name="callbacks_ended", condition=Q(ended_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["closing_entry_id"], name="callbacks_once_a_closure"),
            models.UniqueConstraint(fields=["case", "round"], name="callbacks_rounds"),
            models.CheckConstraint(
                name="callbacks_waiting_or_ended",
                condition=Q(state=State.WAITING, next_at__isnull=False, ended_at__isnull=True)
                | (~Q(state=State.WAITING) & Q(next_at__isnull=True, ended_at__isnull=False)),
            ),
        ]


class Attempt(models.Model):
    """One call, whoever picked up."""

    callback = models.ForeignKey(Callback, models.CASCADE, related_name="calls")
    at = models.DateTimeField("时间")
    outcome = models.TextField("结果", choices=Outcome)
    note = models.TextField("备注", default="")
    by_id = models.BigIntegerField("回访人", null=True)
    by_name = models.TextField("回访人姓名")

    PRIVACY = {
        "id": Privacy.INTERNAL, "callback": Privacy.INTERNAL, "at": Privacy.INTERNAL, "outcome": Privacy.INTERNAL,
        "note": Privacy.PERSONAL, "by_id": Privacy.PERSONAL, "by_name": Privacy.PERSONAL,
    }  # fmt: skip


class Setting(models.Model):
    """A rule for call-backs that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
