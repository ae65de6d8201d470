"""Rows of rounds: rounds with phases and pots, proposals, mergers, sittings of councils, settings."""

from haitang.rounds.models.council import Agenda, Hand, Seat, Sitting
from haitang.rounds.models.proposal import (
    NAME,
    PHONE,
    CoProposer,
    Merger,
    MergerPart,
    Proposal,
    ProposalPhoto,
    Remark,
)
from haitang.rounds.models.round import STAFF, OwnClause, Phase, Pot, Round, RoundSetting

__all__ = [
    "NAME", "PHONE", "STAFF", "Agenda", "CoProposer", "Hand", "Merger", "MergerPart", "OwnClause", "Phase", "Pot",
    "Proposal", "ProposalPhoto", "Remark", "Round", "RoundSetting", "Seat", "Sitting",
]  # fmt: skip
