"""Writes to indicators: one function for each thing that can be done."""

from haitang.indicators.actions.exclusions import (
    follow_exclusion,
    request_exclusion,
    review_exclusion,
    undo_exclusion,
)
from haitang.indicators.actions.formulas import change_formulas, give_figure

__all__ = [
    "change_formulas",
    "follow_exclusion",
    "give_figure",
    "request_exclusion",
    "review_exclusion",
    "undo_exclusion",
]
