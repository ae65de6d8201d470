"""Reads over people: who is asking and what may they do; who is to be told; what the pages show."""

from haitang.people.queries.actors import (
    ACTORS,
    authenticate_token,
    get_actor,
    hash_token,
    list_accounts_holding,
    list_responsible,
)
from haitang.people.queries.rows import (
    count_unread,
    get_account_id,
    get_person,
    get_role,
    list_grants_of,
    list_holdings_of,
    list_permissions_in_period,
    lock_account,
    lock_grant,
    lock_holding,
    lock_person,
    lock_role,
    lock_token,
    permissions_of,
)

__all__ = [
    "ACTORS",
    "authenticate_token",
    "count_unread",
    "get_account_id",
    "get_actor",
    "get_person",
    "get_role",
    "hash_token",
    "list_accounts_holding",
    "list_grants_of",
    "list_holdings_of",
    "list_permissions_in_period",
    "list_responsible",
    "lock_account",
    "lock_grant",
    "lock_holding",
    "lock_person",
    "lock_role",
    "lock_token",
    "permissions_of",
]
