"""Writes to call-backs: one function for each thing that can be done."""

from haitang.callbacks.actions.answering import record_answer_of_reporter, record_call, unmask_for_callback
from haitang.callbacks.actions.making import make_callback, withdraw_callbacks
from haitang.callbacks.actions.rules import change_callback_rule

__all__ = [
    "change_callback_rule",
    "make_callback",
    "record_answer_of_reporter",
    "record_call",
    "unmask_for_callback",
    "withdraw_callbacks",
]
