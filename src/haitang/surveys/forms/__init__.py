"""What people type about surveys."""

from haitang.surveys.forms.answering import AnswerForm, CodeForm, EnterForm, NamedAnswerForm
from haitang.surveys.forms.office import MeasuresForm, PlanForm, RepeatForm, ReportForm, SettingsForm

__all__ = [
    "AnswerForm", "CodeForm", "EnterForm", "MeasuresForm", "NamedAnswerForm", "PlanForm", "RepeatForm", "ReportForm",
    "SettingsForm",
]  # fmt: skip
