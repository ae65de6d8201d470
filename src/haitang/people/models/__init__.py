"""The rows of people: persons and accounts, what they may do, how they sign in."""

from haitang.people.models.accounts import (
    ADDRESS,
    PHONE,
    Account,
    AccountManager,
    ApiToken,
    Delegation,
    Grant,
    Holding,
    Notice,
    Person,
    Role,
    RolePermission,
)
from haitang.people.models.signing import ApiUse, Attempt, Elevation, PastPassword, SignIn, SignInSetting

__all__ = [
    "ADDRESS",
    "PHONE",
    "Account",
    "AccountManager",
    "ApiToken",
    "ApiUse",
    "Attempt",
    "Delegation",
    "Elevation",
    "Grant",
    "Holding",
    "Notice",
    "PastPassword",
    "Person",
    "Role",
    "RolePermission",
    "SignIn",
    "SignInSetting",
]
