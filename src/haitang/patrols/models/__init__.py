"""The rows of patrols and visits."""

from haitang.patrols.models.dispute import Dispute, FollowUp, Mediator, Party, Session
from haitang.patrols.models.patrol import Checklist, Hazard, HazardPhoto, ItemResult, PatrolSetting, Round
from haitang.patrols.models.visit import Asked, Household, KnownField, Need, Visit

__all__ = [
    "Asked",
    "Checklist",
    "Dispute",
    "FollowUp",
    "Hazard",
    "HazardPhoto",
    "Household",
    "ItemResult",
    "KnownField",
    "Mediator",
    "Need",
    "Party",
    "PatrolSetting",
    "Round",
    "Session",
    "Visit",
]
