"""The pages of owners' decisions: everybody's, the voters', the desk's."""

from haitang.owners.views.desk import codes, decision_change, decision_new, desk, paper, roll, settle, vote, vote_deed
from haitang.owners.views.estates import (
    bring,
    estate,
    estate_change,
    estate_deed,
    estate_new,
    estates,
    owner,
    owner_tie,
    owner_unmask,
    template,
    units,
)
from haitang.owners.views.results import ballots, result, settings
from haitang.owners.views.voters import decision, decisions, enter, mine, object_to

__all__ = [
    "ballots", "bring", "codes", "decision", "decision_change", "decision_new", "decisions", "desk", "enter", "estate",
    "estate_change", "estate_deed", "estate_new", "estates", "mine", "object_to", "owner", "owner_tie", "owner_unmask",
    "paper", "result", "roll", "settings", "settle", "template", "units", "vote", "vote_deed",
]  # fmt: skip
