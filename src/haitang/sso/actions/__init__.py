"""Writes to single sign-on: providers, identities, the way to a provider and back, the rules."""

from haitang.sso.actions.admitting import admit, give_back_token, redeem
from haitang.sso.actions.identities import (
    enter_identity,
    forget_identities,
    link_own_identity,
    unlink_identity,
    unlink_own_identity,
)
from haitang.sso.actions.providers import add_provider, change_provider, reread_provider, trust_assurances
from haitang.sso.actions.rules import change_single_sign_on_rule
from haitang.sso.actions.signing_in import Arrival, begin_way, end_way, note_signed_in
from haitang.sso.actions.systems import (
    change_system,
    connect_system,
    ensure_signing_key,
    rotate_signing_key,
    rotate_system_secret,
    tidy_single_sign_on,
)

__all__ = [
    "Arrival",
    "add_provider",
    "admit",
    "begin_way",
    "change_provider",
    "change_single_sign_on_rule",
    "change_system",
    "connect_system",
    "end_way",
    "ensure_signing_key",
    "enter_identity",
    "forget_identities",
    "give_back_token",
    "link_own_identity",
    "note_signed_in",
    "redeem",
    "reread_provider",
    "rotate_signing_key",
    "rotate_system_secret",
    "tidy_single_sign_on",
    "trust_assurances",
    "unlink_identity",
    "unlink_own_identity",
]
