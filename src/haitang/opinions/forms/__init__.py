"""The forms of conversations: they check what was typed, and return what actions take."""

from haitang.opinions.forms.preparing import ConversationForm, DeskFilterForm, ReasonForm, SeedsForm, SheetForm
from haitang.opinions.forms.rules import SettingsForm
from haitang.opinions.forms.taking_part import AnswerForm, StatementForm

__all__ = [
    "AnswerForm", "ConversationForm", "DeskFilterForm", "ReasonForm", "SeedsForm", "SettingsForm", "SheetForm",
    "StatementForm",
]  # fmt: skip
