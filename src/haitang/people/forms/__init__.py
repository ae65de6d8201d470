"""What people type on the pages of people, accounts, roles, grants, and of signing in."""

from haitang.people.forms.people import (
    AccountForm,
    AccountSearch,
    AppointForm,
    DismissForm,
    GrantForm,
    GrantSearch,
    HistorySearch,
    NewRoleForm,
    PasswordChangeForm,
    PasswordResetForm,
    PeriodForm,
    PersonChangeForm,
    PersonForm,
    ReasonForm,
    RoleForm,
    Search,
)
from haitang.people.forms.signing import ElevationForm, SignInRulesForm, TokenForm

__all__ = [
    "AccountForm",
    "AccountSearch",
    "AppointForm",
    "DismissForm",
    "ElevationForm",
    "GrantForm",
    "GrantSearch",
    "HistorySearch",
    "NewRoleForm",
    "PasswordChangeForm",
    "PasswordResetForm",
    "PeriodForm",
    "PersonChangeForm",
    "PersonForm",
    "ReasonForm",
    "RoleForm",
    "Search",
    "SignInRulesForm",
    "TokenForm",
]
