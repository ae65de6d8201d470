"""What is held about somebody, what they have asked for, what waits on the desk, and how long what is kept."""

from haitang.privacy.queries.requests import (
    RULES,
    SETTINGS,
    Part,
    as_file,
    asker_for,
    asker_of,
    count_waiting,
    due_on,
    find_parts,
    get_request,
    get_request_of,
    held_of_account,
    list_going,
    list_privacy_settings,
    list_requests,
    list_requests_of,
    lock_request,
    ordered,
    part_names,
    refusal_choices,
    refusal_words,
    sheet_columns,
    sheet_rows,
)
from haitang.privacy.queries.retention import (
    MONTHS,
    TERMS,
    ReportLine,
    Rule,
    before,
    least_months,
    list_month_settings,
    list_rules,
    list_runs,
    retention_report,
)

__all__ = [
    "MONTHS", "RULES", "SETTINGS", "TERMS", "Part", "ReportLine", "Rule", "as_file", "asker_for", "asker_of", "before",
    "count_waiting", "due_on", "find_parts", "get_request", "get_request_of", "held_of_account", "least_months",
    "list_going", "list_month_settings", "list_privacy_settings", "list_requests", "list_requests_of", "list_rules",
    "list_runs", "lock_request", "ordered", "part_names", "refusal_choices", "refusal_words", "retention_report",
    "sheet_columns", "sheet_rows",
]  # fmt: skip
