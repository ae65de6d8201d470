"""What people type about surveys."""

from haitang.surveys.forms.answering import AnswerForm, CodeForm, EnterForm
from haitang.surveys.forms.office import MeasuresForm, PlanForm, RepeatForm, ReportForm, SettingsForm

__all__ = [
    "AnswerForm", "CodeForm", "EnterForm", "MeasuresForm", "PlanForm", "RepeatForm", "ReportForm", "SettingsForm",
]  # fmt: skip
