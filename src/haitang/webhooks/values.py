"""The words of webhooks: permission, states, kinds of events, how a delivery is signed and written."""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any, get_args, get_type_hints

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.errors import Conflict, NotFound
from haitang.core.facts import fact_named
from haitang.core.privacy import Privacy
from haitang.core.shipped import read_shipped


class Permission(StrEnum):
    """What may be done about webhooks. Which role holds which is data."""

    MANAGE = "webhooks.subscription.manage"


class State(TextChoices):
    """How a subscription stands. A paused one keeps its place in the history and goes on from there."""

    ACTIVE = "active", _("推送中")
    PAUSED = "paused", _("已暂停")
    ENDED = "ended", pgettext_lazy("webhook", "已停用")


class Why(TextChoices):
    """Why a subscription is paused."""

    BY_HAND = "by_hand", _("人工暂停")
    FAILING = "failing", _("长时间送不到，已自动暂停")
    GONE = "gone", _("对方答复地址已停用（410），已自动暂停")


class Level(TextChoices):
    """How much a subscription is told; of persons none is told anything."""

    PUBLIC = "public", _("只含可对外公开的内容")
    INTERNAL = "internal", _("含工作数据，不含个人信息")


class Standing(TextChoices):
    """How a delivery stands. A dead one holds the later ones of its case back until somebody decides about it."""

    WAITING = "waiting", _("待送达")
    DELIVERED = "delivered", _("已送达")
    DEAD = "dead", _("送达失败")
    DROPPED = "dropped", _("不再送达")
    WITHHELD = "withheld", _("不对外提供")


OPEN = (Standing.WAITING.value, Standing.DEAD.value)
"""What holds later ones of its case back."""

TEST = "webhook.test"
"""The kind of what the test button sends."""
NAME_LENGTH_MAX = 50
SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 - how every secret begins, of the published shape
VERSION = "v1"
_SEEN_AT = {Level.PUBLIC: {Privacy.PUBLIC}, Level.INTERNAL: {Privacy.PUBLIC, Privacy.INTERNAL}}


class SubscriptionNotFound(NotFound):
    """There is no such subscription, or not in the viewer's areas."""


class DeliveryNotFound(NotFound):
    """There is no such delivery of this subscription."""


class WrongState(Conflict):
    """The subscription, or the delivery, is not in a state that permits this."""


@cache
def kinds() -> dict[str, str]:
    """Return the fact behind every kind of event that can be subscribed to, in the order in which they are listed."""
    return dict(read_shipped("webhooks", "kinds.toml")["kinds"])


def label_of_kind(kind: str) -> str:
    """Return what a kind of event is called, in the reader's language."""
    if kind == TEST:
        return str(_("测试"))
    return str(fact_named(kinds().get(kind, "")).label or kind)


@cache
def told_of(fact_name: str, level: str) -> tuple[str, ...]:
    """Return the names of the fact's fields that a subscription of that level is told: by their privacy class alone."""
    seen = _SEEN_AT[Level(level)]
    hints = get_type_hints(fact_named(fact_name), include_extras=True)
    return tuple(name for name, hint in hints.items() if seen.intersection(get_args(hint)[1:]))


def details_of(fact_name: str, data: Mapping[str, Any], level: str) -> dict[str, Any]:
    """Return what a fact's fields say to a subscription of that level; of one that was erased nothing."""
    return {name: data[name] for name in told_of(fact_name, level) if name in data}


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery as it goes out. id: the same however often it is sent, so that a receiver knows it again."""

    id: str
    body: bytes

    def headers(self, secrets_: list[str], now: datetime) -> dict[str, str]:
        """Return the headers: id, instant and a signature by every secret that holds now."""
        at = int(now.timestamp())
        return {
            "Content-Type": "application/json; charset=utf-8",
            "webhook-id": self.id,
            "webhook-timestamp": str(at),
            "webhook-signature": " ".join(sign(secret, self.id, at, self.body) for secret in secrets_),
        }


def message_id(subscription_id: int, entry_id: int | None, delivery_id: int) -> str:
    """Return the id of a delivery: that of the entry, or of the test that it is."""
    return f"msg_{subscription_id}_{entry_id}" if entry_id else f"msg_{subscription_id}_test_{delivery_id}"


def written(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """Return the body of a delivery. at: when it happened."""
    told = {"type": kind, "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def new_secret() -> str:
    """Return a new secret, as the receiver is given it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, id_: str, at: int, body: bytes) -> str:
    """Return the signature "v1,…" of a body under its id and instant (seconds since 1970).

    Source: Standard Webhooks 1.0.0, symmetric signatures: HMAC-SHA256 over "id.timestamp.body".
    """
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is base64 behind its prefix") from error
    signed = hmac.new(key, f"{id_}.{at}.".encode() + body, sha256).digest()
    return f"{VERSION},{base64.b64encode(signed).decode()}"
