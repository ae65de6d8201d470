from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.privacy.values import OPEN, Kind, State


class Request(models.Model):
    """What somebody asks about their own data, and what became of it.

    account_id: who asks; None for who came with the code of a thing (thing_type, thing_id).
    parts: codes of the parts it is about. words: what is to be corrected; erased with the rest once it is answered.
    refusal: code of the reason in data/refusals.toml. outcome: by part how many were erased, wait, and are kept.
    due_on: the last day for an answer.
    """

    account_id = models.BigIntegerField("账号", null=True)
    thing_type = models.TextField("事项类型", default="")
    thing_id = models.BigIntegerField("事项", null=True)
    kind = models.TextField("请求", choices=Kind)
    parts = ArrayField(models.TextField(), verbose_name="范围")
    words = models.TextField("说明", default="")
    state = models.TextField("状态", choices=State, default=State.WAITING)
    asked_at = models.DateTimeField("提出时间")
    due_on = models.DateField("答复期限")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by_id = models.BigIntegerField("答复账号", null=True)
    refusal = models.TextField("不同意的依据", default="")
    answer = models.TextField("答复", default="")
    outcome = models.JSONField("办理结果", default=dict)
    ended_at = models.DateTimeField("办结时间", null=True)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "thing_type", "thing_id", "kind", "parts", "state", "asked_at", "due_on", "answered_at",
                "refusal", "outcome", "ended_at",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("account_id", "words", "answered_by_id", "answer"), Privacy.PERSONAL),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="privacy_request_somebody",
                condition=Q(account_id__isnull=False, thing_type="", thing_id=None)
                | (Q(account_id=None, thing_id__isnull=False) & ~Q(thing_type="")),
            ),
            models.UniqueConstraint(
                fields=["account_id", "kind"], name="privacy_request_open",
                condition=Q(account_id__isnull=False, state__in=OPEN),
            ),
            models.UniqueConstraint(
                fields=["thing_type", "thing_id", "kind"], name="privacy_request_open_thing",
                condition=Q(thing_id__isnull=False, state__in=OPEN),
            ),
            models.CheckConstraint(
                name="privacy_request_ended",
                condition=Q(state__in=OPEN, ended_at=None) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
            ),
        ]  # fmt: skip
        indexes = [models.Index(F("asked_at").desc(), F("id").desc(), name="privacy_request_asked")]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"XX{self.pk:05d}"


class PrivacySetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("key", "value"), Privacy.INTERNAL)


class RetentionMonths(models.Model):
    """For how many months this office has a rule keep; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("key", "value"), Privacy.INTERNAL)


class RetentionRun(models.Model):
    """One rule carried out one night. before: what ended earlier was erased. is_done: nothing was left to the next."""

    rule = models.TextField("规则")
    months = models.IntegerField("保存月数")
    before = models.DateTimeField("早于")
    erased = models.IntegerField("删除行数")
    is_done = models.BooleanField("已全部删除")
    at = models.DateTimeField("时间")

    PRIVACY = dict.fromkeys(("id", "rule", "months", "before", "erased", "is_done", "at"), Privacy.INTERNAL)

    class Meta:
        indexes = [models.Index(F("rule"), F("at").desc(), F("id").desc(), name="privacy_run_rule")]


class NoticeVersion(models.Model):
    """What a notice says from that moment on, in the words of this office; the shipped words are version 1.

    Never changed: what was handed in names the version that was shown with it. made_by_id: the account.
    """

    code = models.TextField("告知")
    version = models.IntegerField("版本")
    purpose = models.TextField("用途")
    voluntary = models.TextField("可以不填的")
    consent = models.TextField("单独同意", default="")
    made_at = models.DateTimeField("启用时间")
    made_by_id = models.BigIntegerField("修改账号", null=True)

    PRIVACY = {
        **dict.fromkeys(("code", "version", "purpose", "voluntary", "consent", "made_at"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "made_by_id"), Privacy.INTERNAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="privacy_notice_version"),
            models.CheckConstraint(name="privacy_notice_above_shipped", condition=Q(version__gt=1)),
        ]
