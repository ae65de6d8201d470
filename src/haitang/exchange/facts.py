"""What can have happened to needs, resources and agreements. Who asked, by name and telephone, is in none of them."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.exchange.values import Channel, Side

Id = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfExchange(Fact):
    """What facts of the three lists have in common: how their fields and the values of these read."""

    field_labels = {
        "need_id": _("需求"), "resource_id": _("资源"), "agreement_id": _("对接单"), "title": _("标题"),
        "channel": _("来源"), "reason": _("理由"), "words": _("说明"), "organization_id": _("单位"),
        "community_id": _("社区"), "side": _("哪一方"), "on": _("日期"), "people": _("人数"), "stars": _("星级"),
        "file_id": _("清单文件"), "rows": _("条数"), "needs": _("需求数"), "resources": _("资源数"), "key": _("设置"),
        "value": _("值"), "setting_id": _("清单设置"), "category_id": _("清单类别"), "code": _("编码"),
        "round_id": _("征集批次"), "name": _("名称"), "area_id": _("区域"), "new_area_id": _("新区域"),
        "moved": _("移动条数"), "project_id": _("项目"),
    }  # fmt: skip
    field_words = {"channel": dict(Channel.choices), "side": dict(Side.choices)}


@dataclass(frozen=True)
class NeedEntered(OfExchange):
    """A need was entered."""

    label = _("登记需求")
    subject_type = "exchange_need"
    need_id: Id
    title: Words
    channel: Word


@dataclass(frozen=True)
class NeedPublished(OfExchange):
    """A need stands on the public list."""

    label = _("发布需求")
    subject_type = "exchange_need"
    need_id: Id


@dataclass(frozen=True)
class NeedDenied(OfExchange):
    """A need does not go on the public list; why."""

    label = _("不予发布需求")
    subject_type = "exchange_need"
    need_id: Id
    reason: Words


@dataclass(frozen=True)
class NeedClosed(OfExchange):
    """A need is no longer looked after; why."""

    label = _("关闭需求")
    subject_type = "exchange_need"
    need_id: Id
    reason: Words


@dataclass(frozen=True)
class NeedUnmasked(OfExchange):
    """Somebody looked at who asked, in full; why."""

    label = _("查看需求联系人")
    subject_type = "exchange_need"
    need_id: Id
    reason: Words


@dataclass(frozen=True)
class ResourceOffered(OfExchange):
    """A resource was offered."""

    label = _("登记资源")
    subject_type = "exchange_resource"
    resource_id: Id
    title: Word
    organization_id: Id


@dataclass(frozen=True)
class ResourcePublished(OfExchange):
    """A resource stands on the public list."""

    label = _("发布资源")
    subject_type = "exchange_resource"
    resource_id: Id


@dataclass(frozen=True)
class ResourceDenied(OfExchange):
    """A resource does not go on the public list; why."""

    label = _("不予发布资源")
    subject_type = "exchange_resource"
    resource_id: Id
    reason: Words


@dataclass(frozen=True)
class ResourceClosed(OfExchange):
    """A resource is no longer on offer; why."""

    label = _("关闭资源")
    subject_type = "exchange_resource"
    resource_id: Id
    reason: Words


@dataclass(frozen=True)
class ResourceOrdered(OfExchange):
    """A resource was ordered, for a need or without one; its capacity is held until both have answered."""

    label = _("下单对接")
    subject_type = "exchange_agreement"
    agreement_id: Id
    resource_id: Id
    side: Word


@dataclass(frozen=True)
class AgreementAnswered(OfExchange):
    """One side said yes, to the terms as they stand or to other ones, to which the other must say yes again."""

    label = _("确认对接条件")
    subject_type = "exchange_agreement"
    agreement_id: Id
    side: Word
    on: Word
    people: Number
    words: Words


@dataclass(frozen=True)
class AgreementReached(OfExchange):
    """Both sides have said yes to the same terms."""

    label = _("达成对接")
    subject_type = "exchange_agreement"
    agreement_id: Id
    organization_id: Id
    project_id: Annotated[int | None, Privacy.INTERNAL]


@dataclass(frozen=True)
class AgreementDeclined(OfExchange):
    """One side said no; the capacity is free again."""

    label = _("婉拒对接")
    subject_type = "exchange_agreement"
    agreement_id: Id
    side: Word
    reason: Words


@dataclass(frozen=True)
class AgreementWithdrawn(OfExchange):
    """Who had ordered took the order back; the capacity is free again."""

    label = _("撤回下单")
    subject_type = "exchange_agreement"
    agreement_id: Id
    reason: Words


@dataclass(frozen=True)
class AgreementExpired(OfExchange):
    """Nobody answered in time; the capacity is free again."""

    label = _("下单逾期未答复")
    subject_type = "exchange_agreement"
    agreement_id: Id


@dataclass(frozen=True)
class AgreementDelivered(OfExchange):
    """What was agreed on has been done."""

    label = _("对接交付")
    subject_type = "exchange_agreement"
    agreement_id: Id
    words: Words


@dataclass(frozen=True)
class AgreementGivenUp(OfExchange):
    """The project that it had become was given up; the capacity is free again."""

    label = _("对接终止")
    subject_type = "exchange_agreement"
    agreement_id: Id
    project_id: Id


@dataclass(frozen=True)
class AgreementEvaluated(OfExchange):
    """One side has evaluated what was delivered. organization_id: who was evaluated."""

    label = _("双向评价")
    subject_type = "exchange_agreement"
    agreement_id: Id
    side: Word
    stars: Number
    words: Words
    organization_id: Annotated[int | None, Privacy.INTERNAL]


@dataclass(frozen=True)
class ListFileBrought(OfExchange):
    """A file of needs or resources was brought in and checked; nothing stands on a list yet."""

    label = _("上传清单表格")
    subject_type = "exchange_file"
    file_id: Id
    rows: Number


@dataclass(frozen=True)
class ListFileTakenIn(OfExchange):
    """The sound rows of a file stand on a list as drafts."""

    label = _("导入清单")
    subject_type = "exchange_file"
    file_id: Id
    rows: Number


@dataclass(frozen=True)
class RoundOpened(OfExchange):
    """A round in which needs and resources are collected was entered or changed."""

    label = _("维护征集批次")
    subject_type = "exchange_round"
    round_id: Id
    code: Word
    name: Word


@dataclass(frozen=True)
class ListCategoryChanged(OfExchange):
    """A category of the lists was entered or changed."""

    label = _("维护清单类别")
    subject_type = "exchange_category"
    category_id: Id
    code: Word
    name: Word


@dataclass(frozen=True)
class ExchangeSettingChanged(OfExchange):
    """A rule of the lists was changed in the office."""

    label = _("修改清单设置")
    subject_type = "exchange_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class ListsMoved(OfExchange):
    """What lay in an area was tied to its new version."""

    label = _("清单随区域调整")
    subject_type = "exchange_area"
    area_id: Id
    new_area_id: Id
    moved: Number
