"""Reads over votes, rolls and published ballots."""

from haitang.voting.queries.rolls import (
    PAGE,
    RollLine,
    Ticket,
    code_hash,
    document_index,
    get_entry,
    household_index,
    list_roll,
    list_sheets,
    read_ticket,
)
from haitang.voting.queries.rules import RULES, SETTINGS, fixed_paper, list_voting_settings, rules
from haitang.voting.queries.votes import (
    OptionResult,
    Turnout,
    deeds_of,
    entitled_to,
    file_of,
    find_ballot,
    get_public_vote,
    get_vote,
    kind_hint,
    list_public_votes,
    list_results,
    list_votes,
    turnout_of,
)

__all__ = [
    "PAGE", "RULES", "SETTINGS", "OptionResult", "RollLine", "Ticket", "Turnout", "code_hash", "deeds_of",
    "document_index", "entitled_to", "file_of", "find_ballot", "fixed_paper", "get_entry", "get_public_vote",
    "get_vote",
    "household_index", "kind_hint", "list_public_votes", "list_results", "list_roll", "list_sheets", "list_votes",
    "list_voting_settings",
    "read_ticket", "rules", "turnout_of",
]  # fmt: skip
