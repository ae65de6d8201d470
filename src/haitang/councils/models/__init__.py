"""Rows of deliberation."""

from haitang.councils.models.councils import (
    Council,
    CouncilKind,
    CouncilSetting,
    Member,
    Resolution,
    Session,
    SessionItem,
)
from haitang.councils.models.draws import CANDIDATE, SEED, Draw, DrawCandidate
from haitang.councils.models.topics import Question, Topic, TopicPhoto

__all__ = [
    "CANDIDATE", "SEED", "Council", "CouncilKind", "CouncilSetting", "Draw", "DrawCandidate", "Member",
    "Question", "Resolution", "Session", "SessionItem", "Topic", "TopicPhoto",
]  # fmt: skip
