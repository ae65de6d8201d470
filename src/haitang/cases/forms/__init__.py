"""What people type about cases and what is decided about them per city."""

from haitang.cases.forms.cases import PHOTOS_AS, RESULTS, Correct, DeedForm, Filter, NewCase, Unmask
from haitang.cases.forms.catalog import (
    CategoryForm,
    DryRun,
    NewCategory,
    NewPhrase,
    RuleForm,
    SettingsForm,
    setting_label,
)
from haitang.cases.forms.fields import category_name

__all__ = [
    "PHOTOS_AS",
    "RESULTS",
    "CategoryForm",
    "Correct",
    "DeedForm",
    "DryRun",
    "Filter",
    "NewCase",
    "NewCategory",
    "NewPhrase",
    "RuleForm",
    "SettingsForm",
    "Unmask",
    "category_name",
    "setting_label",
]
