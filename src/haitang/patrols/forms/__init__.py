"""Forms of patrols and visits."""

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

__all__ = [
    "AssignForm",
    "ChecklistForm",
    "FoundForm",
    "HazardDeedForm",
    "HazardFilterForm",
    "ItemForm",
    "NewHazardForm",
    "RoundFilter",
    "turn_name",
]
