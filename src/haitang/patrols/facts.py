"""What can have happened on patrols. Of an item of a checklist nothing is recorded: that would be a trail."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.patrols.lifecycle import DisputeStatus
from haitang.patrols.values import Level, Purpose

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfPatrols(Fact):
    """What facts of patrols have in common: how their fields and the values of these read."""

    field_labels = {
        "month": _("月份"), "rounds": _("清单数"), "round_id": _("巡查清单"), "hazards": _("隐患数"),
        "hazard_id": _("隐患"), "level": _("隐患等级"), "words": _("情况说明"), "until_on": _("整改期限"),
        "passed": _("复查是否通过"), "case_id": _("案件"), "responsible": _("责任人（单位）"),
        "checklist_id": _("巡查清单模板"), "code": _("编码"), "version": _("版本"), "key": _("设置"),
        "value": _("值"), "setting_id": _("巡查走访设置"), "photo_id": _("照片"), "purpose": _("用途"),
        "visit_id": _("走访"), "household_id": _("住户"), "need_id": _("微心愿"), "cases": _("转为案件"),
        "wishes": _("微心愿数"), "learned": _("采集项数"), "confirmed": _("确认项数"), "reason": _("查看理由"),
        "form": _("表单"), "asked": _("询问项数"), "day": _("日期"), "removed": _("删除条数"),
        "dispute_id": _("矛盾纠纷"), "kind": _("纠纷类型"), "status": _("结果"), "account_id": _("调解员账号"),
        "on": _("日期"), "due_on": _("回访日期"), "is_kept": _("协议是否履行"), "answer": _("办理情况"),
        "from_account_id": _("移交人"), "to_account_id": _("接收人"),
        "area_id": _("区域"), "new_area_id": _("新区域"), "moved": _("移动条数"),
    }  # fmt: skip
    field_words = {
        "level": dict(Level.choices), "purpose": dict(Purpose.choices), "status": dict(DisputeStatus.choices)
    }  # fmt: skip


@dataclass(frozen=True)
class RoundsGenerated(OfPatrols):
    """The checklists of a month were made. month: its year and number, 202605."""

    label = _("生成当月巡查清单")
    subject_type = "patrol_month"
    month: Id
    rounds: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class RoundFinished(OfPatrols):
    """Every item of a grid's checklist has been looked at."""

    label = _("完成巡查清单")
    subject_type = "patrol_round"
    round_id: Id
    hazards: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class ChecklistChanged(OfPatrols):
    """A checklist has a new version; rounds of earlier ones keep theirs."""

    label = _("修改巡查清单模板")
    subject_type = "checklist"
    checklist_id: Id
    code: Word
    version: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class PatrolSettingChanged(OfPatrols):
    """A rule for patrols and visits was changed in the office."""

    label = _("修改巡查走访设置")
    subject_type = "patrol_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class HazardFound(OfPatrols):
    """A hazard was found. until_on: the day by which it is to be put right."""

    label = _("发现隐患")
    subject_type = "hazard"
    hazard_id: Id
    level: Word
    words: Words
    until_on: Word


@dataclass(frozen=True)
class HazardAssigned(OfPatrols):
    """Who must put it right, and by when, was set."""

    label = _("明确整改责任和期限")
    subject_type = "hazard"
    hazard_id: Id
    responsible: Words
    until_on: Word


@dataclass(frozen=True)
class HazardRectified(OfPatrols):
    """It is said to have been put right."""

    label = _("隐患整改")
    subject_type = "hazard"
    hazard_id: Id
    words: Words


@dataclass(frozen=True)
class HazardRechecked(OfPatrols):
    """Somebody looked whether it was put right."""

    label = _("隐患复查")
    subject_type = "hazard"
    hazard_id: Id
    words: Words
    passed: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class HazardClosed(OfPatrols):
    """销号."""

    label = _("隐患销号")
    subject_type = "hazard"
    hazard_id: Id
    words: Words


@dataclass(frozen=True)
class HazardOverdue(OfPatrols):
    """It was not put right by its day."""

    label = _("隐患整改超期")
    subject_type = "hazard"
    hazard_id: Id
    until_on: Word


@dataclass(frozen=True)
class HazardBecameCase(OfPatrols):
    """It was made a case, and stays linked to it."""

    label = _("隐患转为案件")
    subject_type = "hazard"
    hazard_id: Id
    case_id: Id


@dataclass(frozen=True)
class HazardPhotoAdded(OfPatrols):
    """A photo was added to a hazard."""

    label = _("添加隐患照片")
    subject_type = "hazard"
    hazard_id: Id
    photo_id: Id
    purpose: Word


@dataclass(frozen=True)
class PatrolsMoved(OfPatrols):
    """What lay in an area was tied to its new version."""

    label = _("巡查走访随区域变更")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    moved: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class HomeVisited(OfPatrols):
    """A home was visited, and what came of it, in numbers. Where it lies stands only in the row, which is deleted."""

    label = _("入户走访")
    subject_type = "visit"
    visit_id: Id
    cases: Annotated[list[int], Privacy.INTERNAL]
    wishes: Annotated[int, Privacy.INTERNAL]
    hazards: Annotated[int, Privacy.INTERNAL]
    learned: Annotated[int, Privacy.INTERNAL]
    confirmed: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class ConsentWithdrawn(OfPatrols):
    """A household wants what it had left to be deleted, and it was."""

    label = _("住户撤回同意")
    subject_type = "household"
    household_id: Id
    removed: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class HouseholdUnmasked(OfPatrols):
    """Somebody saw what is known of a household in full."""

    label = _("查看住户完整信息")
    subject_type = "household"
    household_id: Id
    reason: Words


@dataclass(frozen=True)
class WishGranted(OfPatrols):
    """A wish heard at a visit was granted."""

    label = _("微心愿实现")
    subject_type = "wish"
    need_id: Id
    answer: Words


@dataclass(frozen=True)
class VisitsExpired(OfPatrols):
    """What had served its time was deleted. day: as a number, 20260506."""

    label = _("清除到期走访信息")
    subject_type = "visit_retention"
    day: Id
    removed: Annotated[int, Privacy.INTERNAL]


@dataclass(frozen=True)
class DisputeOpened(OfPatrols):
    """A quarrel was taken up."""

    label = _("登记矛盾纠纷")
    subject_type = "dispute"
    dispute_id: Id
    kind: Word


@dataclass(frozen=True)
class MediatorNamed(OfPatrols):
    """Somebody mediates it from now on."""

    label = _("指定调解员")
    subject_type = "dispute"
    dispute_id: Id
    account_id: Id


@dataclass(frozen=True)
class DisputeHandedOver(OfPatrols):
    """A dispute has another mediator in the place of one who leaves."""

    label = _("移交纠纷")
    subject_type = "dispute"
    dispute_id: Id
    from_account_id: Id
    to_account_id: Id


@dataclass(frozen=True)
class SessionHeld(OfPatrols):
    """The parties met. What was said stands in the dispute alone, which not everybody may read."""

    label = _("开展调解")
    subject_type = "dispute"
    dispute_id: Id
    on: Word


@dataclass(frozen=True)
class DisputeEnded(OfPatrols):
    """It was agreed, failed or was withdrawn."""

    label = _("纠纷办结")
    subject_type = "dispute"
    dispute_id: Id
    status: Word


@dataclass(frozen=True)
class AgreementFollowedUp(OfPatrols):
    """Somebody asked whether the agreement is kept."""

    label = _("协议回访")
    subject_type = "dispute"
    dispute_id: Id
    due_on: Word
    is_kept: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class FollowUpDue(OfPatrols):
    """The day has come to ask whether the agreement is kept."""

    label = _("回访到期")
    subject_type = "dispute"
    dispute_id: Id
    due_on: Word


@dataclass(frozen=True)
class PartyUnmasked(OfPatrols):
    """Somebody saw the parties in full."""

    label = _("查看当事人联系方式")
    subject_type = "dispute"
    dispute_id: Id
    reason: Words
