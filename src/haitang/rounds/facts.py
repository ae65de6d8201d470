"""What can have happened in rounds."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Ids = Annotated[list[int], Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]
Flag = Annotated[bool, Privacy.INTERNAL]


class OfRounds(Fact):
    """What facts of rounds have in common: how their fields read."""

    subject_type = "round"
    field_labels = {
        "round_id": _("微实事轮次"), "title": _("名称"), "pot_id": _("资金"), "vote_id": _("投票"),
        "proposal_id": _("微实事提案"), "channel": _("来源"), "reason": _("原因"), "codes": _("对照清单"),
        "feasibility": _("可行性"), "price_fen": _("核定造价（分）"), "merger_id": _("合并"),
        "agreed": _("同意"), "sitting_id": _("评议会议"), "members": _("应到"), "present": _("实到"),
        "passed": _("通过"), "yes": _("赞成"), "no": _("反对"), "abstained": _("弃权"), "count": _("件数"),
        "chosen": _("入选"), "project_id": _("项目"), "remark_id": _("公示意见"),
        "setting_id": _("微实事设置"), "key": _("设置项"), "value": _("值"), "clause_id": _("清单条目"),
        "code": _("编号"), "area_id": _("区域"),
        "new_area_id": _("新区域"), "text": _("内容"), "is_used": _("使用中"),
    }  # fmt: skip


class OfProposals(OfRounds):
    """What facts of proposals have in common."""

    subject_type = "round_proposal"


@dataclass(frozen=True)
class RoundKept(OfRounds):
    """A round was entered, or changed: its phases, pots or the rule of its votes."""

    label = _("保存微实事轮次")
    round_id: Id
    title: Word


@dataclass(frozen=True)
class RoundPublished(OfRounds):
    """A round was published: from now on anybody reads it, and its phases permit what they say."""

    label = _("发布微实事轮次")
    round_id: Id
    title: Word


@dataclass(frozen=True)
class ProposalHandedIn(OfProposals):
    """A micro-project was proposed, by a resident or through staff."""

    label = _("提交提案")
    proposal_id: Id
    title: Word
    channel: Word


@dataclass(frozen=True)
class ProposalsImported(OfRounds):
    """Projects were taken over from a file of another platform as proposals for a pot. count: of them."""

    label = _("从文件导入提案")
    round_id: Id
    pot_id: Id
    count: Number


@dataclass(frozen=True)
class ProposalChanged(OfProposals):
    """A proposal was changed before it was checked."""

    label = _("修改提案")
    proposal_id: Id
    title: Word


@dataclass(frozen=True)
class ProposalJoined(OfProposals):
    """Somebody stands behind a proposal with its author. Who it is does not stand here."""

    label = _("联名")
    proposal_id: Id
    count: Number


@dataclass(frozen=True)
class ProposalWithdrawn(OfProposals):
    """Its author, or staff for them, took a proposal back."""

    label = _("撤回提案")
    proposal_id: Id
    reason: Words


@dataclass(frozen=True)
class ProposalAdmitted(OfProposals):
    """A proposal is such as the lists have it. codes: of the clauses quoted."""

    label = _("初审通过")
    proposal_id: Id
    codes: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class ProposalTurnedDown(OfProposals):
    """A proposal was refused, with the clauses of the lists and the reason that its author reads."""

    label = _("初审不予通过")
    proposal_id: Id
    codes: Annotated[list[str], Privacy.INTERNAL]
    reason: Words


@dataclass(frozen=True)
class ProposalReopened(OfProposals):
    """A proposal is to be checked anew."""

    label = _("重新初审")
    proposal_id: Id
    reason: Words


@dataclass(frozen=True)
class ProposalAppraised(OfProposals):
    """An officer has said whether it can be done, and at which price."""

    label = _("出具可行性意见")
    proposal_id: Id
    feasibility: Word
    price_fen: Annotated[int | None, Privacy.INTERNAL]


@dataclass(frozen=True)
class MergerBegun(OfProposals):
    """The authors of similar proposals are asked whether they become one. proposal_id: the one that would stay."""

    label = _("提议合并")
    proposal_id: Id
    merger_id: Id
    reason: Words


@dataclass(frozen=True)
class MergerAnswered(OfProposals):
    """An author has agreed to a merger, or not."""

    label = _("答复合并")
    proposal_id: Id
    merger_id: Id
    agreed: Flag


@dataclass(frozen=True)
class ProposalsMerged(OfProposals):
    """All agreed: the others are part of this proposal now."""

    label = pgettext_lazy("fact", "合并提案")
    proposal_id: Id
    merger_id: Id
    count: Number


@dataclass(frozen=True)
class MergerUndone(OfProposals):
    """A merger was taken back, or given up: each proposal is as it was before."""

    label = _("取消合并")
    proposal_id: Id
    merger_id: Id
    reason: Words


@dataclass(frozen=True)
class SittingOpened(OfRounds):
    """A sitting of the council has begun. count: proposals before it."""

    label = _("议事会开会")
    round_id: Id
    sitting_id: Id
    count: Number


@dataclass(frozen=True)
class SittingClosed(OfRounds):
    """A sitting was closed and its hands counted. passed: proposals; with too few present it decides nothing."""

    label = _("议事会表决结束")
    round_id: Id
    sitting_id: Id
    members: Number
    present: Number
    passed: Number


@dataclass(frozen=True)
class CouncilDecided(OfProposals):
    """The council has judged a proposal."""

    label = _("议事会评议")
    proposal_id: Id
    passed: Flag
    yes: Number
    no: Number
    abstained: Number


@dataclass(frozen=True)
class ProposalReturned(OfProposals):
    """After what was said while it was published, a proposal goes before the council again."""

    label = _("退回评议")
    proposal_id: Id
    reason: Words


@dataclass(frozen=True)
class ProposalRemarked(OfProposals):
    """A resident has said something about a published proposal. The words stand with the proposal alone."""

    label = _("对公示提出意见")
    proposal_id: Id
    remark_id: Id


@dataclass(frozen=True)
class RemarkAnswered(OfProposals):
    """The office has answered a remark."""

    label = _("答复公示意见")
    proposal_id: Id
    remark_id: Id


@dataclass(frozen=True)
class BallotPrepared(OfRounds):
    """The ballot of a pot was made of its published proposals. count: of them."""

    label = _("生成选票")
    round_id: Id
    pot_id: Id
    vote_id: Id
    count: Number


@dataclass(frozen=True)
class OutcomePublished(OfRounds):
    """The outcome of a pot was published with a reason for every project. chosen: how many of how many."""

    label = _("公布入选项目")
    round_id: Id
    pot_id: Id
    chosen: Number
    count: Number


@dataclass(frozen=True)
class ProposalBecameProject(OfProposals):
    """A chosen proposal was begun as a project."""

    label = _("微实事立项")
    proposal_id: Id
    project_id: Id


@dataclass(frozen=True)
class AuthorsForgotten(OfRounds):
    """Who has proposed and who has joined was removed from the proposals of a round; the proposals stay."""

    label = _("删除提案人信息")
    round_id: Id
    count: Number


@dataclass(frozen=True)
class RoundsMoved(OfRounds):
    """Rounds, pots and proposals of an area were tied to its new version."""

    label = _("微实事改挂区域")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    count: Number


@dataclass(frozen=True)
class RoundSettingChanged(OfRounds):
    """A rule for rounds was changed in the office."""

    label = _("修改微实事设置")
    subject_type = "round_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class ClauseKept(OfRounds):
    """A clause of the lists was added, changed or retired."""

    label = _("修改正负面清单")
    subject_type = "round_clause"
    clause_id: Id
    code: Word
    text: Word
    is_used: Flag
