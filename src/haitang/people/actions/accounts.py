"""Accounts, their passwords, and their tokens for the API."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, Kind, require
from haitang.core.characters import as_compared, check_name
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotAllowed
from haitang.people import queries
from haitang.people.actions.passwords import hashed, remember
from haitang.people.actions.reach import lock_to_become, lock_within_reach
from haitang.people.actions.sessions import close_sessions
from haitang.people.facts import (
    AccountCreated,
    AccountSwitchedOff,
    AccountSwitchedOn,
    TokenCreated,
    TokenRevoked,
)
from haitang.people.models import Account, ApiToken
from haitang.people.values import (
    READ,
    UNMASK,
    WRITE,
    Permission,
    PersonHasAccount,
    TokenOver,
    UsernameTaken,
    api_areas,
    clean_text,
)

TOKEN_PREFIX = "ht_"  # noqa: S105 - what tokens begin with, so that a leaked one is recognised
TOKEN_BYTES = 32


@transaction.atomic
def create_account(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    now: datetime,
    person_id: int | None = None,
    temporary: bool = True,
) -> Account:
    """Let somebody sign in from now on. The account may do nothing until it is given a grant.

    username: 2 to 50 characters; the sign-in name. password: "" for an account that only uses tokens.
    temporary: the password was chosen by somebody else and must be changed at the first sign-in.

    Raises NotAllowed (no ACCOUNT_MANAGE), Invalid (an unusable name or password), UsernameTaken,
    PersonHasAccount, PersonUnknown.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    person = queries.lock_person(person_id) if person_id is not None else None
    username = clean_text(as_compared(username), field="username", label=_("账号"), length_max=50)
    account = Account(
        username=check_name(username, "username"),
        name=check_name(clean_text(name, field="name", label=_("姓名"), length_max=50), "name"),
        person=person,
        must_change_password=temporary and bool(password),
    )
    account.password = hashed(password, account) if password else make_password(None)
    with refusing(
        {
            "people_account_username_key": UsernameTaken(_("账号“%(username)s”已被使用") % {"username": username}),
            "people_account_person_id_key": PersonHasAccount(_("该人员已有账号，一人只用一个账号")),
        }
    ):
        account.save(force_insert=True)
    if password:
        remember(account, now)
    history.record(actor=actor, fact=AccountCreated(account.pk, account.username), at=now)
    return account


@transaction.atomic
def switch_account_off(*, actor: Actor, account_id: int, reason: str, now: datetime) -> Account:
    """Keep the account from being used, at once, its sessions and tokens included; nothing is deleted.

    Raises AccountUnknown, NotAllowed, OutOfReach, Invalid (no reason, or one's own account).
    """
    account = lock_within_reach(actor, account_id, now)
    if account.pk == actor.id:
        raise Invalid(_("不能停用自己的账号"))
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    if account.is_active:
        account.is_active = False
        account.save(update_fields=["is_active"])
        close_sessions(account.pk)
        history.record(actor=actor, fact=AccountSwitchedOff(account.pk, reason), at=now)
        queries.ACTORS.touch()
    return account


@transaction.atomic
def switch_account_on(*, actor: Actor, account_id: int, now: datetime) -> Account:
    """Let the account be used again. Raises AccountUnknown, NotAllowed, OutOfReach."""
    account = lock_within_reach(actor, account_id, now)
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])
        history.record(actor=actor, fact=AccountSwitchedOn(account.pk), at=now)
        queries.ACTORS.touch()
    return account


@transaction.atomic
def create_token(
    *,
    actor: Actor,
    account_id: int,
    name: str,
    now: datetime,
    expires_at: datetime | None = None,
    scopes: Collection[str] | None = None,
) -> tuple[ApiToken, str]:
    """Make a token with which a program acts as the account. Returns its row and the token, which is never shown again.

    name: what it is for. expires_at: aware instant in the future, not after the longest time of the rule
    `token_days_max`; None: at that time. scopes: values.scope_of; None: all that the account may do.
    Raises AccountUnknown, NotAllowed (another's account without ACCOUNT_MANAGE, or one that somebody signs in
    with: an administrator would act in that person's name unseen), OutOfReach, AdministratorApart, Invalid.
    """
    account = queries.lock_account(account_id) if account_id == actor.id else lock_to_become(actor, account_id, now)
    if account.pk != actor.id and actor.kind is not Kind.SYSTEM and account.has_usable_password():
        raise NotAllowed(_("该账号由本人登录使用，令牌只能由本人生成"))
    latest = now + timedelta(days=queries.sign_in_rules()["token_days_max"])
    if expires_at is not None and expires_at <= now:
        raise Invalid(_("到期时间应晚于现在"), {"expires_at": _("到期时间应晚于现在")})
    if expires_at is not None and expires_at > latest:
        text = _("接口令牌最长有效 %(n)d 天") % {"n": (latest - now).days}
        raise Invalid(text, {"days": text})
    if scopes is not None and not all(_is_scope(each) for each in scopes):
        raise Invalid(_("没有这样的令牌范围"), {"scopes": _("没有这样的令牌范围")})
    given = sorted(set(scopes)) if scopes is not None else None
    name = clean_text(name, field="name", label=_("名称"), length_max=50)
    plain = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        account=account, name=name, token_hash=queries.hash_token(plain), scopes=given, created_at=now,
        expires_at=expires_at or latest,
    )  # fmt: skip
    history.record(actor=actor, fact=TokenCreated(account.pk, token.pk, name, given or []), at=now)
    return token, plain


def _is_scope(scope: str) -> bool:
    area, _colon, deed = scope.partition(":")
    return scope == UNMASK or (area in api_areas() and deed in (READ, WRITE))


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int, now: datetime) -> ApiToken:
    """Make the token worthless at once.

    Raises NotFound, NotAllowed (another's token without ACCOUNT_MANAGE), OutOfReach, TokenOver (already revoked).
    """
    token = queries.lock_token(token_id)
    if token.account_id != actor.id:
        lock_within_reach(actor, token.account_id, now)
    if token.revoked_at is not None:
        raise TokenOver(_("该令牌已吊销"))
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    history.record(actor=actor, fact=TokenRevoked(token.account_id, token.pk), at=now)
    return token
