"""Forms of deliberation: they check what was typed, and return what actions take."""

from haitang.councils.forms.desk import (
    CandidatesForm,
    CaseForm,
    CouncilFilterForm,
    CouncilForm,
    DrawForm,
    EndForm,
    HeldForm,
    InboxForm,
    MemberForm,
    OrganizationField,
    ProjectForm,
    ReasonForm,
    ResolutionFilterForm,
    ResolutionsForm,
    SessionForm,
    SettleForm,
    SummaryForm,
    VotingForm,
    WitnessForm,
)
from haitang.councils.forms.residents import (
    AgainForm,
    AnswerForm,
    EnterForm,
    PhotosForm,
    QuestionForm,
    TopicForm,
    WhatForm,
    WhereForm,
    communities,
)
from haitang.councils.forms.rules import KindForm, SettingsForm

__all__ = [
    "AgainForm", "AnswerForm", "CandidatesForm", "CaseForm", "CouncilFilterForm", "CouncilForm", "DrawForm",
    "EndForm", "EnterForm", "HeldForm", "InboxForm", "KindForm", "MemberForm", "OrganizationField", "PhotosForm",
    "ProjectForm", "QuestionForm", "ReasonForm", "ResolutionFilterForm", "ResolutionsForm", "SessionForm",
    "SettingsForm", "SettleForm", "SummaryForm", "TopicForm", "VotingForm", "WhatForm", "WhereForm",
    "WitnessForm", "communities",
]  # fmt: skip
