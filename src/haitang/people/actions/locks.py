"""Failed attempts in a row lock a name for a while, for all processes together; administrators lift a lock."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import ngettext as _n

from haitang.core import history, limits
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.errors import TooMany
from haitang.people import queries
from haitang.people.facts import CodeRefused, LockLifted, SignInFailed
from haitang.people.models import Attempt
from haitang.people.values import Locked, Permission

_BEGIN = """
INSERT INTO people_attempt AS a (name_hash, account_id, failures, resets_at)
VALUES (%(name)s, (SELECT id FROM people_account WHERE username = %(username)s), 1, %(until)s)
ON CONFLICT (name_hash) DO UPDATE SET
    account_id = excluded.account_id,
    failures = CASE WHEN a.resets_at <= %(now)s OR a.resets_at > excluded.resets_at + interval '1 minute'
                    THEN 1 ELSE a.failures + 1 END,
    resets_at = CASE WHEN a.resets_at <= %(now)s OR a.resets_at > excluded.resets_at + interval '1 minute'
                       OR a.failures < %(most)s THEN excluded.resets_at ELSE a.resets_at END
RETURNING failures, resets_at
"""
"""A lock that would last a minute longer than locks do was set by a clock that was ahead, and is over."""


@transaction.atomic
def begin_attempt(*, actor: Actor, username: str, address: str, now: datetime) -> None:
    """Count an attempt to sign in under a name and from an address, before the password is looked at.

    Counted beforehand, so that attempts at the same instant, in whatever process, are not all let through; a good one
    takes the count back. The lock begins with the last attempt allowed and lasts `lock_minutes`; whether an account
    bears the name makes no difference. Raises Locked.
    Source: GB/T 22239-2019 8.1.4.1 b).
    """
    rules = queries.sign_in_rules()
    lock = timedelta(minutes=rules["lock_minutes"])
    said = {
        "name": _hash(username), "username": username, "now": now, "until": now + lock,
        "most": rules["lock_failures_max"],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, said)
        failures, resets_at = cursor.fetchone()
    if failures > rules["lock_failures_max"]:
        raise _locked(int((resets_at - now).total_seconds()))
    try:
        limits.hit(
            _key_of(address), limit=rules["address_failures_max"], window_s=int(lock.total_seconds()), now=now
        )  # fmt: skip
    except TooMany as refusal:
        raise _locked(refusal.retry_after_s) from refusal


@transaction.atomic
def attempt_succeeded(*, actor: Actor, username: str, address: str, now: datetime) -> None:
    """The password was right: what had failed before is forgotten."""
    Attempt.objects.filter(name_hash=_hash(username)).delete()
    limits.give_back(_key_of(address))


@transaction.atomic
def attempt_failed(*, actor: Actor, username: str, address: str, now: datetime) -> None:
    """The password was wrong: that is written down, for a name that nobody bears in the same way (without the name)."""
    row = Attempt.objects.filter(name_hash=_hash(username)).first()
    is_locked = row is not None and row.failures >= queries.sign_in_rules()["lock_failures_max"]
    account_id = (row.account_id if row else None) or 0
    history.record(actor=actor, fact=SignInFailed(account_id, address, is_locked), at=now)


@transaction.atomic
def begin_code(*, actor: Actor, account_id: int, now: datetime) -> None:
    """Count an attempt at a second factor, before the code is looked at. Raises Locked."""
    rules = queries.sign_in_rules()
    try:
        limits.hit(
            _codes_of(account_id), limit=rules["lock_failures_max"], window_s=rules["lock_minutes"] * 60, now=now
        )  # fmt: skip
    except TooMany as refusal:
        raise _locked(refusal.retry_after_s) from refusal


@transaction.atomic
def code_accepted(*, actor: Actor, account_id: int, now: datetime) -> None:
    """The code was right."""
    limits.forget(_codes_of(account_id))


@transaction.atomic
def code_refused(*, actor: Actor, account_id: int, address: str, now: datetime) -> None:
    """The code was wrong: that is written down."""
    history.record(actor=actor, fact=CodeRefused(account_id, address), at=now)


@transaction.atomic
def lift_lock(*, actor: Actor, account_id: int, now: datetime) -> None:
    """Let the account's owner try again at once. Raises NotAllowed (no GRANT_MANAGE everywhere), AccountUnknown."""
    require(actor, Permission.GRANT_MANAGE, area_path=EVERYWHERE)
    queries.lock_account(account_id)
    forget_attempts(account_id)
    history.record(actor=actor, fact=LockLifted(account_id), at=now)


def forget_attempts(account_id: int) -> None:
    """Forget what has failed, inside another deed."""
    Attempt.objects.filter(account_id=account_id).delete()
    limits.forget(_codes_of(account_id))


def _locked(wait_s: int) -> Locked:
    minutes = max(-(-wait_s // 60), 1)
    text = _n(
        "连续输错次数过多，已暂时锁定，请 %(n)d 分钟后再试，或联系本单位管理员",
        "连续输错次数过多，已暂时锁定，请 %(n)d 分钟后再试，或联系本单位管理员",
        minutes,
    )
    return Locked(text % {"n": minutes}, retry_after_s=max(wait_s, 1))


def _hash(username: str) -> bytes:
    return hashlib.sha256(username.lower().encode(errors="replace")).digest()


def _key_of(address: str) -> str:
    return f"login:address:{address}"


def _codes_of(account_id: int) -> str:
    return f"login:code:{account_id}"
