"""Writes to indicators: one function for each thing that can be done."""

from haitang.indicators.actions.desks import count_desks, note_touched_cases
from haitang.indicators.actions.exclusions import (
    follow_exclusion,
    request_exclusion,
    review_exclusion,
    undo_exclusion,
)
from haitang.indicators.actions.formulas import change_formulas, give_figure

__all__ = [
    "change_formulas",
    "count_desks",
    "follow_exclusion",
    "give_figure",
    "note_touched_cases",
    "request_exclusion",
    "review_exclusion",
    "undo_exclusion",
]
