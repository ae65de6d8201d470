"""Writes to estates and owners' decisions: one function for each thing that can be done."""

from haitang.owners.actions.closing import close_decision, export_ballots, resume_counting, stop_voting
from haitang.owners.actions.committees import (
    call_meeting,
    finish_resolution,
    form_committee,
    leave_committee,
    minute_meeting,
    seat_member,
)
from haitang.owners.actions.drafting import (
    announce_decision,
    cancel_decision,
    change_decision,
    draft_decision,
    extend_voting,
    open_decision,
)
from haitang.owners.actions.erasing import keep_owner
from haitang.owners.actions.estates import change_estate, enter_estate, move_estates, tie_owner, unmask_owner
from haitang.owners.actions.register import RegisterRead, UnitRead, check_register, import_register
from haitang.owners.actions.rolls import (
    issue_voting_codes,
    note_delivered,
    raise_objection,
    redraw_roll,
    settle_objection,
)
from haitang.owners.actions.rules import change_owners_setting
from haitang.owners.actions.voting import give_ballot, read_paper, reconcile_paper, take_paper_back

__all__ = [
    "RegisterRead",
    "UnitRead",
    "announce_decision",
    "call_meeting",
    "cancel_decision",
    "change_decision",
    "change_estate",
    "change_owners_setting",
    "check_register",
    "close_decision",
    "draft_decision",
    "enter_estate",
    "export_ballots",
    "extend_voting",
    "finish_resolution",
    "form_committee",
    "give_ballot",
    "import_register",
    "issue_voting_codes",
    "keep_owner",
    "leave_committee",
    "minute_meeting",
    "move_estates",
    "note_delivered",
    "open_decision",
    "raise_objection",
    "read_paper",
    "reconcile_paper",
    "redraw_roll",
    "resume_counting",
    "seat_member",
    "settle_objection",
    "stop_voting",
    "take_paper_back",
    "tie_owner",
    "unmask_owner",
]  # fmt: skip
