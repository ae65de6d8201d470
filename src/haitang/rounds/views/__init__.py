"""The pages of rounds."""

from haitang.rounds.views.council import own_sitting, sitting, sitting_deed, sitting_new
from haitang.rounds.views.council import own_sittings as council
from haitang.rounds.views.desk import desk, pot_deed, round_deed, round_form, staff_round
from haitang.rounds.views.office import clause, settings
from haitang.rounds.views.proposals import enter, merger_deed, remark_answer, staff_deed, staff_proposal, take_over
from haitang.rounds.views.proposing import propose, propose_contact, propose_place
from haitang.rounds.views.public import mine, outcome, own_deed, photo, proposal, public_round, rounds

__all__ = [
    "clause", "council", "desk", "enter", "merger_deed", "mine", "outcome", "own_deed", "own_sitting", "photo",
    "pot_deed", "proposal", "propose", "propose_contact", "propose_place", "public_round", "remark_answer",
    "round_deed", "round_form", "rounds", "settings", "sitting", "sitting_deed", "sitting_new", "staff_deed",
    "staff_proposal", "staff_round", "take_over",
]  # fmt: skip
