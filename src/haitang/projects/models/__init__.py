"""The rows of projects."""

from haitang.projects.models.filing import ProjectFile
from haitang.projects.models.outcome import Acceptance, Evaluation, EvaluationCode, Progress, ProgressPhoto
from haitang.projects.models.package import Package
from haitang.projects.models.project import Milestone, Project, ProjectSetting, ProjectUnit, Responsible
from haitang.projects.models.selection import Nomination, Reviewer, Score, Selection

__all__ = [
    "Acceptance", "Evaluation", "EvaluationCode", "Milestone", "Nomination", "Package", "Progress", "ProgressPhoto",
    "Project", "ProjectFile", "ProjectSetting", "ProjectUnit", "Responsible", "Reviewer", "Score", "Selection",
]  # fmt: skip
