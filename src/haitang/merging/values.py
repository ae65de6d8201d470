"""The words of merging: permissions, bounds, refusals, and the rule by which a priority is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from haitang.cases.values import Priority
from haitang.core.errors import Conflict, Invalid, NotFound

JOINED_AT_ONCE_MAX = 100
CODE_LENGTH = 6
VOICES_SHOWN_MAX = 20
"""On the list of what an account has said "me too" on; older ones are found by number and code."""


class Permission(StrEnum):
    """What may be done here. Which role holds which is data."""

    MERGE = "merging.case.merge"
    FLAG = "merging.case.flag"


class AlreadyJoined(Conflict):
    """The case goes along with another one already, or is itself the main case of others."""


class NotJoinable(Conflict):
    """The case cannot go along with another: it has ended, or it is confidential."""


class NotJoined(NotFound):
    """The case does not go along with that main case."""


class StillTogether(Conflict):
    """Others go along with the case: they must be parted first."""


class AlreadySaid(Conflict):
    """This person has said so before, or has reported the matter."""


class NothingChanged(Invalid):
    """The case is flagged so already, or is not flagged."""


@dataclass(frozen=True, slots=True)
class Points:
    """What a priority is reckoned from. voices: people who said "me too", those of joined cases among them."""

    voices: int
    joined: int
    repeats: int


def points_of(counted: Points, rule: Mapping[str, int]) -> int:
    """Return how many points a case has: each sort of news weighs as the setting `priority_points` says."""
    return counted.voices * rule["voice"] + counted.joined * rule["joined"] + counted.repeats * rule["repeat"]


def priority_of(points: int, rule: Mapping[str, int]) -> Priority:
    """Return the priority for so many points."""
    if points >= rule["urgent"]:
        return Priority.URGENT
    return Priority.RAISED if points >= rule["raised"] else Priority.NORMAL
