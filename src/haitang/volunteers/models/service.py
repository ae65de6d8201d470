from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.volunteers.models.person import Volunteer


class ServiceRecord(models.Model):
    """One service that somebody did; theirs to take along. After a withdrawal it says of nobody that it was done.

    source, source_id: the app and its thing in which it was done ("orders", "17"); "" for none.
    """

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="services", verbose_name="登记人")
    source = models.TextField("来源")
    source_id = models.TextField("来源编号")
    what = models.TextField("服务内容")
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间")
    recorded_at = models.DateTimeField("记录时间")

    PRIVACY = {
        **dict.fromkeys(("id", "source", "source_id", "recorded_at"), Privacy.INTERNAL),
        **dict.fromkeys(("volunteer", "what", "began_at", "ended_at"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id", "volunteer"], name="volunteers_service_once"),
            models.CheckConstraint(name="volunteers_service_takes_time", condition=Q(ended_at__gt=F("began_at"))),
        ]
        indexes = [models.Index(F("volunteer"), F("began_at").desc(), F("id").desc(), name="volunteers_service_own")]


class Certificate(models.Model):
    """A statement of somebody's services in a period, as it was when it was issued.

    name: erased when the person withdraws. code: printed on it, by which anybody checks it.
    """

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="certificates", verbose_name="登记人")
    code = models.TextField("验证码", unique=True)
    name = models.TextField("姓名")
    from_date = models.DateField("起始日期")
    to_date = models.DateField("截止日期")
    services = models.IntegerField("服务次数")
    minutes = models.IntegerField("服务时长（分钟）")
    issued_at = models.DateTimeField("出具时间")

    PRIVACY = {
        **dict.fromkeys(("id", "issued_at"), Privacy.INTERNAL),
        **dict.fromkeys(("volunteer", "name", "from_date", "to_date", "services", "minutes"), Privacy.PERSONAL),
        "code": Privacy.SECRET,
    }


class CalendarKey(models.Model):
    """The secret address of somebody's calendar; only the key's hash is kept. One at a time; revoked, it is dead."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="calendar_keys", verbose_name="登记人")
    key_hash = models.BinaryField("密钥摘要", unique=True)
    made_at = models.DateTimeField("生成时间")
    revoked_at = models.DateTimeField("吊销时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "made_at", "revoked_at"), Privacy.INTERNAL), "volunteer": Privacy.PERSONAL,
        "key_hash": Privacy.SECRET,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"], condition=Q(revoked_at=None), name="volunteers_one_calendar_key"
            )
        ]
