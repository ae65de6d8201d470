"""Writes to service days: one function for each thing that can be done."""

from haitang.servicedays.actions.clockwork import release_unassured, remind_signed
from haitang.servicedays.actions.filing import SheetRead, bring_days, take_roster
from haitang.servicedays.actions.planning import (
    cancel_day,
    change_shift,
    end_rule,
    make_days,
    plan_day,
    plan_rule,
)
from haitang.servicedays.actions.rules import change_serviceday_setting, move_servicedays
from haitang.servicedays.actions.serving import close_shift, report_at_shift, take_down_at_shift
from haitang.servicedays.actions.signing import (
    assure_shift,
    forget_signed,
    leave_shift,
    sign_up,
    sign_up_for,
    take_off,
)

__all__ = [
    "SheetRead", "assure_shift", "bring_days", "cancel_day", "change_serviceday_setting", "change_shift",
    "close_shift", "end_rule", "forget_signed", "leave_shift", "make_days", "move_servicedays", "plan_day",
    "plan_rule", "release_unassured", "remind_signed", "report_at_shift", "sign_up", "sign_up_for",
    "take_down_at_shift", "take_off", "take_roster",
]  # fmt: skip
