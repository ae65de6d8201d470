"""What can have happened to phones."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]


class OfPhones(Fact):
    """What the facts of this app have in common: they happened to an account's phone."""

    subject_type = "account"
    field_labels = {"account_id": _("账号"), "phone_id": _("手机"), "reason": _("原因")}


@dataclass(frozen=True)
class PhoneJoined(OfPhones):
    """A phone can keep drafts from now on. Of the phone nothing is known but this number."""

    label = _("启用外勤手机")
    account_id: Id
    phone_id: Id


@dataclass(frozen=True)
class PhoneForgotten(OfPhones):
    """The phone's key is gone: whatever drafts are left on it can be read by nobody.

    reason: signed_out, renewed, revoked, switched_off, expired.
    """

    label = _("停用外勤手机")
    field_words = {
        "reason": {
            "signed_out": _("退出登录"),
            "renewed": _("更换密钥"),
            "revoked": _("本人停用"),
            "switched_off": _("账号停用或重置密码"),
            "expired": _("密钥到期"),
        }
    }
    account_id: Id
    phone_id: Id
    reason: Annotated[str, Privacy.INTERNAL]
