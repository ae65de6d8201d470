"""Reads over call-ups: those to be shown name their viewer, those for actions and jobs say so."""

from haitang.callups.queries.callups import (
    CallLine,
    CallUpPage,
    CallUpView,
    accounts_called,
    area_called,
    count_answers,
    describe_callups,
    find_called,
    get_call_for_job,
    get_callup,
    get_callup_for_job,
    get_callup_page,
    list_called,
    list_callups,
    lock_call,
    lock_callup,
    lock_waiting,
    open_calls_of,
)
from haitang.callups.queries.own import (
    MyCall,
    calendar_of,
    count_unanswered,
    fits_code,
    get_my_call,
    get_to_report,
    in_the_way,
    is_registered,
    list_my_calls,
)
from haitang.callups.queries.rules import RULES, SETTINGS, callup_rules, list_callup_settings

__all__ = [
    "RULES", "SETTINGS", "CallLine", "CallUpPage", "CallUpView", "MyCall", "accounts_called", "area_called",
    "calendar_of", "callup_rules", "count_answers", "count_unanswered", "describe_callups", "find_called",
    "fits_code", "get_call_for_job", "get_callup", "get_callup_for_job", "get_callup_page", "get_my_call",
    "get_to_report", "in_the_way", "is_registered", "list_called", "list_callup_settings", "list_callups",
    "list_my_calls",
    "lock_call", "lock_callup", "lock_waiting", "open_calls_of",
]  # fmt: skip
