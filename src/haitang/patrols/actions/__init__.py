"""Writes to patrols and visits: one function for each thing that can be done."""

from haitang.patrols.actions.following import move_patrols
from haitang.patrols.actions.hazards import (
    add_hazard_photo,
    assign_hazard,
    close_hazard,
    make_hazard_case,
    recheck_hazard,
    rectify_hazard,
    rectify_hazard_of_case,
    report_hazard,
    tell_overdue_hazards,
)
from haitang.patrols.actions.rounds import check_item, generate_rounds
from haitang.patrols.actions.rules import change_checklist, change_patrol_setting, ship_checklists

__all__ = [
    "add_hazard_photo",
    "assign_hazard",
    "change_checklist",
    "change_patrol_setting",
    "check_item",
    "close_hazard",
    "generate_rounds",
    "make_hazard_case",
    "move_patrols",
    "recheck_hazard",
    "rectify_hazard",
    "rectify_hazard_of_case",
    "report_hazard",
    "ship_checklists",
    "tell_overdue_hazards",
]
