"""The forms of the three lists."""

from haitang.exchange.forms.agreement import DirectOrderForm, EvaluateForm, TermsForm, WordsForm
from haitang.exchange.forms.listed import (
    AgreementFilterForm,
    AskForm,
    EntryFilterForm,
    NeedForm,
    PublicFilterForm,
    ReasonForm,
    ResourceForm,
    UploadForm,
    WhereForm,
)
from haitang.exchange.forms.rules import CategoryForm, RoundForm, SettingsForm

__all__ = [
    "AgreementFilterForm", "AskForm", "CategoryForm", "DirectOrderForm", "EntryFilterForm", "EvaluateForm",
    "NeedForm", "PublicFilterForm", "ReasonForm", "ResourceForm", "RoundForm", "SettingsForm", "TermsForm",
    "UploadForm", "WhereForm", "WordsForm",
]  # fmt: skip
