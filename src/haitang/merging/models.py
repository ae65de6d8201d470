from django.db import models
from django.db.models import F, Q

from haitang.cases.values import Channel
from haitang.core.privacy import Privacy


class Join(models.Model):
    """That a case goes along with a main case: as long as it does, and afterwards if both have ended.

    rested: the joined case's clock, as cases.actions.rest_clock gave it.
    """

    case = models.OneToOneField(
        "cases.Case", models.PROTECT, primary_key=True, related_name="+", verbose_name="并入的案件"
    )
    main = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="主案件")
    rested = models.JSONField("停下的时限", default=dict)
    by_id = models.BigIntegerField("并单账号", null=True)
    at = models.DateTimeField("并单时间")

    PRIVACY = {**dict.fromkeys(("case", "main", "rested", "at"), Privacy.INTERNAL), "by_id": Privacy.PERSONAL}

    class Meta:
        constraints = [models.CheckConstraint(name="merging_join_another", condition=~Q(case=F("main")))]


class Voice(models.Model):
    """Somebody who meets with the same matter: an account, or a visitor with a code of their own.

    browser: digest of the token that the visitor's browser holds. told: whether they have been told that it is solved.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="案件")
    account_id = models.BigIntegerField("账号", null=True)
    query_code = models.TextField("查询码")
    phone_sealed = models.BinaryField("电话", null=True)
    phone_index = models.BinaryField("电话索引", null=True)
    browser = models.BinaryField("浏览器", null=True)
    at = models.DateTimeField("时间")
    told_at = models.DateTimeField("告知时间", null=True)

    SEALED_FOR = {"phone_sealed": "merging.voice.phone"}
    PRIVACY = {
        **dict.fromkeys(("id", "case", "at", "told_at"), Privacy.INTERNAL),
        **dict.fromkeys(("account_id", "browser"), Privacy.PERSONAL),
        **dict.fromkeys(("phone_sealed", "phone_index"), Privacy.SENSITIVE),
        "query_code": Privacy.SECRET,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "account_id"], name="merging_voice_account"),
            models.UniqueConstraint(fields=["case", "browser"], name="merging_voice_browser"),
        ]


class Repeat(models.Model):
    """One more request of one person on a matter that a case stands for.

    later: the case opened all the same, because this one had ended; null where it was linked alone.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", verbose_name="案件")
    later = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", verbose_name="后来的案件")
    channel = models.TextField("来源", choices=Channel)
    text = models.TextField("反映内容")
    by_id = models.BigIntegerField("登记账号", null=True)
    at = models.DateTimeField("时间")

    PRIVACY = {
        **dict.fromkeys(("id", "case", "later", "channel", "at"), Privacy.INTERNAL),
        **dict.fromkeys(("text", "by_id"), Privacy.PERSONAL),
    }


class Flag(models.Model):
    """Whether a case is held for difficult, and why. Taken off by hand, the rule puts it on no more."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+", verbose_name="案件")
    is_on = models.BooleanField("疑难", default=True)
    by_rule = models.BooleanField("按规则", default=False)
    reason = models.TextField("理由")
    at = models.DateTimeField("时间")

    PRIVACY = {**dict.fromkeys(("case", "is_on", "by_rule", "at"), Privacy.INTERNAL), "reason": Privacy.PERSONAL}
