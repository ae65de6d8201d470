"""Writes to single sign-on: providers, identities, the way to a provider and back, the rules."""

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

__all__ = [
    "Arrival",
    "add_provider",
    "begin_way",
    "change_provider",
    "change_single_sign_on_rule",
    "end_way",
    "enter_identity",
    "forget_identities",
    "link_own_identity",
    "note_signed_in",
    "reread_provider",
    "trust_assurances",
    "unlink_identity",
    "unlink_own_identity",
]
