"""The forms of projects."""

from haitang.projects.forms.deeds import (
    CodesForm,
    DeedForm,
    EvaluationForm,
    MilestoneForm,
    ProgressForm,
    PublishForm,
    ReachForm,
)
from haitang.projects.forms.fields import office_name
from haitang.projects.forms.plan import (
    NewProjectForm,
    PackageForm,
    PackForm,
    PartiesForm,
    PlanForm,
    ProjectFilterForm,
    PublicFilterForm,
    UploadForm,
)
from haitang.projects.forms.rules import RulesForm
from haitang.projects.forms.selection import MarksForm, NominateForm, ReviewersForm, SelectionForm

__all__ = [
    "CodesForm", "DeedForm", "EvaluationForm", "MarksForm", "MilestoneForm", "NewProjectForm", "NominateForm",
    "PackForm", "PackageForm", "PartiesForm", "PlanForm", "ProgressForm", "ProjectFilterForm", "PublicFilterForm",
    "PublishForm", "ReachForm", "ReviewersForm", "RulesForm", "SelectionForm", "UploadForm", "office_name",
]  # fmt: skip
