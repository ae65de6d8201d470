"""Forms of orders."""

from haitang.orders.forms.dispatching import ChangeForm, PlanForm, WishForm
from haitang.orders.forms.keeping import ServiceForm, SettingsForm, TypeForm, hours_text
from haitang.orders.forms.ordering import (
    AreaForm,
    BoardForm,
    ContactForm,
    FinishForm,
    HandOutForm,
    MissedForm,
    ReasonForm,
    ReviewForm,
)

__all__ = [
    "AreaForm",
    "BoardForm",
    "ChangeForm",
    "ContactForm",
    "FinishForm",
    "HandOutForm",
    "MissedForm",
    "PlanForm",
    "ReasonForm",
    "ReviewForm",
    "ServiceForm",
    "SettingsForm",
    "TypeForm",
    "WishForm",
    "hours_text",
]
