"""Writes of oversight: one function for each thing that can be done."""

from haitang.oversight.actions.climbing import escalate_overdue_cases
from haitang.oversight.actions.families import NewPart, split_case, tie_case, untie_case
from haitang.oversight.actions.requests import (
    ask_for,
    decide_request,
    lapse_requests,
    resume_case,
    resume_due_cases,
    withdraw_request,
)
from haitang.oversight.actions.rules import change_oversight_setting, remove_rung, set_rung, ship_oversight_rules
from haitang.oversight.actions.supervising import (
    answer_supervision,
    close_supervision,
    supervise_case,
    supervise_urgent_case,
    urge_case,
)

__all__ = [
    "NewPart",
    "answer_supervision",
    "ask_for",
    "change_oversight_setting",
    "close_supervision",
    "decide_request",
    "escalate_overdue_cases",
    "lapse_requests",
    "remove_rung",
    "resume_case",
    "resume_due_cases",
    "set_rung",
    "ship_oversight_rules",
    "split_case",
    "supervise_case",
    "supervise_urgent_case",
    "tie_case",
    "untie_case",
    "urge_case",
    "withdraw_request",
]
