"""Writes of the office: one function for each thing that can be done."""

from haitang.office.actions.batch import do_batch
from haitang.office.actions.own import (
    add_own_phrase,
    pin_filter,
    remove_filter,
    remove_own_phrase,
    save_filter,
    unwatch_case,
    watch_case,
)

__all__ = [
    "add_own_phrase",
    "do_batch",
    "pin_filter",
    "remove_filter",
    "remove_own_phrase",
    "save_filter",
    "unwatch_case",
    "watch_case",
]
