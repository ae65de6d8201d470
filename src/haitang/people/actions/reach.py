"""Another's account, taken in hand by an administrator."""

from datetime import datetime

from haitang.core import clock
from haitang.core.access import Actor, require
from haitang.people import policies, queries
from haitang.people.models import Account
from haitang.people.values import Permission


def lock_within_reach(actor: Actor, account_id: int, now: datetime) -> Account:
    """Return the account, locked, if the actor administers it; raise AccountUnknown, NotAllowed, OutOfReach."""
    require(actor, Permission.ACCOUNT_MANAGE)
    account = queries.lock_account(account_id)
    policies.check_may_manage_account(actor, queries.list_grants_of(account_id, clock.local_date(now)))
    return account


def lock_to_become(actor: Actor, account_id: int, now: datetime) -> Account:
    """Return the account, locked, if the actor may set its password; raise as lock_within_reach, AdministratorApart."""
    account = lock_within_reach(actor, account_id, now)
    policies.check_may_become(actor, queries.list_grants_of(account_id, clock.local_date(now)))
    return account
