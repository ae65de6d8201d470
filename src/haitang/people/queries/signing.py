"""The rules of signing in, who is locked out, where an account is signed in."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from haitang.core import policy
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.errors import NotFound
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.people.models import Account, Attempt, PastPassword, SignIn, SignInSetting
from haitang.people.queries import rows
from haitang.people.values import PRODUCTION, Permission, matches

SIGN_IN_SETTINGS = Settings(cache(partial(read_shipped, "people", "settings.toml")), SignInSetting)
SIGN_IN: policy.Policy[Mapping[str, Any]] = policy.Policy("people.sign_in", SIGN_IN_SETTINGS.values)
LOCKS_SHOWN = 200


@dataclass(frozen=True)
class SecurityPage:
    """How an account is kept: its second factors and where it is signed in.

    factors: TOTP first, then passkeys. codes_left: unused recovery codes, None where there are none.
    must_have_factor: whether what it holds asks for a second one here.
    """

    account: Account
    factors: Sequence[Authenticator]
    codes_left: int | None
    sessions: Sequence[SignIn]
    password_days_left: int | None
    must_have_factor: bool


@dataclass(frozen=True)
class LocksPage:
    """Who cannot sign in at present. unknown: how many names are locked that no account bears."""

    locked: Sequence[Attempt]
    unknown: int


def sign_in_rules() -> Mapping[str, Any]:
    """Return the rules of signing in as of now."""
    return SIGN_IN.get()


def list_sign_in_rules(*, viewer: Actor) -> list[SettingLine]:
    """Return every rule with its value and where it comes from; raise NotAllowed without GRANT_MANAGE everywhere."""
    require(viewer, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    return SIGN_IN_SETTINGS.lines()


def is_factor_required() -> bool:
    """Tell whether those who hold the permissions of the rule `factor_permissions` must have a second factor here."""
    rule = sign_in_rules()["factor_required"]
    return rule == "always" or (rule == PRODUCTION and os.environ.get("HAITANG_ENV") == PRODUCTION)


def must_have_factor(actor: Actor) -> bool:
    """Tell whether the actor holds something that asks for a second factor. Reads no row in a request."""
    if not is_factor_required():
        return False
    patterns = sign_in_rules()["factor_permissions"]
    return any(matches(each, patterns) for each in actor.permissions)


def has_factor(account_id: int) -> bool:
    """Tell whether the account has a second factor; recovery codes alone are none."""
    held = Authenticator.objects.filter(user_id=account_id)
    return held.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_password_too_old(changed_at: datetime | None, now: datetime) -> bool:
    """Tell whether a password that its owner chose at that instant has to be changed."""
    days = sign_in_rules()["password_days_max"]
    return bool(days and changed_at is not None and now - changed_at > timedelta(days=days))


def password_rule() -> str:
    """Return the rule for passwords as a sentence."""
    rules = sign_in_rules()
    length, kinds, again = rules["password_length_min"], rules["password_kinds_min"], rules["password_history"]
    text = _("至少 %(length)d 位，含大写字母、小写字母、数字、符号中的 %(kinds)d 种") % {
        "length": length,
        "kinds": kinds,
    }
    if not again:
        return text
    more = _n("不得与最近 %(n)d 次用过的相同", "不得与最近 %(n)d 次用过的相同", again) % {"n": again}
    return f"{text}；{more}"


def list_past_passwords(account_id: int, count: int) -> list[str]:
    """Return the hashes of the passwords that the account had last, the present one included. For actions."""
    found = PastPassword.objects.filter(account_id=account_id).order_by("-at", "-id")
    return list(found.values_list("password", flat=True)[:count])


def find_sign_in(session_key: str) -> SignIn | None:
    """Return the open session of that key, None where none is noted. For entrances that hold the key."""
    return SignIn.objects.filter(session_key=session_key).first()


def lock_sign_in(sign_in_id: int) -> SignIn:
    """Return an open session, locked until the end of the transaction. Raises NotFound."""
    return rows.one(SignIn.objects.select_for_update(), sign_in_id, NotFound(_("没有找到这处登录，可能已经结束")))


def get_security_page(*, viewer: Actor, now: datetime) -> SecurityPage:
    """Return how the viewer's own account is kept. Raises AccountUnknown (a visitor)."""
    return _security_page(rows.get_account(viewer.id or 0), now, must=must_have_factor(viewer))


def get_security_of(*, viewer: Actor, account_id: int, now: datetime) -> SecurityPage:
    """Return how another's account is kept; raise NotAllowed without GRANT_MANAGE, AccountUnknown."""
    require(viewer, Permission.GRANT_MANAGE)
    return _security_page(rows.get_account(account_id), now, must=False)


def _security_page(account: Account, now: datetime, *, must: bool) -> SecurityPage:
    held = list(Authenticator.objects.filter(user=account).order_by("type", "id"))
    codes = next((each for each in held if each.type == Authenticator.Type.RECOVERY_CODES), None)
    days = sign_in_rules()["password_days_max"]
    left = None
    if days and account.password_changed_at is not None:
        left = max(days - (now - account.password_changed_at).days, 0)
    return SecurityPage(
        account=account,
        factors=[each for each in held if each is not codes],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        sessions=list(SignIn.objects.filter(account=account).order_by("-seen_at", "-id")),
        password_days_left=left,
        must_have_factor=must,
    )


def list_locks(*, viewer: Actor, now: datetime) -> LocksPage:
    """Return who is locked out at present; raise NotAllowed without GRANT_MANAGE."""
    require(viewer, Permission.GRANT_MANAGE)
    held = Attempt.objects.filter(failures__gte=sign_in_rules()["lock_failures_max"], resets_at__gt=now)
    known = held.filter(account__isnull=False).select_related("account").order_by("-resets_at", "id")
    return LocksPage(list(known[:LOCKS_SHOWN]), held.filter(account=None).count())
