"""What people type about rounds: residents their proposals, staff what becomes of them, offices the rounds."""

from haitang.rounds.forms.council import CloseForm, HandsForm, PresentForm, SittingForm
from haitang.rounds.forms.office import ClauseForm, RoundForm, SettingsForm
from haitang.rounds.forms.proposing import (
    ContactForm,
    EnterForm,
    FilterForm,
    ImportForm,
    MatterForm,
    PhotoForm,
    PlaceForm,
)
from haitang.rounds.forms.staff import (
    AdmitForm,
    AnswerForm,
    AppraiseForm,
    ConsentForm,
    MergeForm,
    ReasonForm,
    RemarkForm,
    TurnDownForm,
)

__all__ = [
    "AdmitForm", "AnswerForm", "AppraiseForm", "ClauseForm", "CloseForm", "ConsentForm", "ContactForm", "EnterForm",
    "FilterForm", "HandsForm", "ImportForm", "MatterForm", "MergeForm", "PhotoForm", "PlaceForm", "PresentForm",
    "ReasonForm", "RemarkForm", "RoundForm", "SettingsForm", "SittingForm", "TurnDownForm",
]  # fmt: skip
