"""The pages of indicators."""

from haitang.indicators.views.desks import desk_cases, desk_explanation, desks, desks_export
from haitang.indicators.views.exclusions import case_panel, evidence, exclusion, exclusion_new, exclusions
from haitang.indicators.views.formulas import formula, formulas, given
from haitang.indicators.views.tables import explanation, export, table

__all__ = [
    "case_panel",
    "desk_cases",
    "desk_explanation",
    "desks",
    "desks_export",
    "evidence",
    "exclusion",
    "exclusion_new",
    "exclusions",
    "explanation",
    "export",
    "formula",
    "formulas",
    "given",
    "table",
]
