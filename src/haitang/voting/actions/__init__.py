"""Writes to votes: one function for each thing that can be done."""

from haitang.voting.actions.casting import cast_ballot, give_back_paper, take_paper
from haitang.voting.actions.counting import count_vote, decide_paper, enter_paper, print_papers
from haitang.voting.actions.preparing import (
    confirm_closing,
    confirm_opening,
    keep_vote,
    propose_closing,
    propose_opening,
)
from haitang.voting.actions.rolls import (
    erase_rolls,
    hand_out_code,
    judge_residence,
    list_voters,
    print_codes,
    register_stranger,
)
from haitang.voting.actions.rules import change_voting_setting

__all__ = [
    "cast_ballot",
    "change_voting_setting",
    "confirm_closing",
    "confirm_opening",
    "count_vote",
    "decide_paper",
    "enter_paper",
    "erase_rolls",
    "give_back_paper",
    "hand_out_code",
    "judge_residence",
    "keep_vote",
    "list_voters",
    "print_codes",
    "print_papers",
    "propose_closing",
    "propose_opening",
    "register_stranger",
    "take_paper",
]  # fmt: skip
