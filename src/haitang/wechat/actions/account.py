"""Entering the official account, and changing the rules."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.wechat import policies
from haitang.wechat.facts import OfficialAccountKept, WechatRuleChanged
from haitang.wechat.models import AES, SECRET, TOKEN, OfficialAccount
from haitang.wechat.queries import RULES, SETTINGS
from haitang.wechat.values import is_key

ID_LENGTH_MAX = 64
BOUNDS = {
    "fresh_s": (5, 3600), "dialogue_minutes": (5, 1440), "messages_per_hour": (1, 10_000),
    "reports_per_hour": (1, 1000), "follow_days": (0, 3650), "free_hours": (0, 48),
}  # fmt: skip


@transaction.atomic
def keep_account(
    *, actor: Actor, app_id: str, token: str, aes: str, secret: str, is_active: bool, now: datetime
) -> OfficialAccount:
    """
    Enter the official account, or change it; of token, key and secret "" keeps what is there.

    aes: the EncodingAESKey; the one before still opens what the platform encrypted with it. Raises NotAllowed, Invalid.
    """
    policies.check_can_manage(actor)
    row = OfficialAccount.objects.select_for_update(no_key=True).first()
    given = {"app_id": app_id.strip(), "token": token.strip(), "aes": aes.strip(), "secret": secret.strip()}
    _check(given, is_new=row is None)
    row = row or OfficialAccount()
    changed = ["app_id"] if row.app_id != given["app_id"] else []
    if row.pk and row.is_active != is_active:
        changed.append("is_active")
    if given["aes"]:
        row.old_aes_sealed = bytes(row.aes_sealed)
    for name, context in (("token", TOKEN), ("aes", AES), ("secret", SECRET)):
        if given[name]:
            setattr(row, f"{name}_sealed", crypto.seal(given[name], context))
            changed.append(name)
    row.app_id, row.is_active = given["app_id"], is_active
    if {"app_id", "secret"}.intersection(changed):
        row.access_sealed, row.access_until = b"", None
    row.save()
    if changed:
        fact = OfficialAccountKept(row.pk, row.app_id, changed, is_active)
        history.record(actor=actor, fact=fact, at=now)
    return row


def _check(given: dict[str, str], *, is_new: bool) -> None:
    wrong = {}
    for name, text in given.items():
        if (is_new or name == "app_id") and not text:
            wrong[name] = _("请填写")
        elif text and (len(text) > ID_LENGTH_MAX or not (text.isascii() and text.isalnum())):
            wrong[name] = _("只能是字母和数字")
    if given["aes"] and not is_key(given["aes"]):
        wrong["aes"] = _("应为 43 位字母和数字")
    if wrong:
        raise Invalid(_("请检查填写的内容"), wrong)


@transaction.atomic
def change_wechat_rule(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule. Raises NotAllowed, NotFound, Invalid."""
    policies.check_can_manage(actor)
    if change := SETTINGS.change(key, value, lambda given, like: _fits(key, given, like)):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=WechatRuleChanged(change.row.pk, key, told), at=now)


def _fits(key: str, value: Any, like: Any) -> bool:
    if key == "plain":
        return True
    if key == "template_fields":
        return value.keys() == like.keys() and all(name.isidentifier() and name.isascii() for name in value.values())
    if key == "template_id":
        return len(value) <= ID_LENGTH_MAX and (not value or value.replace("-", "").replace("_", "").isalnum())
    low, high = BOUNDS[key]
    return bool(low <= value <= high)
