"""What people type about votes."""

from haitang.voting.forms.ballots import BallotForm, CodeForm, ReceiptForm, StrangerForm, option_label
from haitang.voting.forms.desk import DocumentForm, KeysForm, PaperForm, RollForm, SettingsForm, VoteForm

__all__ = [
    "BallotForm", "CodeForm", "DocumentForm", "KeysForm", "PaperForm", "ReceiptForm", "RollForm", "SettingsForm",
    "StrangerForm", "VoteForm", "option_label",
]  # fmt: skip
