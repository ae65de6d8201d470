"""Writes to patrols and visits: one function for each thing that can be done."""

from haitang.patrols.actions.disputes import (
    change_mediator,
    conclude_dispute,
    follow_up_dispute,
    hold_session,
    name_mediator,
    open_dispute,
    tell_due_follow_ups,
    unmask_parties,
)
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
from haitang.patrols.actions.visits import (
    forget_expired_visits,
    grant_wish,
    open_household,
    record_visit,
    report_asked,
    unmask_household,
    withdraw_consent,
)

__all__ = [
    "add_hazard_photo",
    "assign_hazard",
    "change_checklist",
    "change_mediator",
    "change_patrol_setting",
    "check_item",
    "close_hazard",
    "conclude_dispute",
    "follow_up_dispute",
    "forget_expired_visits",
    "generate_rounds",
    "grant_wish",
    "hold_session",
    "make_hazard_case",
    "move_patrols",
    "name_mediator",
    "open_dispute",
    "open_household",
    "recheck_hazard",
    "record_visit",
    "rectify_hazard",
    "rectify_hazard_of_case",
    "report_asked",
    "report_hazard",
    "ship_checklists",
    "tell_due_follow_ups",
    "tell_overdue_hazards",
    "unmask_household",
    "unmask_parties",
    "withdraw_consent",
]
