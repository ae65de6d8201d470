"""Forms of joint work."""

from haitang.alliances.forms.committee import (
    CommitteeFilterForm,
    CommitteeForm,
    DecisionFilterForm,
    DecisionsForm,
    EndForm,
    HeldForm,
    LeaveForm,
    MeetingForm,
    SeatForm,
    SettleForm,
    StartForm,
)
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
    "CommitteeFilterForm",
    "CommitteeForm",
    "ContactForm",
    "DecisionFilterForm",
    "DecisionsForm",
    "EndForm",
    "HeldForm",
    "JudgeForm",
    "LeaveForm",
    "LineForm",
    "LinkFilterForm",
    "MeetingForm",
    "NewLinkForm",
    "ReasonForm",
    "ReleaseForm",
    "ReturnForm",
    "SeatForm",
    "SettingsForm",
    "SettleForm",
    "StartForm",
    "UploadForm",
    "VersionForm",
]
