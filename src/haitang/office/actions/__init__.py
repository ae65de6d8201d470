"""Writes of the office: one function for each thing that can be done."""

from haitang.office.actions.batch import do_batch
from haitang.office.actions.handing import hand_desk_over
from haitang.office.actions.layouts import change_hotline_layout
from haitang.office.actions.own import (
    add_own_phrase,
    pin_filter,
    remove_filter,
    remove_own_phrase,
    save_filter,
    unwatch_case,
    watch_case,
)
from haitang.office.actions.tickets import feed_tickets_back
from haitang.office.actions.uploads import confirm_upload, forget_uploads, upload_cases, work_upload

__all__ = [
    "add_own_phrase",
    "change_hotline_layout",
    "confirm_upload",
    "do_batch",
    "feed_tickets_back",
    "forget_uploads",
    "hand_desk_over",
    "pin_filter",
    "remove_filter",
    "remove_own_phrase",
    "save_filter",
    "unwatch_case",
    "upload_cases",
    "watch_case",
    "work_upload",
]
