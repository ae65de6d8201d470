"""What staff and the clock do to conversations. What residents do leaves no fact: it could never be forgotten."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.opinions.values import Who

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Said = Annotated[str, Privacy.PUBLIC]
Reason = Annotated[str, Privacy.INTERNAL]


class OfConversations(Fact):
    """What facts of conversations have in common: how their fields and the values of these read."""

    field_labels = {
        "conversation_id": _("讨论"), "statement_id": _("观点"), "title": _("议题"), "who": _("谁可以参加"),
        "count": _("条数"), "people": _("参与人数"), "votes": _("表态数"), "groups": _("组数"), "reason": _("原因"),
        "area_id": _("区域"), "new_area_id": _("新区域"), "setting_id": _("意见征集设置"), "key": _("设置项"),
        "value": _("值"),
    }  # fmt: skip
    field_words = {"who": dict(Who.choices)}


class OfOneConversation(OfConversations):
    """A fact about one conversation."""

    subject_type = "conversation"


@dataclass(frozen=True)
class ConversationStarted(OfOneConversation):
    """A conversation was begun; only those who prepare it see it."""

    label = _("新建意见征集")
    conversation_id: Id
    title: Said
    who: Word


@dataclass(frozen=True)
class ConversationChanged(OfOneConversation):
    """A conversation that is not open yet was changed."""

    label = _("修改意见征集")
    conversation_id: Id
    title: Said
    who: Word


@dataclass(frozen=True)
class SeedsAdded(OfOneConversation):
    """Staff put statements in."""

    label = _("工作人员添加观点")
    conversation_id: Id
    count: Number


@dataclass(frozen=True)
class ConversationOpened(OfOneConversation):
    """Anybody may read it, and whom it is for may answer in its time."""

    label = _("开始意见征集")
    conversation_id: Id
    count: Number


@dataclass(frozen=True)
class ConversationClosed(OfOneConversation):
    """Answers are taken no more, nobody can tell any more whose they were, and the results are public.

    groups: 0 where too few took part for groups to be shown.
    """

    label = _("结束意见征集")
    conversation_id: Id
    people: Number
    votes: Number
    groups: Number


@dataclass(frozen=True)
class SheetsEntered(OfOneConversation):
    """Staff put in answers given on paper."""

    label = _("录入纸质意见表")
    conversation_id: Id
    count: Number


@dataclass(frozen=True)
class StatementAccepted(OfOneConversation):
    """A statement may be answered."""

    label = _("公开观点")
    conversation_id: Id
    statement_id: Id


@dataclass(frozen=True)
class StatementDenied(OfOneConversation):
    """A statement is not shown, or no more; its author reads why."""

    label = _("不公开观点")
    conversation_id: Id
    statement_id: Id
    reason: Reason


@dataclass(frozen=True)
class ConversationsMoved(OfConversations):
    """What lay in an area was tied to its new version."""

    label = _("意见征集随区域调整")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    count: Number


@dataclass(frozen=True)
class OpinionSettingChanged(OfConversations):
    """A rule for conversations was changed in the office."""

    label = _("修改意见征集设置")
    subject_type = "opinion_setting"
    setting_id: Id
    key: Word
    value: Word
