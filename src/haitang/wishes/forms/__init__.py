"""What people type about wishes."""

from haitang.wishes.forms.claiming import ClaimForm, DeliverForm, PublicFilterForm, ReasonForm, WordsForm
from haitang.wishes.forms.entering import WishForm
from haitang.wishes.forms.office import DeskFilterForm, SettingsForm, UploadForm

__all__ = [
    "ClaimForm",
    "DeliverForm",
    "DeskFilterForm",
    "PublicFilterForm",
    "ReasonForm",
    "SettingsForm",
    "UploadForm",
    "WishForm",
    "WordsForm",
]
