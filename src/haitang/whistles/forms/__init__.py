"""What people type about whistles, and about their rules."""

from haitang.whistles.forms.answering import (
    AddForm,
    CallForm,
    DraftForm,
    ListFilter,
    MeetingForm,
    NewTaskForm,
    OpinionForm,
    TaskForm,
    desk_choices,
)
from haitang.whistles.forms.rules import KindForm, LadderForm, PhrasesForm, RemindersForm

__all__ = [
    "AddForm",
    "CallForm",
    "DraftForm",
    "KindForm",
    "LadderForm",
    "ListFilter",
    "MeetingForm",
    "NewTaskForm",
    "OpinionForm",
    "PhrasesForm",
    "RemindersForm",
    "TaskForm",
    "desk_choices",
]
