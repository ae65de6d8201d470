"""What happens in deliberation. Of residents the history says no more than that they were residents."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Said = Annotated[str, Privacy.PUBLIC]
Flag = Annotated[bool, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfCouncils(Fact):
    """What facts of deliberation have in common: how their fields read."""

    subject_type = "council"
    field_labels = {
        "council_id": _("议事组织"), "session_id": _("会议"), "topic_id": _("提议"), "question_id": _("提问"),
        "draw_id": _("抽选"), "member_id": _("成员"), "resolution_id": _("议定事项"), "kind_id": _("议事组织类型"),
        "setting_id": _("议事设置"), "name": _("名称"), "post": _("职务"), "on": _("日期"), "reason": _("理由"),
        "title": _("标题"), "at": _("时间"), "members": _("人数"), "present": _("到会人数"),
        "resolutions": _("议定事项数"), "words": _("说明"),
        "dropped": _("不再办理"), "case_id": _("案件"), "project_id": _("项目"), "url": _("页面"),
        "commitment": _("种子摘要"), "digest": _("名单摘要"), "seed": _("种子"), "witness": _("现场见证文字"),
        "number": _("编号"), "declined": _("不参加"), "key": _("设置"), "value": _("值"), "code": _("编码"),
        "area_id": _("区域"), "new_area_id": _("新区域"), "moved": _("移动条数"), "count": _("条数"),
        "due_at": _("答复期限"), "public": _("公开"),
    }  # fmt: skip


class OfSessions(OfCouncils):
    """A fact about a meeting and what it resolved."""

    subject_type = "council_session"


class OfTopics(OfCouncils):
    """A fact about a topic."""

    subject_type = "council_topic"


class OfQuestions(OfCouncils):
    """A fact about a question."""

    subject_type = "council_question"


class OfDraws(OfCouncils):
    """A fact about a draw by lot."""

    subject_type = "council_draw"


@dataclass(frozen=True)
class CouncilSetUp(OfCouncils):
    """A council sits from a day on."""

    label = _("成立议事组织")
    council_id: Id
    name: Said


@dataclass(frozen=True)
class CouncilEnded(OfCouncils):
    """A council sits no more."""

    label = _("撤销议事组织")
    council_id: Id
    on: Word
    reason: Words


@dataclass(frozen=True)
class MemberSeated(OfCouncils):
    """Somebody became a member."""

    label = _("议事成员就任")
    council_id: Id
    member_id: Id
    name: Words
    post: Word


@dataclass(frozen=True)
class MemberLeft(OfCouncils):
    """A member left."""

    label = _("议事成员离任")
    council_id: Id
    member_id: Id
    on: Word
    reason: Words


@dataclass(frozen=True)
class SessionCalled(OfSessions):
    """A meeting was called, or its call written anew."""

    label = _("召集议事")
    session_id: Id
    council_id: Id
    title: Said
    at: Word


@dataclass(frozen=True)
class SessionCalledOff(OfSessions):
    """A meeting will not be."""

    label = _("取消议事")
    session_id: Id
    reason: Said


@dataclass(frozen=True)
class SessionMet(OfSessions):
    """A meeting was held."""

    label = _("登记议事纪要")
    session_id: Id
    council_id: Id
    members: Number
    present: Number
    resolutions: Number


@dataclass(frozen=True)
class SummaryPublished(OfSessions):
    """Everybody may read what was talked about."""

    label = _("公开议事摘要")
    session_id: Id


@dataclass(frozen=True)
class ResolutionsAdded(OfSessions):
    """What was resolved, and not taken down at first."""

    label = _("补登议定事项")
    session_id: Id
    count: Number


@dataclass(frozen=True)
class ResolutionSettled(OfSessions):
    """A resolution is done, or dropped for the reason given."""

    label = _("议事会议定事项办结")
    session_id: Id
    resolution_id: Id
    dropped: Flag
    words: Words


@dataclass(frozen=True)
class ResolutionReopened(OfSessions):
    """A resolution is under way again."""

    label = _("议定事项重新办理")
    session_id: Id
    resolution_id: Id
    reason: Words


@dataclass(frozen=True)
class ResolutionBecameCase(OfSessions):
    """A resolution is handled as a case, and settled when that is."""

    label = _("议定事项转为案件")
    session_id: Id
    resolution_id: Id
    case_id: Id


@dataclass(frozen=True)
class ResolutionBecameProject(OfSessions):
    """A resolution is carried out as a project."""

    label = _("议定事项立项")
    session_id: Id
    resolution_id: Id
    project_id: Id


@dataclass(frozen=True)
class ResolutionBroughtToVote(OfSessions):
    """A resolution is voted on elsewhere."""

    label = _("议定事项交付表决")
    session_id: Id
    resolution_id: Id
    title: Said
    url: Word


@dataclass(frozen=True)
class TopicRaised(OfTopics):
    """A resident raised a matter; what and who stands in the row, which forgets."""

    label = _("提出提议")
    topic_id: Id


@dataclass(frozen=True)
class TopicPhotoAdded(OfTopics):
    """Who raised a matter has added a photo to it."""

    label = _("提议添加照片")
    topic_id: Id


@dataclass(frozen=True)
class TopicAccepted(OfTopics):
    """Everybody may read of it; it waits to be talked about."""

    label = _("采纳提议")
    topic_id: Id


@dataclass(frozen=True)
class TopicDenied(OfTopics):
    """It is not taken up; its author reads why."""

    label = _("不采纳提议")
    topic_id: Id
    reason: Words


@dataclass(frozen=True)
class TopicWithdrawn(OfTopics):
    """Its author took it back."""

    label = _("撤回提议")
    topic_id: Id


@dataclass(frozen=True)
class QuestionAsked(OfQuestions):
    """A resident asked; what stands in the row."""

    label = _("居民提问")
    question_id: Id
    due_at: Word


@dataclass(frozen=True)
class QuestionAnswered(OfQuestions):
    """It was answered."""

    label = _("答复提问")
    question_id: Id
    public: Flag


@dataclass(frozen=True)
class QuestionEscalated(OfQuestions):
    """It was not answered in time; the street was told."""

    label = _("提问超时上报")
    question_id: Id
    due_at: Word


@dataclass(frozen=True)
class DrawAnnounced(OfDraws):
    """A draw was announced with the digest of its seed, before anybody was on the list."""

    label = _("公布抽选")
    draw_id: Id
    council_id: Id
    commitment: Word


@dataclass(frozen=True)
class DrawListEntered(OfDraws):
    """People were put on the list."""

    label = _("登记抽选名单")
    draw_id: Id
    count: Number


@dataclass(frozen=True)
class DrawCandidateStruck(OfDraws):
    """Somebody was taken off the list before it was closed."""

    label = _("移出抽选名单")
    draw_id: Id
    number: Number


@dataclass(frozen=True)
class DrawListFrozen(OfDraws):
    """The list is closed and published."""

    label = _("锁定抽选名单")
    draw_id: Id
    count: Number
    digest: Word


@dataclass(frozen=True)
class LotsDrawn(OfDraws):
    """Lots were drawn with the seed, now told, and the words of the public."""

    label = _("随机抽选")
    draw_id: Id
    seed: Word
    witness: Word


@dataclass(frozen=True)
class CandidateAnswered(OfDraws):
    """Somebody drawn takes part, or declines and is followed."""

    label = _("登记是否参加")
    draw_id: Id
    number: Number
    declined: Flag


@dataclass(frozen=True)
class DrawsErased(OfDraws):
    """Who was behind the numbers is erased."""

    label = _("删除抽选个人信息")
    draw_id: Id
    count: Number


@dataclass(frozen=True)
class CouncilAuthorsForgotten(OfCouncils):
    """Who in an area raised or asked what is settled long ago is forgotten."""

    subject_type = "area"
    label = _("不再记提议人提问人")
    area_id: Id
    count: Number


@dataclass(frozen=True)
class CouncilsMoved(OfCouncils):
    """What lay in an area was tied to its new version."""

    subject_type = "area"
    label = _("议事随区域调整")
    area_id: Id
    new_area_id: Id
    moved: Number


@dataclass(frozen=True)
class CouncilKindChanged(OfCouncils):
    """A kind of council was entered or changed."""

    subject_type = "council_kind"
    label = _("修改议事组织类型")
    kind_id: Id
    code: Word
    name: Word


@dataclass(frozen=True)
class CouncilSettingChanged(OfCouncils):
    """A rule of deliberation was changed."""

    subject_type = "council_setting"
    label = _("修改议事设置")
    setting_id: Id
    key: Word
    value: Word
