"""Forms of joint work."""

from haitang.alliances.forms.link import (
    AgreementForm,
    ContactForm,
    JudgeForm,
    LinkFilterForm,
    NewLinkForm,
    ReasonForm,
    ReleaseForm,
    ReturnForm,
    UploadForm,
    VersionForm,
)
from haitang.alliances.forms.rules import LineForm, SettingsForm

__all__ = [
    "AgreementForm",
    "ContactForm",
    "JudgeForm",
    "LineForm",
    "LinkFilterForm",
    "NewLinkForm",
    "ReasonForm",
    "ReleaseForm",
    "ReturnForm",
    "SettingsForm",
    "UploadForm",
    "VersionForm",
]
