"""The pages of single sign-on."""

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

__all__ = [
    "back",
    "change",
    "go",
    "identity_enter",
    "identity_remove",
    "link",
    "new",
    "one",
    "out",
    "providers",
    "rules",
    "trust",
    "unlink",
]
