"""Writes to the register: one function for each thing that can be done."""

from haitang.volunteers.actions.belonging import end_membership, set_membership
from haitang.volunteers.actions.catalogue import (
    change_catalogue_item,
    change_consent,
    change_volunteer_setting,
    ship_volunteer_catalogue,
)
from haitang.volunteers.actions.erasing import erase_volunteer
from haitang.volunteers.actions.importing import (
    Checked,
    bring_volunteer_file,
    forget_volunteer_files,
    import_volunteers,
    take_in_volunteer_file,
)
from haitang.volunteers.actions.keeping import export_volunteers, move_volunteers
from haitang.volunteers.actions.owning import (
    ClaimCode,
    OpenedCalendar,
    claim_volunteer,
    close_calendar,
    consent_again,
    find_own_entry,
    issue_certificate,
    issue_claim_code,
    issue_claim_codes,
    open_calendar,
    unmask_volunteer,
    verify_certificate,
)
from haitang.volunteers.actions.registering import (
    Registered,
    change_volunteer,
    register_volunteer,
    withdraw_volunteer,
)
from haitang.volunteers.actions.serving import record_service, record_services

__all__ = [
    "Checked",
    "ClaimCode",
    "OpenedCalendar",
    "Registered",
    "bring_volunteer_file",
    "change_catalogue_item",
    "change_consent",
    "change_volunteer",
    "change_volunteer_setting",
    "claim_volunteer",
    "close_calendar",
    "consent_again",
    "end_membership",
    "erase_volunteer",
    "export_volunteers",
    "find_own_entry",
    "forget_volunteer_files",
    "import_volunteers",
    "issue_certificate",
    "issue_claim_code",
    "issue_claim_codes",
    "move_volunteers",
    "open_calendar",
    "record_service",
    "record_services",
    "register_volunteer",
    "set_membership",
    "ship_volunteer_catalogue",
    "take_in_volunteer_file",
    "unmask_volunteer",
    "verify_certificate",
    "withdraw_volunteer",
]
