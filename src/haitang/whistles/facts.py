"""What can have happened to a whistle: told under its case, whose history and counters it belongs to.

Instants are ISO 8601 texts, lengths whole seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.cases.facts import CaseNoted
from haitang.core.facts import Fact, Label
from haitang.core.privacy import Privacy
from haitang.whistles.lifecycle import Deed, Standing
from haitang.whistles.values import Rating, Stage

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]
LABELS: dict[str, Label] = {
    "case_id": _("案件"), "whistle_id": _("哨单"), "number": _("哨单编号"), "opinion": _("处理意见"),
    "kind": _("哨类"), "departments": _("召集单位"), "call_id": _("应哨"), "organization_id": _("单位"),
    "organization_name": _("单位名称"), "from_status": _("原状态"), "to_status": _("现状态"), "spent_s": _("用时"),
    "in_time": _("是否按时"), "place": _("到场地点"), "people": _("到场人员"), "rating": _("评价结果"),
    "stage": _("环节"), "due_at": _("应完成时间"), "level": _("升级层级"), "rung": _("升级对象"),
    "due_on": _("完成期限"),
    "meeting_id": _("会商"), "task_id": _("会商任务"), "tasks": _("任务数"), "done": _("是否完成"),
    "photo_id": _("照片"), "organization_ids": _("召集单位"), "rules_id": _("吹哨规则"), "changes": _("更改内容"),
    "from_account_id": _("移交人"), "to_account_id": _("接收人"),
}  # fmt: skip
WORDS: dict[str, Mapping[str, Label]] = {
    "from_status": dict(Standing.choices), "to_status": dict(Standing.choices), "rating": dict(Rating.choices),
    "stage": dict(Stage.choices),
}  # fmt: skip


@dataclass(frozen=True)
class WhistleNoted(CaseNoted):
    """The base of everything about a whistle: the case comes first, whose history it stands in."""

    field_labels = LABELS
    field_words = WORDS
    whistle_id: Id
    number: Word
    opinion: Words


def _late(in_time: bool | None) -> tuple[tuple[str, int], ...]:
    return (("whistle:decide_late", 1),) if in_time is False else ()


@dataclass(frozen=True)
class WhistleDrafted(WhistleNoted):
    """A street or community asks that departments be called. kind: its name. departments: their names."""

    label = _("草拟吹哨")
    kind: Word = ""
    departments: Annotated[list[str] | tuple[()], Privacy.INTERNAL] = ()


@dataclass(frozen=True)
class WhistleBlown(WhistleNoted):
    """The whistle was approved and blown: its departments are called, their clocks run."""

    label = _("批准吹哨")
    told = _("已召集多个部门共同办理")
    kind: Word = ""
    departments: Annotated[list[str] | tuple[()], Privacy.INTERNAL] = ()
    in_time: Annotated[bool | None, Privacy.INTERNAL] = None

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one whistle blown, how many departments were called, and one late decision where it was."""
        return (("whistle:blown", 1), ("whistle:called", len(self.departments)), *_late(self.in_time))


@dataclass(frozen=True)
class WhistleDeclined(WhistleNoted):
    """The approver would not have it blown."""

    label = _("不批准吹哨")
    in_time: Annotated[bool | None, Privacy.INTERNAL] = None

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one late decision where it was."""
        return _late(self.in_time)


@dataclass(frozen=True)
class DepartmentsAdded(WhistleNoted):
    """More departments were called after the whistle was blown. departments: their names."""

    label = _("增加协同单位")
    organization_ids: Annotated[list[int] | tuple[()], Privacy.INTERNAL] = ()
    departments: Annotated[list[str] | tuple[()], Privacy.INTERNAL] = ()

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return how many more departments were called."""
        return (("whistle:called", len(self.organization_ids)),)


@dataclass(frozen=True)
class WhistleWithdrawn(WhistleNoted):
    """It was taken back before it was blown."""

    label = _("撤回吹哨")


@dataclass(frozen=True)
class CallMoved(WhistleNoted):
    """The base of what a department does in answer, and of what is decided about it.

    spent_s: how long it had stood in the state it leaves. in_time: whether the deadline of the deed held; None where
    it has none.
    """

    call_id: Id
    organization_id: Id
    organization_name: Word
    from_status: Word
    to_status: Word
    spent_s: Annotated[int, Privacy.INTERNAL]
    in_time: Annotated[bool | None, Privacy.INTERNAL]

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one of its deed, and one late of it where it was."""
        name = f"whistle:{DEED_OF[type(self).__name__].value}"
        return ((name, 1), (f"{name}_late", 1)) if self.in_time is False else ((name, 1),)


@dataclass(frozen=True)
class CallHandedOver(WhistleNoted):
    """A call has another handler within its department: the former one leaves. opinion: why."""

    label = _("移交应哨")
    call_id: Id
    organization_id: Id
    from_account_id: Id
    to_account_id: Id


@dataclass(frozen=True)
class CallSigned(CallMoved):
    """签收: the department has it."""

    label = _("签收吹哨")


@dataclass(frozen=True)
class CallContacted(CallMoved):
    """联系: the department has spoken with the street."""

    label = _("联系街道")


@dataclass(frozen=True)
class CallArrived(CallMoved):
    """报到: the department is there. place, people: in words, as it tells them."""

    label = _("到场报到")
    place: Words = ""
    people: Words = ""


@dataclass(frozen=True)
class CallHandled(CallMoved):
    """处置: the department has done its part."""

    label = _("部门处置")


@dataclass(frozen=True)
class CallSignedOff(CallMoved):
    """销哨: the department declares its part finished."""

    label = _("部门销哨")


@dataclass(frozen=True)
class CallRefused(CallMoved):
    """拒哨: the department says that it is not its matter; the street decides."""

    label = _("部门拒哨")


@dataclass(frozen=True)
class CallReleased(CallMoved):
    """同意拒哨: the department need not come."""

    label = _("同意部门拒哨")


@dataclass(frozen=True)
class CallInsisted(CallMoved):
    """不同意拒哨: the department is to come, with a fresh clock."""

    label = _("不同意部门拒哨")


@dataclass(frozen=True)
class CallWaived(CallMoved):
    """豁免: a supervisor lets the case go on without this department."""

    label = _("豁免部门应哨")


@dataclass(frozen=True)
class CallEvaluated(CallMoved):
    """评价: the street's judgement of what the department did, never of a person."""

    label = _("评价部门")
    rating: Word = Rating.SATISFIED.value

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one judgement of its sort besides."""
        return (*super().measures(), (f"whistle:{self.rating}", 1))


@dataclass(frozen=True)
class CallReworked(CallMoved):
    """否决返工: what was done is not enough; the department goes on with a fresh clock."""

    label = _("否决部门销哨")


@dataclass(frozen=True)
class CallClimbed(WhistleNoted):
    """A department's deadline was missed, and one step of the ladder climbed. level: from 1; rung: its name."""

    label = _("吹哨超时升级")
    call_id: Id
    organization_id: Id
    organization_name: Word
    stage: Word
    due_at: Word
    level: Annotated[int, Privacy.INTERNAL]
    rung: Word

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one step climbed to that height."""
        return ((f"whistle:climbed_{self.level}", 1),)


@dataclass(frozen=True)
class DecisionClimbed(WhistleNoted):
    """The street owed a decision beyond its deadline, and one step of its ladder was climbed.

    stage: approve (the whistle drafted) or rule (a refusal, of the department named). level: from 1; rung: its name.
    """

    label = _("吹哨审批、裁定超时升级")
    organization_name: Word
    stage: Word
    due_at: Word
    level: Annotated[int, Privacy.INTERNAL]
    rung: Word

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return one step climbed to that height."""
        return ((f"whistle:street_climbed_{self.level}", 1),)


@dataclass(frozen=True)
class WhistleAnswered(WhistleNoted):
    """Every department has signed off, been released or been waived: the case may go on to its end."""

    label = _("各部门均已销哨")
    told = _("参与的部门均已处理完毕")


@dataclass(frozen=True)
class MeetingHeld(WhistleNoted):
    """会商: the departments met; the opinion holds the minutes."""

    label = _("会商")
    meeting_id: Id
    tasks: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class MeetingTaskGiven(WhistleNoted):
    """A meeting that was written down gave a department one more task; the opinion is the task."""

    label = _("会商任务交办")
    meeting_id: Id
    task_id: Id
    organization_id: Id
    organization_name: Word


@dataclass(frozen=True)
class MeetingTaskNear(WhistleNoted):
    """The day of a meeting's task is near, and nobody has said that it is done; the opinion is the task."""

    label = _("会商任务临期提醒")
    task_id: Id
    organization_id: Id
    organization_name: Word
    due_on: Word


@dataclass(frozen=True)
class MeetingTaskLate(MeetingTaskNear):
    """The day of a meeting's task has passed, and nobody has said that it is done; the opinion is the task."""

    label = _("会商任务逾期催办")


@dataclass(frozen=True)
class MeetingTaskSettled(WhistleNoted):
    """What a meeting decided was done, or found not done after all."""

    label = _("会商任务办理")
    task_id: Id
    organization_name: Word
    done: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class WhistlePhotoAdded(WhistleNoted):
    """A department has added a photo as evidence."""

    label = _("部门上传照片")
    call_id: Id
    photo_id: Id


@dataclass(frozen=True)
class WhistleRulesChanged(Fact):
    """A new version of the rules holds from now on. changes: what was changed, as text."""

    label = _("更改吹哨规则")
    subject_type = "whistle_rules"
    field_labels = {
        **LABELS, "kind": _("哨类"), "rung": _("升级"), "meeting_task": _("会商任务提醒"),
        "phrases": pgettext_lazy("whistle", "常用语"),
    }  # fmt: skip
    rules_id: Id
    changes: Annotated[dict[str, str], Privacy.INTERNAL]


FACT_OF: dict[Deed, type[CallMoved]] = {
    Deed.SIGN: CallSigned,
    Deed.CONTACT: CallContacted,
    Deed.ARRIVE: CallArrived,
    Deed.HANDLE: CallHandled,
    Deed.SIGN_OFF: CallSignedOff,
    Deed.REFUSE: CallRefused,
    Deed.RELEASE: CallReleased,
    Deed.INSIST: CallInsisted,
    Deed.WAIVE: CallWaived,
    Deed.EVALUATE: CallEvaluated,
    Deed.REWORK: CallReworked,
}
DEED_OF: dict[str, Deed] = {fact.__name__: deed for deed, fact in FACT_OF.items()}
