"""Phones that keep drafts, and the captures that have become cases."""

from django.db import models

from haitang.core import crypto
from haitang.core.privacy import Privacy

KEY = "field.phone.key"
SIGN_IN = "field.phone.sign_in"


class Phone(models.Model):
    """A browser in which an account has switched the field page on.

    uid: the browser's own random name, by which it asks. Nothing else is known of it: no maker, no number.
    key_sealed: the private half of the key under which its drafts are kept; the phone holds the public half alone.
    sign_in_sealed: the session in which it last asked for its key, to be ended when the phone is revoked.
    ends_at: until when the key is kept.
    """

    account = models.ForeignKey("people.Account", models.PROTECT, verbose_name="账号", related_name="+")
    uid = models.UUIDField("手机", unique=True)
    key_sealed = models.BinaryField("密钥（密文）")
    sign_in_sealed = models.BinaryField("登录（密文）", null=True)
    made_at = models.DateTimeField("启用时间")
    ends_at = models.DateTimeField("到期时间")

    SEALED_FOR = {"key_sealed": KEY, "sign_in_sealed": SIGN_IN}
    PRIVACY = {
        "account": Privacy.PERSONAL, "uid": Privacy.INTERNAL, "key_sealed": Privacy.SECRET,
        "sign_in_sealed": Privacy.SECRET, "made_at": Privacy.INTERNAL, "ends_at": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="field_phone_ends")]

    @property
    def key(self) -> str:
        """The private half of the key, as the phone sent it."""
        return crypto.open_(self.key_sealed, KEY)

    @key.setter
    def key(self, plain: str) -> None:
        self.key_sealed = crypto.seal(plain, KEY)

    @property
    def sign_in(self) -> str:
        """The session's key, "" where none is known."""
        return crypto.open_(self.sign_in_sealed, SIGN_IN) if self.sign_in_sealed else ""

    @sign_in.setter
    def sign_in(self, plain: str) -> None:
        self.sign_in_sealed = crypto.seal(plain, SIGN_IN)


class CaptureSent(models.Model):
    """A capture that has become a case; kept for good, so that a phone may ask again after any time.

    case: None only within the transaction that is making it.
    """

    account = models.ForeignKey("people.Account", models.PROTECT, verbose_name="账号", related_name="+")
    key = models.UUIDField("采集键")
    case = models.ForeignKey("cases.Case", models.CASCADE, verbose_name="案件", null=True, related_name="+")

    PRIVACY = {"account": Privacy.PERSONAL, "key": Privacy.INTERNAL, "case": Privacy.INTERNAL}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="field_capturesent_once")]
