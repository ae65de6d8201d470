"""Asking the platform of WeChat: one access token for all processes, answers judged by their errcode.

Source: 微信公众平台 获取稳定版接口调用凭据, 发送客服消息, 发送模板消息, 获取临时素材.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, outgoing
from haitang.wechat.models import ACCESS, SECRET, OfficialAccount
from haitang.wechat.values import NotSetUp, PlatformRefused

_STALE = {40001, 40014, 42001}
"""errcodes for an access token that holds no more, whatever was said when it was given."""
_EARLY = timedelta(minutes=5)
_WITHIN_S = 8.0


def send_text(*, openid: str, text: str, now: datetime) -> None:
    """Write to somebody who has written to us lately (客服消息). Raises NotSetUp, PlatformRefused."""
    told = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    _asked("/cgi-bin/message/custom/send", now, told)


def send_template(*, openid: str, template_id: str, data: Mapping[str, str], url: str, now: datetime) -> None:
    """Send a template message. data: texts by name in the template. Raises NotSetUp, PlatformRefused."""
    told = {name: {"value": value} for name, value in data.items()}
    asked = {"touser": openid, "template_id": template_id, "data": told, **({"url": url} if url else {})}
    _asked("/cgi-bin/message/template/send", now, asked)


def fetch_media(*, media_id: str, now: datetime) -> bytes:
    """Return what somebody has sent, by its media id; cut off one byte past what a photo may have.

    Raises NotSetUp, PlatformRefused (it is kept there for three days).
    """
    return _asked("/cgi-bin/media/get", now, None, {"media_id": media_id}, settings.PHOTO_BYTES_MAX + 1)


def access_token(now: datetime, *, stale: str = "") -> str:
    """Return the access token, asked for anew where it ends soon or is the one that was found stale.

    Whoever asks holds the lock on the account's row, so that of all processes one asks and the others read.
    """
    with transaction.atomic():
        row = OfficialAccount.objects.select_for_update().filter(is_active=True).first()
        if row is None:
            raise NotSetUp(_("没有启用微信公众号"))
        held = crypto.open_(row.access_sealed, ACCESS) if row.access_sealed else ""
        if held and held != stale and row.access_until is not None and now < row.access_until - _EARLY:
            return held
        told = {
            "grant_type": "client_credential", "appid": row.app_id, "secret": crypto.open_(row.secret_sealed, SECRET),
            "force_refresh": bool(stale) and held == stale,
        }  # fmt: skip
        answer = _json(_send("POST", "/cgi-bin/stable_token", told, 64 * 1024))
        token = str(answer.get("access_token") or "")
        if not token:
            raise _refused(answer)
        row.access_sealed = crypto.seal(token, ACCESS)
        row.access_until = now + timedelta(seconds=min(int(answer.get("expires_in") or 0), 7200))
        row.save(update_fields=["access_sealed", "access_until"])
        return token


def _asked(
    path: str, now: datetime, told: dict[str, Any] | None, query: Mapping[str, str] | None = None,
    bytes_max: int = 64 * 1024,
) -> bytes:  # fmt: skip
    token = access_token(now)
    for _try in range(2):
        asked = {"access_token": token, **(query or {})}
        answer = _send("GET" if told is None else "POST", path, told, bytes_max, asked)
        kind = answer.headers.get("content-type", "")
        if told is None and answer.status == 200 and kind.startswith("image/"):
            return answer.body
        found = _json(answer)
        if not found.get("errcode") and told is not None:
            return answer.body
        if found.get("errcode") not in _STALE:
            raise _refused(found)
        token = access_token(now, stale=token)
    raise _refused(found)


def _send(
    method: str, path: str, told: dict[str, Any] | None, bytes_max: int, query: Mapping[str, str] | None = None
) -> outgoing.Answer:
    body = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"} if body else {}
    try:
        return outgoing.send(
            settings.WECHAT_API + path, method=method, body=body, headers=headers, query=query, within_s=_WITHIN_S,
            bytes_max=bytes_max,
        )  # fmt: skip
    except (outgoing.NoAnswer, outgoing.AddressRefused) as refusal:
        raise PlatformRefused(refusal.message, 0) from refusal


def _json(answer: outgoing.Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict) or answer.status != 200:
        raise PlatformRefused(_("微信公众平台的应答无法读取"), 0)
    return found


def _refused(answer: Mapping[str, Any]) -> PlatformRefused:
    """Return the refusal; what the platform says beside its number may repeat what was sent and is left out."""
    number = answer.get("errcode")
    number = number if isinstance(number, int) else 0
    return PlatformRefused(_("微信公众平台没有受理（错误码 %(n)d）") % {"n": number}, number)
