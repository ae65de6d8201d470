"""The first accounts of an installation, from which all others come."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.people import queries
from haitang.people.actions.accounts import create_account
from haitang.people.actions.grants import give_grant
from haitang.people.values import DUTY_OF, AdministratorsExist, random_password

FIRST = {
    "system_admin": ("sysadmin", "系统管理员"),
    "security_admin": ("secadmin", "安全管理员"),
    "audit_admin": ("auditor", "审计管理员"),
}
"""The shipped role of each administrator, with the sign-in name and the name of its first account."""


@transaction.atomic
def appoint_first_administrators(*, actor: Actor, now: datetime) -> dict[str, str]:
    """
    Make one account for each of the three administrators, and return their first passwords by sign-in name.

    The passwords are random, are kept nowhere, and must be changed at the first sign-in.
    Raises AdministratorsExist (there is one already, who makes the others), NotAllowed, UsernameTaken.
    """
    if any(queries.list_accounts_holding(permission, area_path=EVERYWHERE, now=now) for permission in DUTY_OF):
        raise AdministratorsExist(_("已有管理员账号，请由系统管理员建立账号、安全管理员授权"))
    passwords = {}
    for role, (username, name) in FIRST.items():
        passwords[username] = random_password()
        account = create_account(actor=actor, username=username, name=name, password=passwords[username], now=now)
        give_grant(
            actor=actor, account_id=account.pk, role=role, from_date=local_date(now), reason=_("首个管理员账号"),
            now=now,
        )  # fmt: skip
    return passwords
