"""The rows of cases."""

from haitang.cases.models.case import Attachment, Case, PendingWarning, Rating, Reporter
from haitang.cases.models.catalog import Category, FormVersion, Phrase, RoutingRule, Setting
from haitang.cases.models.counting import Count, CountDelta
from haitang.cases.models.importing import ImportBatch, ImportRun

__all__ = [
    "Attachment",
    "Case",
    "Category",
    "Count",
    "CountDelta",
    "FormVersion",
    "ImportBatch",
    "ImportRun",
    "PendingWarning",
    "Phrase",
    "Rating",
    "Reporter",
    "RoutingRule",
    "Setting",
]
