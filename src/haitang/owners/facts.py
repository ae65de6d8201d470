"""What can have happened to estates and decisions. What anybody has voted never stands here, nor who owns what."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.owners.values import Channel

Id = Annotated[int, Privacy.INTERNAL]
MaybeId = Annotated[int | None, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Numbers = Annotated[list[int], Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]
Flag = Annotated[bool, Privacy.INTERNAL]


class OfOwners(Fact):
    """What facts of owners have in common: how their fields and the values of these read."""

    field_labels = {
        "estate_id": _("小区"), "decision_id": _("业主表决"), "setting_id": _("业主表决设置"), "owner_id": _("业主"),
        "entry_id": _("名册序号"), "objection_id": _("异议"), "committee_id": _("业主委员会"),
        "meeting_id": _("联席会议"), "resolution_id": _("议定事项"), "member_id": _("成员"), "name": _("名称"),
        "title": _("标题"), "reason": _("原因"), "count": _("条数"), "key": _("设置项"), "value": _("值"),
        "area_id": _("区域"), "new_area_id": _("新区域"), "heads": pgettext_lazy("owners", "人数"),
        "size": _("面积（0.01 平方米）"),
        "channel": _("方式"), "upheld": _("是否更正"), "passed": _("通过的事项数"), "until": _("截止时间"),
        "account_id": _("账号"), "again": _("是否改票"), "numbers": _("单独重发的名册序号"),
    }  # fmt: skip
    field_words = {"channel": dict(Channel.choices)}


class OfOneEstate(OfOwners):
    """A fact about one estate."""

    subject_type = "housing_estate"


class OfOneDecision(OfOwners):
    """A fact about one decision of owners."""

    subject_type = "owners_decision"


@dataclass(frozen=True)
class EstateEntered(OfOneEstate):
    """A housing estate was entered."""

    label = _("登记小区")
    estate_id: Id
    name: Word


@dataclass(frozen=True)
class EstateChanged(OfOneEstate):
    """What is said of an estate was changed."""

    label = _("修改小区")
    estate_id: Id
    name: Word


@dataclass(frozen=True)
class UnitsImported(OfOneEstate):
    """The register of an estate was taken in from a sheet; it replaces the former. count: of units."""

    label = _("导入房屋和业主")
    estate_id: Id
    count: Number
    size: Number


@dataclass(frozen=True)
class OwnerTied(OfOneEstate):
    """An owner was tied to an account, which may vote for them from now on; None: untied."""

    label = _("绑定业主账号")
    estate_id: Id
    owner_id: Id
    account_id: MaybeId


@dataclass(frozen=True)
class OwnerUnmasked(OfOneEstate):
    """Somebody of the office has looked at an owner in full."""

    label = _("查看业主完整信息")
    estate_id: Id
    owner_id: Id
    reason: Words


@dataclass(frozen=True)
class EstatesMoved(OfOwners):
    """What lay in an area was tied to its new version."""

    label = _("小区随区域调整")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    count: Number


@dataclass(frozen=True)
class DecisionDrafted(OfOneDecision):
    """A decision of owners was drafted; nobody outside sees it yet."""

    label = _("起草业主表决")
    decision_id: Id
    title: Word


@dataclass(frozen=True)
class DecisionChanged(OfOneDecision):
    """A draft was changed."""

    label = _("修改业主表决草案")
    decision_id: Id
    title: Word


@dataclass(frozen=True)
class DecisionAnnounced(OfOneDecision):
    """The decision is public, its roll is frozen. heads, size: of the whole roll."""

    label = _("公示业主表决")
    decision_id: Id
    heads: Number
    size: Number


@dataclass(frozen=True)
class RollRedrawn(OfOneDecision):
    """The roll was drawn anew from the corrected register, before voting."""

    label = _("更正表决名册")
    decision_id: Id
    heads: Number
    size: Number


@dataclass(frozen=True)
class ObjectionRaised(OfOneDecision):
    """Somebody objects to the roll or to how the vote is run."""

    label = _("提出异议")
    decision_id: Id
    objection_id: Id


@dataclass(frozen=True)
class ObjectionSettled(OfOneDecision):
    """An objection was settled, with an answer."""

    label = _("答复异议")
    decision_id: Id
    objection_id: Id
    upheld: Flag


@dataclass(frozen=True)
class PaperTakenBack(OfOneDecision):
    """A paper ballot that two had read alike was taken back: it counts no more and is read anew."""

    label = _("退回纸质票重录")
    decision_id: Id
    entry_id: Id
    reason: Words


@dataclass(frozen=True)
class VotingCodesIssued(OfOneDecision):
    """Voting codes were made, to be posted or handed out; the former ones of these entries open nothing any more.

    numbers: the entries asked for one by one, at the desk; none where all were made that were missing.
    """

    label = _("生成表决码")
    decision_id: Id
    count: Number
    numbers: Numbers


@dataclass(frozen=True)
class BallotsDelivered(OfOneDecision):
    """It was noted that ballots have reached owners."""

    label = _("登记表决票送达")
    decision_id: Id
    count: Number


@dataclass(frozen=True)
class DecisionOpened(OfOneDecision):
    """A second person has confirmed the roll and the rules; ballots are taken."""

    label = _("开始业主表决")
    decision_id: Id


@dataclass(frozen=True)
class VotingExtended(OfOneDecision):
    """Voting goes on for longer."""

    label = _("延长表决")
    decision_id: Id
    until: Word
    reason: Words


@dataclass(frozen=True)
class BallotGiven(OfOneDecision):
    """An owner has voted; what they have chosen is not said here. again: in place of an earlier ballot."""

    label = _("投票")
    decision_id: Id
    entry_id: Id
    channel: Word
    again: Flag


@dataclass(frozen=True)
class PaperRead(OfOneDecision):
    """A paper ballot was typed in, once by each of two people."""

    label = _("录入纸质票")
    decision_id: Id
    entry_id: Id


@dataclass(frozen=True)
class PaperReconciled(OfOneDecision):
    """Two different readings of a paper ballot were settled by looking at it again."""

    label = _("核对纸质票")
    decision_id: Id
    entry_id: Id
    reason: Words


@dataclass(frozen=True)
class VotingStopped(OfOneDecision):
    """Somebody asks to close the vote; a second person confirms."""

    label = _("申请结束表决")
    decision_id: Id


@dataclass(frozen=True)
class VotingResumed(OfOneDecision):
    """The second person does not confirm: something about the ballots is to be seen to first."""

    label = _("退回计票")
    decision_id: Id
    reason: Words


@dataclass(frozen=True)
class DecisionClosed(OfOneDecision):
    """The second person has confirmed; the result is computed and public. passed: how many questions have passed."""

    label = _("公布业主表决结果")
    decision_id: Id
    passed: Number


@dataclass(frozen=True)
class DecisionCancelled(OfOneDecision):
    """The decision is called off."""

    label = _("取消业主表决")
    decision_id: Id
    reason: Words


@dataclass(frozen=True)
class BallotsExported(OfOneDecision):
    """The named ballots were taken away as a table."""

    label = _("导出表决票")
    decision_id: Id
    count: Number


@dataclass(frozen=True)
class CommitteeFormed(OfOneEstate):
    """An owners' committee begins its term."""

    label = _("登记业主委员会")
    estate_id: Id
    committee_id: Id
    name: Word


@dataclass(frozen=True)
class CommitteeSeated(OfOneEstate):
    """Somebody becomes a member of the owners' committee."""

    label = _("业主委员会增加成员")
    estate_id: Id
    committee_id: Id
    member_id: Id


@dataclass(frozen=True)
class CommitteeLeft(OfOneEstate):
    """A member leaves the owners' committee."""

    label = _("业主委员会成员离任")
    estate_id: Id
    committee_id: Id
    member_id: Id


@dataclass(frozen=True)
class JointMeetingCalled(OfOneEstate):
    """A joint meeting of community, committee and property company was called."""

    label = _("召集三方联席会议")
    estate_id: Id
    meeting_id: Id
    title: Word


@dataclass(frozen=True)
class JointMeetingMinuted(OfOneEstate):
    """The minutes of a joint meeting were written, with what it has agreed on."""

    label = _("登记联席会议纪要")
    estate_id: Id
    meeting_id: Id
    count: Number


@dataclass(frozen=True)
class ResolutionDone(OfOneEstate):
    """What a joint meeting has agreed on is done."""

    label = _("议定事项办结")
    estate_id: Id
    meeting_id: Id
    resolution_id: Id


@dataclass(frozen=True)
class OwnersSettingChanged(OfOwners):
    """A rule for owners' decisions was changed in the office."""

    label = _("修改业主表决设置")
    subject_type = "owners_setting"
    setting_id: Id
    key: Word
    value: Word
