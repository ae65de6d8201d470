"""What can have happened to alliances, action branches, contact points and workstations."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from haitang.alliances.facts.base import Id, Number, OfAlliances, Word, Words


@dataclass(frozen=True)
class AllianceFounded(OfAlliances):
    """An alliance was founded with so many partners."""

    label = _("成立联盟")
    subject_type = "alliance_circle"
    alliance_id: Id
    name: Word
    partners: Number


@dataclass(frozen=True)
class AlliancePartnersJoined(OfAlliances):
    """Organizations joined an alliance."""

    label = _("加入联盟")
    subject_type = "alliance_circle"
    alliance_id: Id
    name: Word


@dataclass(frozen=True)
class AlliancePartnerLeft(OfAlliances):
    """An organization left an alliance."""

    label = _("退出联盟")
    subject_type = "alliance_circle"
    alliance_id: Id
    name: Word
    to_date: Word


@dataclass(frozen=True)
class AllianceEnded(OfAlliances):
    """An alliance ends; why."""

    label = _("结束联盟")
    subject_type = "alliance_circle"
    alliance_id: Id
    to_date: Word
    reason: Words


@dataclass(frozen=True)
class ActionBranchFormed(OfAlliances):
    """An action branch was formed with so many members."""

    label = _("成立行动支部")
    subject_type = "alliance_branch"
    branch_id: Id
    name: Word
    members: Number


@dataclass(frozen=True)
class ActionBranchJoined(OfAlliances):
    """So many people joined an action branch."""

    label = _("加入行动支部")
    subject_type = "alliance_branch"
    branch_id: Id
    members: Number


@dataclass(frozen=True)
class ActionBranchLeft(OfAlliances):
    """Somebody left an action branch."""

    label = _("离开行动支部")
    subject_type = "alliance_branch"
    branch_id: Id
    member_id: Id
    to_date: Word


@dataclass(frozen=True)
class ActionBranchEnded(OfAlliances):
    """An action branch has done what it was formed for, or ends without."""

    label = _("结束行动支部")
    subject_type = "alliance_branch"
    branch_id: Id
    to_date: Word
    words: Words


@dataclass(frozen=True)
class ContactPointSet(OfAlliances):
    """A leader keeps in contact with a community."""

    label = _("确定联系点")
    subject_type = "alliance_point"
    point_id: Id
    name: Words
    area_id: Id


@dataclass(frozen=True)
class ContactPointVisited(OfAlliances):
    """A leader visited the community; what was heard."""

    label = _("联系点走访")
    subject_type = "alliance_point"
    point_id: Id
    on: Word
    what: Words


@dataclass(frozen=True)
class ContactPointEnded(OfAlliances):
    """A leader keeps in contact with the community no more; why."""

    label = _("结束联系点")
    subject_type = "alliance_point"
    point_id: Id
    to_date: Word
    reason: Words


@dataclass(frozen=True)
class WorkstationOpened(OfAlliances):
    """A workstation was opened."""

    label = _("启用工作站")
    subject_type = "alliance_station"
    station_id: Id
    name: Word


@dataclass(frozen=True)
class WorkstationClosed(OfAlliances):
    """A workstation was closed; why."""

    label = _("停用工作站")
    subject_type = "alliance_station"
    station_id: Id
    to_date: Word
    reason: Words


@dataclass(frozen=True)
class InstructorSent(OfAlliances):
    """Somebody was sent from a workstation to help an organization."""

    label = _("选派指导员")
    subject_type = "alliance_station"
    station_id: Id
    name: Words
    organization_id: Id


@dataclass(frozen=True)
class InstructorReturned(OfAlliances):
    """An instructor's task ended."""

    label = _("指导员任务结束")
    subject_type = "alliance_station"
    station_id: Id
    name: Words
    to_date: Word
