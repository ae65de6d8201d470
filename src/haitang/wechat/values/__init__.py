"""The words of the WeChat official account: permission, steps of a report, what is told, and how it says no."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, NotAllowed
from haitang.wechat.values.sealing import EncryptedWrongly as EncryptedWrongly
from haitang.wechat.values.sealing import Keys as Keys
from haitang.wechat.values.sealing import decrypt as decrypt
from haitang.wechat.values.sealing import encrypt as encrypt
from haitang.wechat.values.sealing import is_key as is_key
from haitang.wechat.values.sealing import is_signed as is_signed
from haitang.wechat.values.sealing import signature as signature
from haitang.wechat.values.wire import Message as Message
from haitang.wechat.values.wire import NoMessage as NoMessage
from haitang.wechat.values.wire import envelope as envelope
from haitang.wechat.values.wire import fields_of as fields_of
from haitang.wechat.values.wire import read_message as read_message
from haitang.wechat.values.wire import reply as reply

PREFIX = "/wechat/messages"
"""Where the platform of WeChat sends to; no page is there."""
BODY_BYTES_MAX = 64 * 1024
WORDS_MAX = 2000
PICTURES_MAX = 9
PLACE_LENGTH_MAX = 200
OWN_SHOWN = 5
TEXT_BYTES_MAX = 2000
"""WeChat shows no longer texts: 2,048 bytes."""


class Permission(StrEnum):
    """What may be done about the official account. Which role holds which is data."""

    MANAGE = "wechat.account.manage"


class Step(TextChoices):
    """What an unfinished report waits for."""

    WORDS = "words", _("说明情况")
    WHERE = "where", _("说明地点")
    READY = "ready", _("确认上报")


class Standing(TextChoices):
    """What became of a picture. A kept one waits for the report to be sent."""

    WAITING = "waiting", _("待下载")
    KEPT = "kept", _("已保存")
    ATTACHED = "attached", _("已归入案件")
    REFUSED = "refused", _("未收下")


TOLD = (
    "CaseAccepted", "CaseRefused", "CaseRegistered", "CaseDispatched", "CaseAnswered", "CaseFedBack", "CaseClosed",
    "CaseForceClosed", "CaseReopened", "CaseSettled", "CaseVoided",
)  # fmt: skip
"""The facts of a case after which whoever reported it is written to."""


class NotFromWechat(NotAllowed):
    """Not signed with the token, too old, or not meant for this official account."""


class NotSetUp(Conflict):
    """No official account is entered, or it is turned off."""


class PlatformRefused(Conflict):
    """The platform of WeChat did not do what it was asked. errcode: its number for it; 0 for no answer at all."""

    def __init__(self, message: str, errcode: int) -> None:
        super().__init__(message)
        self.errcode = errcode
