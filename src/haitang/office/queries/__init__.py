"""Reads of the office."""

from haitang.office.queries.batch import Choice, choose
from haitang.office.queries.feedback import (
    feedback_columns,
    feedback_lines,
    feedback_words,
    list_feedback,
    read_feedback,
)
from haitang.office.queries.handing import CALL, DISPUTE, count_in_hand, list_handovers, list_in_hand
from haitang.office.queries.layouts import (
    Trial,
    chosen_layout,
    format_map,
    get_layout,
    list_layout_versions,
    list_layouts,
    shipped_format,
    try_format,
)
from haitang.office.queries.own import (
    is_watched,
    list_filters,
    list_own_phrases,
    list_pinned,
    list_watched,
    list_watchers,
    own_phrases_by_deed,
)
from haitang.office.queries.sheets import CASE, SUPERVISION, get_sheet, get_whistle_sheet
from haitang.office.queries.uploads import get_ticket, get_upload, list_uploads, lock_upload, owner_of

__all__ = [
    "CALL",
    "CASE",
    "DISPUTE",
    "SUPERVISION",
    "Choice",
    "Trial",
    "choose",
    "chosen_layout",
    "count_in_hand",
    "feedback_columns",
    "feedback_lines",
    "feedback_words",
    "format_map",
    "get_layout",
    "get_sheet",
    "get_ticket",
    "get_upload",
    "get_whistle_sheet",
    "is_watched",
    "list_feedback",
    "list_filters",
    "list_handovers",
    "list_in_hand",
    "list_layout_versions",
    "list_layouts",
    "list_own_phrases",
    "list_pinned",
    "list_uploads",
    "list_watched",
    "list_watchers",
    "lock_upload",
    "own_phrases_by_deed",
    "owner_of",
    "read_feedback",
    "shipped_format",
    "try_format",
]
