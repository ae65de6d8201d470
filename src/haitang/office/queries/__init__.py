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

__all__ = [
    "Choice",
    "choose",
    "is_watched",
    "list_filters",
    "list_own_phrases",
    "list_pinned",
    "list_watched",
    "list_watchers",
    "own_phrases_by_deed",
]
