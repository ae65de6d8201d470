"""Writes to rounds: one function for each thing that can be done."""

from haitang.rounds.actions.checking import (
    admit_proposal,
    admit_proposals,
    appraise_proposal,
    appraise_proposals,
    reopen_proposal,
    turn_down_proposal,
)
from haitang.rounds.actions.council import (
    close_sitting,
    give_hand,
    mark_present,
    note_hands,
    open_sitting,
)
from haitang.rounds.actions.deciding import prepare_ballot, publish_outcome, start_chosen
from haitang.rounds.actions.erasing import erase_proposer
from haitang.rounds.actions.importing import import_proposals
from haitang.rounds.actions.keeping import forget_authors, move_rounds
from haitang.rounds.actions.merging import answer_merger, begin_merger, undo_merger
from haitang.rounds.actions.proposing import (
    add_proposal_photo,
    enter_proposal,
    enter_proposals,
    hand_in_proposal,
    join_proposal,
    rewrite_proposal,
    withdraw_proposal,
)
from haitang.rounds.actions.remarking import answer_remark, remark_on, return_proposal
from haitang.rounds.actions.rounds import keep_round, publish_round
from haitang.rounds.actions.rules import change_round_setting, keep_clause

__all__ = [
    "add_proposal_photo",
    "admit_proposal",
    "admit_proposals",
    "answer_merger",
    "answer_remark",
    "appraise_proposal",
    "appraise_proposals",
    "begin_merger",
    "change_round_setting",
    "close_sitting",
    "enter_proposal",
    "enter_proposals",
    "erase_proposer",
    "forget_authors",
    "give_hand",
    "hand_in_proposal",
    "import_proposals",
    "join_proposal",
    "keep_clause",
    "keep_round",
    "mark_present",
    "move_rounds",
    "note_hands",
    "open_sitting",
    "prepare_ballot",
    "publish_outcome",
    "publish_round",
    "remark_on",
    "reopen_proposal",
    "return_proposal",
    "rewrite_proposal",
    "start_chosen",
    "turn_down_proposal",
    "undo_merger",
    "withdraw_proposal",
]  # fmt: skip
