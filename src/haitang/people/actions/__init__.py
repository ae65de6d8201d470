"""Writes to people: one function for each thing that can be done."""

from haitang.people.actions.accounts import (
    create_account,
    create_token,
    revoke_token,
    switch_account_off,
    switch_account_on,
)
from haitang.people.actions.delegations import end_delegation, give_delegation
from haitang.people.actions.elevations import (
    ask_elevation,
    end_elevation,
    grant_elevation,
    refuse_elevation,
    report_elevations,
)
from haitang.people.actions.erasing import WhoItWas, erase_account
from haitang.people.actions.factors import note_factor, reseal_factors, reset_factors
from haitang.people.actions.founding import appoint_first_administrators
from haitang.people.actions.grants import change_role, create_role, give_grant, move_grants, revoke_grant, ship_roles
from haitang.people.actions.locks import (
    attempt_failed,
    attempt_succeeded,
    begin_attempt,
    begin_code,
    code_accepted,
    code_refused,
    lift_lock,
)
from haitang.people.actions.notices import mark_notices_read, send_notices
from haitang.people.actions.passwords import change_password, reset_password
from haitang.people.actions.persons import appoint_person, change_person, create_person, dismiss_person, unmask_person
from haitang.people.actions.sessions import (
    begin_session,
    end_session,
    end_sessions,
    forget_session,
    note_seen,
    renew_session,
)
from haitang.people.actions.sign_in_rules import change_sign_in_rule
from haitang.people.actions.tidying import clean_old_notices, tidy_up_sign_ins

__all__ = [
    "WhoItWas",
    "appoint_first_administrators",
    "appoint_person",
    "ask_elevation",
    "attempt_failed",
    "attempt_succeeded",
    "begin_attempt",
    "begin_code",
    "begin_session",
    "change_password",
    "change_person",
    "change_role",
    "change_sign_in_rule",
    "clean_old_notices",
    "code_accepted",
    "code_refused",
    "create_account",
    "create_person",
    "create_role",
    "create_token",
    "dismiss_person",
    "end_delegation",
    "end_elevation",
    "end_session",
    "end_sessions",
    "erase_account",
    "forget_session",
    "give_delegation",
    "give_grant",
    "grant_elevation",
    "lift_lock",
    "mark_notices_read",
    "move_grants",
    "note_factor",
    "note_seen",
    "refuse_elevation",
    "renew_session",
    "report_elevations",
    "reseal_factors",
    "reset_factors",
    "reset_password",
    "revoke_grant",
    "revoke_token",
    "send_notices",
    "ship_roles",
    "switch_account_off",
    "switch_account_on",
    "tidy_up_sign_ins",
    "unmask_person",
]
