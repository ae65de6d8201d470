"""What can have happened to subscriptions. No secret stands here, nor the whole address, which may hold one."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.webhooks.values import Level, Why

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]


class OfWebhooks(Fact):
    """What these facts have in common: how their fields and the values of these read."""

    subject_type = "webhook"
    field_labels = {
        "subscription_id": _("事件订阅"), "name": _("名称"), "host": _("对方服务器"), "area_code": _("区域"),
        "level": _("内容范围"), "kinds": _("事件种类"), "why": _("原因"), "skipped": _("跳过暂停期间的事件"),
        "count": _("件数"), "setting_id": _("设置"), "key": _("设置"), "value": _("值"), "area_id": _("区域"),
        "new_area_id": _("新区域"),
    }  # fmt: skip
    field_words = {"level": dict(Level.choices), "why": dict(Why.choices)}


@dataclass(frozen=True)
class SubscriptionMade(OfWebhooks):
    """Another system is told of events from now on. host: of its address. area_code: "" for everywhere."""

    label = _("新建事件订阅")
    subscription_id: Id
    name: Word
    host: Word
    area_code: Word
    level: Word
    kinds: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class SubscriptionChanged(OfWebhooks):
    """A subscription was changed to this."""

    label = _("修改事件订阅")
    subscription_id: Id
    name: Word
    host: Word
    area_code: Word
    level: Word
    kinds: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class WebhookSecretChanged(OfWebhooks):
    """Another secret signs from now on; the old one does, too, for a while."""

    label = _("更换推送密钥")
    subscription_id: Id


@dataclass(frozen=True)
class SubscriptionPaused(OfWebhooks):
    """Nothing is sent until somebody lets it go on. why: of values.Why."""

    label = _("暂停推送")
    subscription_id: Id
    why: Word


@dataclass(frozen=True)
class SubscriptionResumed(OfWebhooks):
    """It goes on; skipped: what happened meanwhile is not sent any more."""

    label = _("恢复推送")
    subscription_id: Id
    skipped: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class SubscriptionEnded(OfWebhooks):
    """It is over for good, and its secret is gone."""

    label = _("停用事件订阅")
    subscription_id: Id


@dataclass(frozen=True)
class DeliveriesResent(OfWebhooks):
    """Somebody has had so many deliveries that had failed for good sent again."""

    label = _("重新推送")
    subscription_id: Id
    count: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class DeliveriesDropped(OfWebhooks):
    """Somebody has given up so many deliveries that had failed for good."""

    label = _("放弃推送")
    subscription_id: Id
    count: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class WebhookRuleChanged(OfWebhooks):
    """A rule for webhooks was set otherwise: its key and its new value as text."""

    label = _("修改推送规则")
    subject_type = "webhook_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class SubscriptionsMoved(OfWebhooks):
    """An area went on as another version, and so many subscriptions with it."""

    label = _("事件订阅随区域更替")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    count: Annotated[int, Privacy.INTERNAL]
