"""Writes to whistles: one function for each thing that can be done."""

from haitang.whistles.actions.answering import (
    contact_street,
    evaluate_call,
    handle_call,
    insist_on_call,
    refuse_call,
    release_call,
    report_arrival,
    rework_call,
    sign_call,
    sign_off_call,
    waive_call,
)
from haitang.whistles.actions.calling import add_departments
from haitang.whistles.actions.climbing import climb_whistle_ladder
from haitang.whistles.actions.drafting import approve_whistle, decline_whistle, draft_whistle, withdraw_whistle
from haitang.whistles.actions.evidence import add_whistle_photo
from haitang.whistles.actions.handing import change_call_handler
from haitang.whistles.actions.meeting import give_meeting_task, hold_meeting, settle_meeting_task
from haitang.whistles.actions.reminding import remind_of_meeting_tasks
from haitang.whistles.actions.ruling import (
    PHRASED,
    change_meeting_reminders,
    change_whistle_kind,
    change_whistle_ladder,
    change_whistle_phrases,
)

__all__ = [
    "PHRASED",
    "add_departments",
    "add_whistle_photo",
    "approve_whistle",
    "change_call_handler",
    "change_meeting_reminders",
    "change_whistle_kind",
    "change_whistle_ladder",
    "change_whistle_phrases",
    "climb_whistle_ladder",
    "contact_street",
    "decline_whistle",
    "draft_whistle",
    "evaluate_call",
    "give_meeting_task",
    "handle_call",
    "hold_meeting",
    "insist_on_call",
    "refuse_call",
    "release_call",
    "remind_of_meeting_tasks",
    "report_arrival",
    "rework_call",
    "settle_meeting_task",
    "sign_call",
    "sign_off_call",
    "waive_call",
    "withdraw_whistle",
]
