"""The pages of votes."""

from haitang.voting.views.desk import (
    blanks,
    codes,
    count,
    deed,
    desk,
    entry_deed,
    look_up,
    paper,
    roll,
    settings,
    staff_vote,
    vote_form,
)
from haitang.voting.views.public import ballot, file_json, file_pb, find, register, vote, votes

__all__ = [
    "ballot", "blanks", "codes", "count", "deed", "desk", "entry_deed", "file_json", "file_pb", "find", "look_up",
    "paper", "register", "roll", "settings", "staff_vote", "vote", "vote_form", "votes",
]  # fmt: skip
