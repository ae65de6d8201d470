"""Signing in: the rules, failed attempts, open sessions, old passwords, and permissions for a while."""

from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.people.models.accounts import Account
from haitang.people.values import DUTY_OF


class SignInSetting(models.Model):
    """A rule of signing in that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("key", "value"), Privacy.INTERNAL)


class PastPassword(models.Model):
    """The hash of a password that the account has had, so that it is not chosen again."""

    account = models.ForeignKey(Account, models.CASCADE, verbose_name="账号", related_name="+")
    password = models.TextField("密码摘要")
    at = models.DateTimeField("时间")

    PRIVACY = {"account": Privacy.PERSONAL, "password": Privacy.SECRET, "at": Privacy.INTERNAL}


class Attempt(models.Model):
    """Failed sign-ins in a row under one name, whether an account bears it or not: a lock gives nothing away.

    name_hash: SHA-256 of the name as typed, in small letters; some people type their password there.
    failures: attempts since the last good one, those under way included. resets_at: when they are forgotten; past the
    limit, until when the name is locked.
    """

    name_hash = models.BinaryField("账号摘要", unique=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, verbose_name="账号", related_name="+")
    failures = models.IntegerField("次数")
    resets_at = models.DateTimeField("清零时间")

    PRIVACY = {
        "name_hash": Privacy.PERSONAL, "account": Privacy.PERSONAL, "failures": Privacy.INTERNAL,
        "resets_at": Privacy.INTERNAL,
    }  # fmt: skip


class SignIn(models.Model):
    """An open session of an account: where it is signed in at present. Goes when the session ends.

    What is left is the fact that somebody signed in, as the audit asks (GB/T 22239-2019 8.1.4.3); nowhere is kept how
    long anybody was there. device: browser and system in words. seen_at: to the minute, to end what is idle.
    """

    account = models.ForeignKey(Account, models.CASCADE, verbose_name="账号", related_name="+")
    session_key = models.TextField("会话", unique=True)
    device = models.TextField("设备")
    address = models.TextField("网络地址")
    at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")

    PRIVACY = {
        "account": Privacy.PERSONAL, "session_key": Privacy.SECRET, "device": Privacy.PERSONAL,
        "address": Privacy.PERSONAL, "at": Privacy.PERSONAL, "seen_at": Privacy.PERSONAL,
    }  # fmt: skip


class Elevation(models.Model):
    """A permission asked for, and perhaps given, for some hours and a reason; it ends by itself.

    It widens what the account may do, never where: it holds over the scopes of the account's own grants.
    granted_at, until: null until somebody has agreed. decided_at without granted_at: refused, or taken back unasked.
    """

    account = models.ForeignKey(Account, models.PROTECT, verbose_name="申请人", related_name="+")
    permission = models.TextField("权限")
    hours = models.IntegerField("时长（小时）")
    reason = models.TextField("理由")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, verbose_name="批准人", related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    answer = models.TextField("答复", default="")
    granted_at = models.DateTimeField("生效时间", null=True)
    until = models.DateTimeField("终止时间", null=True)
    reported_at = models.DateTimeField("报告时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("account", "decided_by", "reason", "answer"), Privacy.PERSONAL),
        **dict.fromkeys(("permission", "hours", "asked_at", "decided_at", "granted_at", "until", "reported_at"),
                        Privacy.INTERNAL),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_at=None, until=None) | Q(granted_at__isnull=False, until__isnull=False),
                name="people_elevation_ends",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("account")), name="people_elevation_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(permission__in=[str(each) for each in DUTY_OF]), name="people_elevation_no_administrator"
            ),
            models.UniqueConstraint(
                fields=["account", "permission"], condition=Q(decided_at=None), name="people_elevation_asked_once"
            ),
        ]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="people_elevation_asked"),
            models.Index(fields=["until"], condition=Q(reported_at=None), name="people_elevation_until"),
        ]


class ApiUse(models.Model):
    """How many requests of a minute a token or an address has been allowed so far, over all processes.

    A row for each, written anew every minute and a few times in it: processes take requests in advance
    (queries.limits). The table is not logged: after a crash it is empty, and everybody begins at nothing.
    """

    key = models.TextField("对象", primary_key=True)
    minute = models.BigIntegerField("分钟")
    taken = models.IntegerField("已取用")

    PRIVACY = {"key": Privacy.PERSONAL, "minute": Privacy.INTERNAL, "taken": Privacy.INTERNAL}
