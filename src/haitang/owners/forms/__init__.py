"""What people type about estates and owners' decisions."""

from haitang.owners.forms.decisions import (
    BallotForm,
    CodeForm,
    DecisionForm,
    DeskObjectionForm,
    ExtendForm,
    ObjectionForm,
    PaperForm,
    ReasonForm,
    ReconcileForm,
    SettingsForm,
    SettleForm,
)
from haitang.owners.forms.estates import (
    CommitteeForm,
    DoneForm,
    EstateForm,
    MeetingForm,
    MemberForm,
    MinutesForm,
    TieForm,
    UploadForm,
)

__all__ = [
    "BallotForm", "CodeForm", "CommitteeForm", "DecisionForm", "DeskObjectionForm", "DoneForm", "EstateForm",
    "ExtendForm", "MeetingForm", "MemberForm", "MinutesForm", "ObjectionForm", "PaperForm", "ReasonForm",
    "ReconcileForm", "SettingsForm", "SettleForm", "TieForm", "UploadForm",
]  # fmt: skip
