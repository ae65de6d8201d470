"""Writes to people: one function for each thing that can be done."""

from haitang.people.actions.accounts import (
    change_password,
    create_account,
    create_token,
    reset_password,
    revoke_token,
    switch_account_off,
    switch_account_on,
)
from haitang.people.actions.delegations import end_delegation, give_delegation
from haitang.people.actions.founding import appoint_first_administrators
from haitang.people.actions.grants import change_role, create_role, give_grant, move_grants, revoke_grant, ship_roles
from haitang.people.actions.notices import mark_notices_read, send_notices
from haitang.people.actions.persons import appoint_person, change_person, create_person, dismiss_person, unmask_person

__all__ = [
    "appoint_first_administrators",
    "appoint_person",
    "change_password",
    "change_person",
    "change_role",
    "create_account",
    "create_person",
    "create_role",
    "create_token",
    "dismiss_person",
    "end_delegation",
    "give_delegation",
    "give_grant",
    "mark_notices_read",
    "move_grants",
    "reset_password",
    "revoke_grant",
    "revoke_token",
    "send_notices",
    "ship_roles",
    "switch_account_off",
    "switch_account_on",
    "unmask_person",
]
