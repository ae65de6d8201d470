"""Reads of indicators: tables by area, each figure explained, formulas in force, exclusions."""

from haitang.indicators.queries.exclusions import (
    ExclusionView,
    count_requested,
    exclusions_behind,
    get_exclusion,
    list_exclusions,
    list_exclusions_of,
    live_exclusions,
    lock_exclusion,
    may_ask,
    measures_of,
)
from haitang.indicators.queries.sets import (
    SETS,
    Version,
    exclusion_reasons,
    list_versions,
    period_for,
    quantities,
    sets,
    shipped_sets,
    version_on,
    versions_of,
)
from haitang.indicators.queries.tables import (
    Explained,
    Row,
    Table,
    explain,
    get_table,
    list_given,
    list_home_areas,
    pick_area,
    try_formulas,
)

__all__ = [
    "SETS", "ExclusionView", "Explained", "Row", "Table", "Version", "count_requested", "exclusion_reasons",
    "exclusions_behind", "explain", "get_exclusion", "get_table", "list_exclusions", "list_exclusions_of",
    "list_given", "list_home_areas", "list_versions", "live_exclusions", "lock_exclusion", "may_ask", "measures_of",
    "period_for", "pick_area",
    "quantities", "sets", "shipped_sets", "try_formulas", "version_on", "versions_of",
]  # fmt: skip
