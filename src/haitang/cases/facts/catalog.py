"""What can have happened to what is decided per city about cases: categories, forms, phrases, rules, settings."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.cases.facts.words import Id, OfCases, Word
from haitang.core.privacy import Privacy


@dataclass(frozen=True)
class CategoryChanged(OfCases):
    """A category was made or changed; `changes` are the fields' new values as text."""

    label = _("更改类别")
    subject_type = "category"
    category_id: Id
    changes: Annotated[dict[str, str], Privacy.INTERNAL]


@dataclass(frozen=True)
class CategoryFormChanged(OfCases):
    """A category asks otherwise from now on; cases keep the version they were asked by. changes: as text."""

    label = _("更改类别表单")
    subject_type = "category"
    category_id: Id
    version: Annotated[int, Privacy.INTERNAL]
    changes: Annotated[dict[str, str], Privacy.INTERNAL]


@dataclass(frozen=True)
class PhraseChanged(OfCases):
    """A ready-made opinion of a deed was added or removed."""

    label = _("更改常用语")
    subject_type = "phrase"
    phrase_id: Id
    deed: Word
    text: Word
    removed: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class SettingChanged(OfCases):
    """A rule for cases was set otherwise: its key and its new value as text."""

    label = _("更改案件设置")
    subject_type = "catalog"
    catalog_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class CategoriesImported(OfCases):
    """A table of categories was taken over; counts of what came of its rows."""

    label = _("导入类别")
    subject_type = "catalog"
    catalog_id: Id
    file: Word
    made: Annotated[int, Privacy.INTERNAL]
    renamed: Annotated[int, Privacy.INTERNAL]
    refused: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class RoutingRuleChanged(OfCases):
    """A routing rule was made or changed; `changes` are the fields' new values as text."""

    label = _("更改分派规则")
    subject_type = "routing_rule"
    rule_id: Id
    changes: Annotated[dict[str, str], Privacy.INTERNAL]


@dataclass(frozen=True)
class CatalogLoaded(OfCases):
    """The shipped categories, phrases and rules were loaded; counts of rows that were new."""

    label = _("载入默认目录")
    subject_type = "catalog"
    catalog_id: Id
    categories: Annotated[int, Privacy.INTERNAL]
    rules: Annotated[int, Privacy.INTERNAL]
    phrases: Annotated[int, Privacy.INTERNAL]
