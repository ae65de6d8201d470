"""Pages: persons and posts, accounts, roles and grants, and what belongs to whoever is signed in."""

from haitang.people.views.accounts import (
    account,
    account_create,
    account_list,
    account_off,
    account_on,
    account_password,
    account_token_create,
    account_token_revoke,
)
from haitang.people.views.audit import history
from haitang.people.views.grants import grant_give, grant_list, grant_revoke, role_change, role_create, role_list
from haitang.people.views.own import change_password, me, notice, notices, own_token_create, own_token_revoke
from haitang.people.views.persons import (
    person,
    person_appoint,
    person_change,
    person_create,
    person_dismiss,
    person_list,
    person_unmask,
)

__all__ = [
    "account",
    "account_create",
    "account_list",
    "account_off",
    "account_on",
    "account_password",
    "account_token_create",
    "account_token_revoke",
    "change_password",
    "grant_give",
    "grant_list",
    "grant_revoke",
    "history",
    "me",
    "notice",
    "notices",
    "own_token_create",
    "own_token_revoke",
    "person",
    "person_appoint",
    "person_change",
    "person_create",
    "person_dismiss",
    "person_list",
    "person_unmask",
    "role_change",
    "role_create",
    "role_list",
]
