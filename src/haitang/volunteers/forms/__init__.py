"""Forms of volunteers."""

from haitang.volunteers.forms.office import (
    ExportForm,
    ImportForm,
    ItemForm,
    ReasonForm,
    RegisterFilterForm,
    RelationForm,
    SettingsForm,
)
from haitang.volunteers.forms.person import (
    STEPS,
    CertificateForm,
    FindForm,
    OwnForm,
    RegisterForm,
    StaffForm,
    VerifyForm,
)

__all__ = [
    "STEPS",
    "CertificateForm",
    "ExportForm",
    "FindForm",
    "ImportForm",
    "ItemForm",
    "OwnForm",
    "ReasonForm",
    "RegisterFilterForm",
    "RegisterForm",
    "RelationForm",
    "SettingsForm",
    "StaffForm",
    "VerifyForm",
]
