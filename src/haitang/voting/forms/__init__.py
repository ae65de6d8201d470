"""What people type about votes."""

from haitang.voting.forms.ballots import BallotForm, CodeForm, ReceiptForm, StrangerForm, option_label
from haitang.voting.forms.desk import BlanksForm, DocumentForm, KeysForm, PaperForm, RollForm, SettingsForm, VoteForm

__all__ = [
    "BallotForm", "BlanksForm", "CodeForm", "DocumentForm", "KeysForm", "PaperForm", "ReceiptForm", "RollForm",
    "SettingsForm", "StrangerForm", "VoteForm", "option_label",
]  # fmt: skip
