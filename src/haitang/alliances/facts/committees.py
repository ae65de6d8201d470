"""What can have happened to committees, their meetings and decisions."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.alliances.facts.base import Id, Number, OfAlliances, Word, Words
from haitang.core.privacy import Privacy


@dataclass(frozen=True)
class CommitteeSetUp(OfAlliances):
    """A committee was set up."""

    label = _("成立委员会")
    subject_type = "alliance_committee"
    committee_id: Id
    name: Word


@dataclass(frozen=True)
class CommitteeEnded(OfAlliances):
    """A committee ends on a day, and every seat with it; why."""

    label = _("撤销委员会")
    subject_type = "alliance_committee"
    committee_id: Id
    to_date: Word
    reason: Words


@dataclass(frozen=True)
class SeatTaken(OfAlliances):
    """Somebody became a member of a committee."""

    label = _("委员就任")
    subject_type = "alliance_committee"
    committee_id: Id
    seat_id: Id
    kind: Word
    name: Words
    post: Word
    home_id: Annotated[int | None, Privacy.INTERNAL]


@dataclass(frozen=True)
class SeatLeft(OfAlliances):
    """A member leaves a committee on a day; why."""

    label = _("委员离任")
    subject_type = "alliance_committee"
    committee_id: Id
    seat_id: Id
    to_date: Word
    reason: Words


@dataclass(frozen=True)
class MeetingCalled(OfAlliances):
    """A committee was called to a meeting, or the call was changed."""

    label = _("召集会议")
    subject_type = "alliance_meeting"
    meeting_id: Id
    committee_id: Id
    title: Word
    at: Word


@dataclass(frozen=True)
class MeetingCalledOff(OfAlliances):
    """A meeting is not held; why."""

    label = _("取消会议")
    subject_type = "alliance_meeting"
    meeting_id: Id
    reason: Words


@dataclass(frozen=True)
class CommitteeMet(OfAlliances):
    """A meeting was held; its minutes stand."""

    label = _("登记会议纪要")
    subject_type = "alliance_meeting"
    meeting_id: Id
    committee_id: Id
    decisions: Number


@dataclass(frozen=True)
class DecisionsAdded(OfAlliances):
    """Decisions of a meeting that was held were added."""

    label = _("补登决议")
    subject_type = "alliance_meeting"
    meeting_id: Id
    decisions: Number


@dataclass(frozen=True)
class DecisionSettled(OfAlliances):
    """It was said what became of a decision: done, or dropped."""

    label = _("办结决议")
    subject_type = "alliance_meeting"
    meeting_id: Id
    decision_id: Id
    dropped: Annotated[bool, Privacy.INTERNAL]
    words: Words


@dataclass(frozen=True)
class DecisionReopened(OfAlliances):
    """A decision that was settled is under way again; why."""

    label = _("重新办理决议")
    subject_type = "alliance_meeting"
    meeting_id: Id
    decision_id: Id
    reason: Words


@dataclass(frozen=True)
class DecisionBecameProject(OfAlliances):
    """A decision is carried out as a project."""

    label = _("决议立项")
    subject_type = "alliance_meeting"
    meeting_id: Id
    decision_id: Id
    project_id: Id


@dataclass(frozen=True)
class DecisionBecameCase(OfAlliances):
    """A decision is carried out as a case."""

    label = _("决议转为案件")
    subject_type = "alliance_meeting"
    meeting_id: Id
    decision_id: Id
    case_id: Id
