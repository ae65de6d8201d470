"""Asking for one's rights, what the desk does about it, and carrying out how long data are kept."""

from haitang.privacy.actions.looks import export_looks
from haitang.privacy.actions.notices import change_notice
from haitang.privacy.actions.requests import (
    ask_for_rights,
    change_privacy_setting,
    erase_own_account,
    find_asker,
    go_on_erasing,
    grant_rights,
    note_own_data_taken,
    refuse_rights,
    withdraw_rights,
)
from haitang.privacy.actions.retention import carry_out_retention, change_retention_months, clean_old_requests

__all__ = [
    "ask_for_rights", "carry_out_retention", "change_notice", "change_privacy_setting", "change_retention_months",
    "clean_old_requests", "erase_own_account", "export_looks", "find_asker", "go_on_erasing", "grant_rights",
    "note_own_data_taken", "refuse_rights", "withdraw_rights",
]  # fmt: skip
