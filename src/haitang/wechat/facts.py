"""What can have happened to the official account and to what came by it. Nobody's openid stands here, nor a secret."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]


class OfWechat(Fact):
    """What these facts have in common: how their fields read."""

    field_labels = {
        "account_id": _("公众号"), "app_id": _("AppID"), "changed": _("修改项"), "is_active": _("启用"),
        "picture_id": _("照片"), "contact_id": _("来信人"), "setting_id": _("设置"), "key": _("设置"), "value": _("值"),
    }  # fmt: skip


@dataclass(frozen=True)
class OfficialAccountKept(OfWechat):
    """The official account was entered or changed. changed: names of what is another now, never what it is."""

    label = _("登记微信公众号")
    subject_type = "wechat"
    account_id: Id
    app_id: Word
    changed: Annotated[list[str], Privacy.INTERNAL]
    is_active: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class WechatPictureSent(OfWechat):
    """Somebody has sent a picture, which is still with the platform."""

    label = _("微信来信附照片")
    subject_type = "wechat_picture"
    picture_id: Id


@dataclass(frozen=True)
class WechatContactForgotten(OfWechat):
    """Somebody who had written was forgotten: at their wish, or once the time was over."""

    label = _("清除微信来信人")
    subject_type = "wechat_contact"
    contact_id: Id


@dataclass(frozen=True)
class WechatRuleChanged(OfWechat):
    """A rule was set otherwise: its key and its new value as text."""

    label = _("修改微信规则")
    subject_type = "wechat_setting"
    setting_id: Id
    key: Word
    value: Word
