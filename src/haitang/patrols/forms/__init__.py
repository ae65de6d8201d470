"""Forms of patrols and visits."""

from haitang.patrols.forms.dispute import (
    ConcludeForm,
    DisputeFilterForm,
    FollowUpForm,
    MediatorForm,
    NewDisputeForm,
    SessionForm,
)
from haitang.patrols.forms.patrol import (
    AssignForm,
    ChecklistForm,
    FoundForm,
    HazardDeedForm,
    HazardFilterForm,
    ItemForm,
    NewHazardForm,
    RoundFilter,
    turn_name,
)
from haitang.patrols.forms.rules import (
    SettingsForm,
)
from haitang.patrols.forms.visit import (
    DoorForm,
    GrantForm,
    PeriodForm,
    ReasonForm,
    VisitForm,
)

__all__ = [
    "AssignForm",
    "ChecklistForm",
    "ConcludeForm",
    "DisputeFilterForm",
    "DoorForm",
    "FollowUpForm",
    "FoundForm",
    "GrantForm",
    "HazardDeedForm",
    "HazardFilterForm",
    "ItemForm",
    "MediatorForm",
    "NewDisputeForm",
    "NewHazardForm",
    "PeriodForm",
    "ReasonForm",
    "RoundFilter",
    "SessionForm",
    "SettingsForm",
    "VisitForm",
    "turn_name",
]
