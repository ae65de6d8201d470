"""Closing an account for good at its owner's wish: nothing is left that says who it was."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.people import queries
from haitang.people.actions.sessions import close_sessions
from haitang.people.facts import AccountErased
from haitang.people.models import ApiToken, Attempt, Grant, Holding, Notice, PastPassword, Person
from haitang.people.values import StillInOffice

GONE = "（已注销）"
"""The name that stays in the row, in no reader's language."""


@dataclass(frozen=True, slots=True)
class WhoItWas:
    """What is to be forgotten elsewhere, too. texts: names, numbers and addresses that stood there."""

    person_id: int | None
    texts: tuple[str, ...]


@transaction.atomic
def erase_account(*, actor: Actor, account_id: int, now: datetime) -> WhoItWas:
    """
    Erase an account and its person: name, sign-in name, telephone, address, tokens, notices, factors, old passwords.

    The row stays, as nobody: other rows count by it. For the desk that answers requests about personal data, which has
    asked whether it may. Raises AccountUnknown, StillInOffice (who has ever held a post or a grant: what they did is on
    record by law).
    """
    account = queries.lock_account(account_id)
    person: Person | None = account.person
    grants = Grant.objects.filter(account=account)
    if grants.filter(~Q(permission="") | Q(role__permissions__isnull=False)).exists() or (
        person is not None and Holding.objects.filter(person=person).exists()
    ):
        raise StillInOffice(_("在岗或曾任职、曾获授权的人员，其履职记录依法保存，账号不能注销，可由系统管理员停用"))
    texts = [account.username, account.name]
    if person is not None:
        texts += [person.name, person.phone, person.address]
        person.name, person.phone, person.address = GONE, "", ""
        person.save()
    close_sessions(account.pk)
    grants.update(reason="")
    for rows in (PastPassword, Attempt, Notice):
        rows.objects.filter(account=account).delete()  # type: ignore[attr-defined]  # three models of this app
    Authenticator.objects.filter(user=account).delete()
    ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=now)
    ApiToken.objects.filter(account=account).update(name="")
    account.username, account.name, account.is_active = f"erased-{account.pk}", GONE, False
    account.password, account.last_login, account.must_change_password = make_password(None), None, False
    account.save()
    history.record(actor=actor, fact=AccountErased(account.pk), at=now)
    queries.ACTORS.touch()
    return WhoItWas(person.pk if person is not None else None, tuple(text for text in texts if text))
