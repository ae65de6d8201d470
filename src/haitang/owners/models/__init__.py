"""The rows of owners' decisions."""

from haitang.owners.models.ballots import Ballot, Outcome, PaperSheet
from haitang.owners.models.committees import Committee, CommitteeMember, JointMeeting, Resolution
from haitang.owners.models.decisions import Decision, Objection, Question, RollEntry, RollUnit
from haitang.owners.models.estates import IDENTITY, PHONE, Estate, Owner, OwnersSetting, Share, Unit

__all__ = [
    "IDENTITY", "PHONE", "Ballot", "Committee", "CommitteeMember", "Decision", "Estate", "JointMeeting", "Objection",
    "Outcome", "Owner", "OwnersSetting", "PaperSheet", "Question", "Resolution", "RollEntry", "RollUnit", "Share",
    "Unit",
]  # fmt: skip
