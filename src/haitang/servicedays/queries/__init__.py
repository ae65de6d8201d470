"""Reads over service days: those to be shown name their viewer, those for actions and jobs say so."""

from haitang.servicedays.queries.columns import (
    cell_hours,
    cell_skills,
    day_columns,
    day_export_columns,
    day_export_rows,
    day_notes,
    roster_columns,
    roster_rows,
)
from haitang.servicedays.queries.days import (
    DayView,
    RuleView,
    ShiftPage,
    ShiftView,
    SignUpLine,
    accounts_here,
    accounts_of_day,
    get_day,
    get_day_for_job,
    get_shift_for_job,
    get_shift_page,
    get_signup_for_job,
    list_days,
    list_days_for_export,
    list_rules,
)
from haitang.servicedays.queries.own import (
    MyShift,
    NearView,
    calendar_of,
    count_to_assure,
    fits_shift_code,
    get_my_shift,
    get_shift_to_report,
    is_registered,
    list_my_shifts,
    list_shifts_near,
)
from haitang.servicedays.queries.rules import RULES, SETTINGS, list_serviceday_settings, serviceday_rules
from haitang.servicedays.queries.shifts import (
    is_paused,
    lock_day,
    lock_rule,
    lock_shift,
    lock_signup,
    promised_by,
    promised_then,
    signed_up_ahead,
    waiting_for,
)

__all__ = [
    "RULES", "SETTINGS", "DayView", "MyShift", "NearView", "RuleView", "ShiftPage", "ShiftView", "SignUpLine",
    "accounts_here", "accounts_of_day", "calendar_of", "cell_hours", "cell_skills", "count_to_assure", "day_columns",
    "day_export_columns", "day_export_rows", "day_notes", "fits_shift_code", "get_day", "get_day_for_job",
    "get_my_shift", "get_shift_for_job", "get_shift_page", "get_shift_to_report", "get_signup_for_job", "is_paused",
    "is_registered", "list_days", "list_days_for_export", "list_my_shifts", "list_rules", "list_serviceday_settings",
    "list_shifts_near", "lock_day", "lock_rule", "lock_shift", "lock_signup", "promised_by", "promised_then",
    "roster_columns", "roster_rows", "serviceday_rules", "signed_up_ahead", "waiting_for",
]  # fmt: skip
