"""Forms of volunteers."""

from haitang.volunteers.forms.office import (
    ConsentForm,
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
    "ConsentForm",
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
