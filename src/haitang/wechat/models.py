from django.db import models
from django.db.models import Q

from haitang.core.privacy import Privacy
from haitang.wechat.values import Standing, Step

TOKEN, AES, SECRET, ACCESS = (f"wechat.account.{name}" for name in ("token", "aes", "secret", "access"))
OPENID, DRAFT, MEDIA = "wechat.contact.openid", "wechat.dialogue.draft", "wechat.picture.media"
"""The contexts under which each of these is sealed."""


class OfficialAccount(models.Model):
    """The one official account that belongs to this installation, with what is agreed with the platform of WeChat.

    old_aes_sealed: the EncodingAESKey before, with which the platform may still send. access_sealed: the access token
    that the platform has given, good until access_until, for all processes; whoever renews it holds the row's lock.
    """

    only = models.BooleanField(default=True, unique=True)
    app_id = models.TextField("AppID")
    token_sealed = models.BinaryField("令牌（密文）")
    aes_sealed = models.BinaryField("消息加解密密钥（密文）")
    old_aes_sealed = models.BinaryField("旧消息加解密密钥（密文）", default=b"")
    secret_sealed = models.BinaryField("AppSecret（密文）")
    is_active = models.BooleanField("启用", default=True)
    access_sealed = models.BinaryField("接口凭证（密文）", default=b"")
    access_until = models.DateTimeField("接口凭证有效至", null=True)

    SEALED_FOR = {
        "token_sealed": TOKEN, "aes_sealed": AES, "old_aes_sealed": AES, "secret_sealed": SECRET,
        "access_sealed": ACCESS,
    }  # fmt: skip
    PRIVACY = {
        **dict.fromkeys(("id", "only", "app_id", "is_active", "access_until"), Privacy.INTERNAL),
        **dict.fromkeys(
            ("token_sealed", "aes_sealed", "old_aes_sealed", "secret_sealed", "access_sealed"), Privacy.SECRET
        ),
    }

    class Meta:
        constraints = [models.CheckConstraint(name="wechat_one_account", condition=Q(only=True))]


class Contact(models.Model):
    """Somebody who has written to the official account: nothing but an openid, which says nothing elsewhere.

    openid_index: the keyed digest in full length, by which they are found again. last_at: of their last message.
    """

    openid_sealed = models.BinaryField("微信号标识（密文）")
    openid_index = models.BinaryField("微信号标识索引", unique=True)
    first_at = models.DateTimeField("首次来信")
    last_at = models.DateTimeField("最近来信", db_index=True)

    SEALED_FOR = {"openid_sealed": OPENID}
    PRIVACY = {
        **dict.fromkeys(("id", "first_at", "last_at"), Privacy.INTERNAL),
        **dict.fromkeys(("openid_sealed", "openid_index"), Privacy.SENSITIVE),
    }


class Dialogue(models.Model):
    """One report as it is being told, and after it was sent the thread by which it is followed.

    draft_sealed: what was said so far (words, place, point, telephone), emptied once it was sent or given up.
    expires_at: when it is given up unless something comes. case: what came of it. last_entry_id: of the history of the
    case, how far its reporter has been told; follow_until: when nothing is told any more.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="dialogues", verbose_name="来信人")
    step = models.TextField("步骤", choices=Step)
    draft_sealed = models.BinaryField("草稿（密文）")
    expires_at = models.DateTimeField("保留至")
    ended_at = models.DateTimeField("结束时间", null=True)
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="案件"
    )
    last_entry_id = models.BigIntegerField("已告知至", default=0)
    follow_until = models.DateTimeField("告知至", null=True)

    SEALED_FOR = {"draft_sealed": DRAFT}
    PRIVACY = {
        **dict.fromkeys(
            ("id", "contact", "step", "expires_at", "ended_at", "case", "last_entry_id", "follow_until"),
            Privacy.INTERNAL,
        ),
        "draft_sealed": Privacy.SENSITIVE,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], name="wechat_one_at_a_time", condition=Q(ended_at__isnull=True)
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["follow_until"], name="wechat_followed", condition=Q(case__isnull=False)),
        ]


class Picture(models.Model):
    """A picture that was sent: fetched from the platform by a job, checked and kept, or refused.

    media_sealed: what the platform calls it; emptied once it was fetched. digest and the rest: as it is kept.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="pictures", verbose_name="来信")
    standing = models.TextField("状态", choices=Standing, default=Standing.WAITING)
    media_sealed = models.BinaryField("媒体编号（密文）")
    digest = models.TextField("摘要", default="", db_collation="C")
    mime = models.TextField("类型", default="")
    width = models.IntegerField("宽", default=0)
    height = models.IntegerField("高", default=0)
    size = models.IntegerField("字节", default=0)

    SEALED_FOR = {"media_sealed": MEDIA}
    PRIVACY = {
        **dict.fromkeys(
            ("id", "dialogue", "standing", "digest", "mime", "width", "height", "size"), Privacy.INTERNAL
        ),
        "media_sealed": Privacy.SECRET,
    }  # fmt: skip


class WechatSetting(models.Model):
    """A rule of the official account that this office has set; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
