"""What can have happened to call-ups. Reasons of those called never stand here: they can be erased."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.callups.values import Answer, Urgency
from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
MaybeNumber = Annotated[int | None, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Flag = Annotated[bool, Privacy.INTERNAL]
Words = Annotated[list[str], Privacy.INTERNAL]


class OfCallUps(Fact):
    """What facts of call-ups have in common: how their fields and the values of these read."""

    subject_type = "callup"
    field_labels = {
        "callup_id": _("召唤"), "purpose": _("召唤事由"), "urgency": _("紧急程度"), "places": _("所需人数"),
        "called": _("召唤人数"), "begins_at": _("开始时间"), "answer_by": _("答复截止"), "skills": _("技能"),
        "classes": _("类别"), "call_id": _("被召唤人"), "answer": _("答复"), "waits": _("是否候补"),
        "by_staff": _("由工作人员代办"), "here": _("报到人数"), "services": _("记录服务次数"),
        "ended_at": _("结束时间"), "reason": _("原因"), "setting_id": _("召唤设置"), "key": _("设置项"),
        "value": _("改后"), "area_id": _("区域"), "new_area_id": _("新区域"), "moved": _("移动条数"),
        "uncalled": _("未被召唤、自行报到"),
    }  # fmt: skip
    field_words = {"urgency": dict(Urgency.choices), "answer": dict(Answer.choices)}


@dataclass(frozen=True)
class CallUpStarted(OfCallUps):
    """Everybody who fits was called. called: how many. places: None for as many as come."""

    label = _("一键召唤")
    callup_id: Id
    purpose: Word
    urgency: Word
    places: MaybeNumber
    called: Number
    begins_at: Word
    answer_by: Word
    skills: Words
    classes: Words


@dataclass(frozen=True)
class CallAnswered(OfCallUps):
    """Somebody called has answered, or has answered otherwise. waits: on the wait list, since every place is taken."""

    label = _("答复召唤")
    callup_id: Id
    call_id: Id
    answer: Word
    waits: Flag
    by_staff: Flag


@dataclass(frozen=True)
class CallPromoted(OfCallUps):
    """Somebody of the wait list has a place now."""

    label = _("召唤候补转正")
    callup_id: Id
    call_id: Id


@dataclass(frozen=True)
class CallReported(OfCallUps):
    """Somebody has reported on the spot. uncalled: they came without having been called."""

    label = _("召唤报到")
    callup_id: Id
    call_id: Id
    by_staff: Flag
    uncalled: Flag


@dataclass(frozen=True)
class CallUpChanged(OfCallUps):
    """More are needed, or answers are taken longer."""

    label = _("修改召唤")
    callup_id: Id
    places: MaybeNumber
    answer_by: Word


@dataclass(frozen=True)
class CallUpClosed(OfCallUps):
    """It is done. services: how many were put to the records of those who came."""

    label = _("结束召唤")
    callup_id: Id
    here: Number
    services: Number
    ended_at: Word


@dataclass(frozen=True)
class CallUpCancelled(OfCallUps):
    """Nobody is needed any more."""

    label = _("取消召唤")
    callup_id: Id
    reason: Word


@dataclass(frozen=True)
class CallUpSettingChanged(OfCallUps):
    """A rule for call-ups was changed."""

    label = _("修改召唤设置")
    subject_type = "callup_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class CallUpsMoved(OfCallUps):
    """Call-ups of an area follow it to its new version."""

    label = _("召唤随区域变更")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    moved: Number
