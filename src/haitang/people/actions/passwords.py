"""Passwords: chosen by their owner or set by an administrator, by the rules in force, none of the last ones again."""

from datetime import datetime
from typing import NoReturn

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.errors import Invalid, NotSignedIn
from haitang.people import queries
from haitang.people.actions.locks import forget_attempts
from haitang.people.actions.reach import lock_to_become
from haitang.people.actions.sessions import close_sessions
from haitang.people.facts import PasswordChanged, PasswordReset
from haitang.people.models import Account, PastPassword
from haitang.people.values import WrongPassword, kinds_of


@transaction.atomic
def reset_password(*, actor: Actor, account_id: int, password: str, now: datetime) -> Account:
    """Set another's password, which they must change at the next sign-in; their open sessions end, and a lock.

    Raises AccountUnknown, NotAllowed, OutOfReach (the account may do more than the actor administers),
    AdministratorApart (it is a security or audit administrator's), Invalid.
    """
    account = lock_to_become(actor, account_id, now)
    account.password = hashed(password, account)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    remember(account, now)
    close_sessions(account.pk)
    forget_attempts(account.pk)
    history.record(actor=actor, fact=PasswordReset(account.pk), at=now)
    return account


@transaction.atomic
def change_password(*, actor: Actor, present: str, password: str, now: datetime, session_key: str = "") -> Account:
    """Change the actor's own password; its other sessions end. session_key: of the session that goes on.

    Raises NotSignedIn, WrongPassword (the present one is not right), Invalid (the new one is unusable, or was in use).
    """
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    account = queries.lock_account(actor.id)
    if not account.check_password(present):
        raise WrongPassword(_("当前密码不正确"), {"present": _("当前密码不正确")})
    if present == password:
        raise Invalid(_("新密码不能与当前密码相同"), {"password": _("新密码不能与当前密码相同")})
    count = queries.sign_in_rules()["password_history"]
    if any(check_password(password, each) for each in queries.list_past_passwords(account.pk, count)):
        _refuse(_("最近用过这个密码，请另选一个"))
    account.password = hashed(password, account)
    account.must_change_password = False
    account.password_changed_at = now
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    remember(account, now)
    close_sessions(account.pk, but=session_key)
    history.record(actor=actor, fact=PasswordChanged(account.pk), at=now)
    return account


def hashed(password: str, account: Account) -> str:
    """Return the hash of a password that the account may have. Raises Invalid.

    Source: GB/T 22239-2019 8.1.4.1 a); the numbers are rules (data/settings.toml).
    """
    rules = queries.sign_in_rules()
    length, kinds = rules["password_length_min"], rules["password_kinds_min"]
    if len(password) < length or kinds_of(password) < kinds:
        _refuse(_("密码%(rule)s") % {"rule": queries.password_rule()})
    try:
        validate_password(password, account)
    except ValidationError as error:
        _refuse(" ".join(error.messages))
    return make_password(password)


def remember(account: Account, now: datetime) -> None:
    """Keep the hash of the account's password, and forget those that no rule asks after any more."""
    PastPassword.objects.create(account=account, password=account.password, at=now)
    kept = PastPassword.objects.filter(account=account).order_by("-at", "-id")
    count = max(queries.sign_in_rules()["password_history"], 1)
    PastPassword.objects.filter(account=account).exclude(
        pk__in=list(kept.values_list("pk", flat=True)[:count])
    ).delete()


def _refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence, {"password": sentence})
