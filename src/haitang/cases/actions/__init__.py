"""Writes to cases: one function for each thing that can be done."""

from haitang.cases.actions.amending import amend_case
from haitang.cases.actions.asking import change_form
from haitang.cases.actions.assigning import change_handler
from haitang.cases.actions.attachments import add_photo
from haitang.cases.actions.bundling import bound_clock, end_along, mark_case, rest_clock, wake_clock
from haitang.cases.actions.catalog import (
    change_category,
    change_routing_rule,
    change_setting,
    create_category,
    create_phrase,
    create_routing_rule,
    load_default_catalog,
    move_routing_rule,
    remove_phrase,
    remove_routing_rule,
)
from haitang.cases.actions.clocks import extend_clock, pause_clock, resume_clock
from haitang.cases.actions.correcting import reclassify_case
from haitang.cases.actions.counting import fold_counts
from haitang.cases.actions.erasing import clean_old_reporters, erase_reporter
from haitang.cases.actions.exporting import export_cases
from haitang.cases.actions.following import follow_area, move_rules
from haitang.cases.actions.importing import BATCH_ROWS, ImportSummary, import_cases
from haitang.cases.actions.mirroring import mirror_deed
from haitang.cases.actions.moving import (
    accept_case,
    check_case,
    close_case,
    dispatch_case,
    feedback_case,
    force_close_case,
    handle_case,
    refuse_case,
    register_case,
    reopen_case,
    return_case,
    rework_case,
    sign_case,
    take_back_case,
    verify_case,
    void_case,
)
from haitang.cases.actions.noting import note_on_case, note_on_cases
from haitang.cases.actions.public import forget_unused_photos, keep_photo, report_case_with_photos
from haitang.cases.actions.rating import find_case_by_code, rate_case, rate_case_by_code
from haitang.cases.actions.reporting import report_case
from haitang.cases.actions.settling import report_handled_case
from haitang.cases.actions.taxonomy import import_categories
from haitang.cases.actions.telling import tell_missed_deadlines, tell_overdue
from haitang.cases.actions.unmasking import unmask_reporter
from haitang.cases.actions.workbook import import_any_catalog, import_catalog

__all__ = [
    "BATCH_ROWS",
    "ImportSummary",
    "accept_case",
    "add_photo",
    "amend_case",
    "bound_clock",
    "change_category",
    "change_form",
    "change_handler",
    "change_routing_rule",
    "change_setting",
    "check_case",
    "clean_old_reporters",
    "close_case",
    "create_category",
    "create_phrase",
    "create_routing_rule",
    "dispatch_case",
    "end_along",
    "erase_reporter",
    "export_cases",
    "extend_clock",
    "feedback_case",
    "find_case_by_code",
    "fold_counts",
    "follow_area",
    "force_close_case",
    "forget_unused_photos",
    "handle_case",
    "import_any_catalog",
    "import_cases",
    "import_catalog",
    "import_categories",
    "keep_photo",
    "load_default_catalog",
    "mark_case",
    "mirror_deed",
    "move_routing_rule",
    "move_rules",
    "note_on_case",
    "note_on_cases",
    "pause_clock",
    "rate_case",
    "rate_case_by_code",
    "reclassify_case",
    "refuse_case",
    "register_case",
    "remove_phrase",
    "remove_routing_rule",
    "reopen_case",
    "report_case",
    "report_case_with_photos",
    "report_handled_case",
    "rest_clock",
    "resume_clock",
    "return_case",
    "rework_case",
    "sign_case",
    "take_back_case",
    "tell_missed_deadlines",
    "tell_overdue",
    "unmask_reporter",
    "verify_case",
    "void_case",
    "wake_clock",
]
