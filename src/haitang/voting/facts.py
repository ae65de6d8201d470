"""What can have happened to votes. Who has voted, when and what never stands here: no fact is about a ballot."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Public = Annotated[str, Privacy.PUBLIC]
Words = Annotated[str, Privacy.PERSONAL]


class OfVotes(Fact):
    """What facts of votes have in common: how their fields read."""

    subject_type = "vote"
    field_labels = {
        "vote_id": _("投票"), "title": _("标题"), "count": _("条数"), "digest": _("公布内容的摘要"),
        "root": _("选票根"),
        "entry_id": _("名册条目"), "reason": _("原因"), "serial": _("纸质票编号"), "outcome": _("处理结果"),
        "ballots": _("有效选票数"), "set_aside": _("未计入的票数"),
        "setting_id": _("投票设置"), "key": _("设置项"), "value": _("值"),
    }  # fmt: skip


@dataclass(frozen=True)
class VotePrepared(OfVotes):
    """A vote was prepared, or changed before it opened."""

    label = _("准备投票")
    vote_id: Id
    title: Word


@dataclass(frozen=True)
class VotersListed(OfVotes):
    """People were put on the roll of a vote."""

    label = _("录入投票名册")
    vote_id: Id
    count: Number


@dataclass(frozen=True)
class CodesPrinted(OfVotes):
    """Codes were made for entries of the roll that had none, to be sent by post; the codes are kept nowhere."""

    label = _("打印投票码")
    vote_id: Id
    count: Number


@dataclass(frozen=True)
class CodeHandedOut(OfVotes):
    """A code was handed out at the desk; an earlier one of the same entry opens nothing any more."""

    label = _("当面发放投票码")
    vote_id: Id
    entry_id: Id


@dataclass(frozen=True)
class PapersPrinted(OfVotes):
    """Blank ballots of paper were printed, each with a number of its own; the numbers are kept nowhere."""

    label = _("打印空白纸质票")
    vote_id: Id
    count: Number


@dataclass(frozen=True)
class OpeningProposed(OfVotes):
    """The first administrator has everything ready and holds the first key. digest: of what will be published."""

    label = _("提请开放投票")
    vote_id: Id
    digest: Public


@dataclass(frozen=True)
class VoteOpened(OfVotes):
    """The second administrator has opened the vote and holds the second key. digest: of all that is fixed."""

    label = _("开放投票")
    vote_id: Id
    digest: Public


@dataclass(frozen=True)
class ResidenceJudged(OfVotes):
    """Somebody who voted before proving residence has proven it, or not."""

    label = _("核实投票人")
    vote_id: Id
    entry_id: Id
    outcome: Word
    reason: Words


@dataclass(frozen=True)
class PaperDecided(OfVotes):
    """A third person has decided between two different entries of the same paper."""

    label = _("复核纸质票")
    vote_id: Id
    serial: Word


@dataclass(frozen=True)
class ClosingProposed(OfVotes):
    """The first administrator says that the vote is over."""

    label = _("提请截止投票")
    vote_id: Id


@dataclass(frozen=True)
class VoteClosed(OfVotes):
    """The second administrator has closed the vote."""

    label = _("截止投票")
    vote_id: Id


@dataclass(frozen=True)
class VoteCounted(OfVotes):
    """The box was opened with both keys, counted and published. set_aside: of people who did not prove residence."""

    label = _("开箱计票并公布")
    vote_id: Id
    root: Public
    ballots: Number
    set_aside: Number


@dataclass(frozen=True)
class RollsErased(OfVotes):
    """Names, documents and homes were removed from the roll; the number of voters stays."""

    label = _("删除投票名册中的个人信息")
    vote_id: Id
    count: Number


@dataclass(frozen=True)
class VotingSettingChanged(OfVotes):
    """A rule for votes was changed in the office."""

    label = _("修改投票设置")
    subject_type = "voting_setting"
    setting_id: Id
    key: Word
    value: Word
