"""Reads of the office."""

from haitang.office.queries.batch import Choice, choose
from haitang.office.queries.own import (
    is_watched,
    list_filters,
    list_own_phrases,
    list_pinned,
    list_watched,
    list_watchers,
    own_phrases_by_deed,
)
from haitang.office.queries.sheets import CASE, SUPERVISION, get_sheet

__all__ = [
    "CASE",
    "SUPERVISION",
    "Choice",
    "choose",
    "get_sheet",
    "is_watched",
    "list_filters",
    "list_own_phrases",
    "list_pinned",
    "list_watched",
    "list_watchers",
    "own_phrases_by_deed",
]
