"""Reads over single sign-on: which providers there are, whose identities these are, the rules in force."""

from haitang.sso.queries.identities import (
    OwnLink,
    find_identity,
    index_of,
    list_identities,
    list_own_links,
    lock_identity,
)
from haitang.sso.queries.providers import (
    PROVIDERS,
    RULES,
    SETTINGS,
    Door,
    ProviderLine,
    find_provider,
    get_provider,
    get_secret,
    list_providers,
    list_single_sign_on_rules,
    list_trusted,
    lock_provider,
    open_doors,
    single_sign_on_rules,
)

__all__ = [
    "PROVIDERS",
    "RULES",
    "SETTINGS",
    "Door",
    "OwnLink",
    "ProviderLine",
    "find_identity",
    "find_provider",
    "get_provider",
    "get_secret",
    "index_of",
    "list_identities",
    "list_own_links",
    "list_providers",
    "list_single_sign_on_rules",
    "list_trusted",
    "lock_identity",
    "lock_provider",
    "open_doors",
    "single_sign_on_rules",
]
