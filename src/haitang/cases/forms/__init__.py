"""What people type about cases and what is decided about them per city."""

from haitang.cases.forms.asking import FormOfCategory, Sample
from haitang.cases.forms.cases import (
    ASKING,
    PHOTOS_AS,
    RESULTS,
    Asking,
    Correct,
    DeedForm,
    Filter,
    NewCase,
    Unmask,
    asking_of,
)
from haitang.cases.forms.catalog import (
    CATALOG_BYTES_MAX,
    CatalogFile,
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
    "ASKING",
    "CATALOG_BYTES_MAX",
    "PHOTOS_AS",
    "RESULTS",
    "Asking",
    "CatalogFile",
    "CategoryForm",
    "Correct",
    "DeedForm",
    "DryRun",
    "Filter",
    "FormOfCategory",
    "NewCase",
    "NewCategory",
    "NewPhrase",
    "RuleForm",
    "Sample",
    "SettingsForm",
    "Unmask",
    "asking_of",
    "category_name",
    "setting_label",
]
