"""The pages of single sign-on."""

from haitang.sso.views.admitting import authorize, configuration, end, keys, revoke, token, userinfo
from haitang.sso.views.providers import (
    change,
    identity_enter,
    identity_remove,
    new,
    one,
    providers,
    rules,
    trust,
)
from haitang.sso.views.signing_in import back, go, link, out, unlink
from haitang.sso.views.systems import (
    key_rotate,
    system,
    system_change,
    system_new,
    system_secret,
    systems,
)

__all__ = [
    "authorize",
    "back",
    "change",
    "configuration",
    "end",
    "go",
    "identity_enter",
    "identity_remove",
    "key_rotate",
    "keys",
    "link",
    "new",
    "one",
    "out",
    "providers",
    "revoke",
    "rules",
    "system",
    "system_change",
    "system_new",
    "system_secret",
    "systems",
    "token",
    "trust",
    "unlink",
    "userinfo",
]
