"""Writes to call-ups: one function for each thing that can be done."""

from haitang.callups.actions.answering import (
    answer_call,
    forget_called,
    report_here,
    take_down_answer,
    take_down_report,
)
from haitang.callups.actions.calling import cancel_callup, change_callup, start_callup
from haitang.callups.actions.closing import close_callup
from haitang.callups.actions.rules import change_callup_setting, move_callups

__all__ = [
    "answer_call", "cancel_callup", "change_callup", "change_callup_setting", "close_callup", "forget_called",
    "move_callups", "report_here", "start_callup", "take_down_answer", "take_down_report",
]  # fmt: skip
