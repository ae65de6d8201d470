"""What can have happened to orders. Names, telephones and addresses never stand here."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.orders.values import Channel, Orderer

Id = Annotated[int, Privacy.INTERNAL]
MaybeId = Annotated[int | None, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]


class OfOrders(Fact):
    """What facts of orders have in common: how their fields and the values of these read."""

    field_labels = {
        "order_id": _("订单"), "service_id": _("服务"), "type_id": _("服务类型"), "offer_id": _("派单"),
        "setting_id": _("点单服务设置"), "begins_at": _("开始时间"), "channel": _("下单方式"),
        "orderer": _("下单方"), "waits": _("是否候补"), "volunteer_id": _("志愿者"),
        "organization_id": _("单位"), "expires_at": _("答复期限"), "reason": _("原因"), "why": _("推荐理由"),
        "picked": _("是否直接认领"), "minutes": _("时长（分钟）"), "words": _("说明"), "by_clock": _("是否到期默认"),
        "stars": _("星级"), "late": _("是否临时"), "side": _("哪一方"), "days": _("提前天数"), "name": _("名称"),
        "key": _("设置"), "value": _("值"), "code": _("编码"), "area_id": _("区域"), "new_area_id": _("新区域"),
        "moved": _("移动条数"), "offers": _("派单数"), "dispatch_id": _("派单方案"), "proposal_id": _("推荐"),
        "proposed": _("推荐条数"), "unmet": _("未能安排"),
        "people": _("派去人数"), "account_id": _("账号"), "in_place_of": _("代谁办理"),
    }  # fmt: skip
    field_words = {
        "channel": dict(Channel.choices), "orderer": dict(Orderer.choices),
        "side": {"orderer": _("点单方"), "helper": _("接单方")},
    }  # fmt: skip


@dataclass(frozen=True)
class OrderPlaced(OfOrders):
    """A service was ordered. waits: on the wait list, since the hour is full."""

    label = _("下单")
    subject_type = "order"
    order_id: Id
    service_id: Id
    begins_at: Word
    orderer: Word
    channel: Word
    waits: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class OrderPromoted(OfOrders):
    """A place came free, and the first of the wait list has it."""

    label = _("候补转正")
    subject_type = "order"
    order_id: Id


@dataclass(frozen=True)
class OrderOffered(OfOrders):
    """The order was offered to a helper. why: what speaks for this one."""

    label = _("派单")
    subject_type = "order"
    order_id: Id
    offer_id: Id
    volunteer_id: MaybeId
    organization_id: MaybeId
    expires_at: Word
    why: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class OrderAccepted(OfOrders):
    """A helper has accepted. picked: without having been offered it."""

    label = _("接单")
    subject_type = "order"
    order_id: Id
    offer_id: Id
    volunteer_id: MaybeId
    organization_id: MaybeId
    picked: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class OfferDeclined(OfOrders):
    """A helper cannot take it."""

    label = _("婉拒派单")
    subject_type = "order"
    order_id: Id
    offer_id: Id
    reason: Words


@dataclass(frozen=True)
class OfferExpired(OfOrders):
    """A helper has not answered in time."""

    label = _("派单过期未答复")
    subject_type = "order"
    order_id: Id
    offer_id: Id


@dataclass(frozen=True)
class OffersWithdrawn(OfOrders):
    """The office takes its offers back."""

    label = _("收回派单")
    subject_type = "order"
    order_id: Id
    offers: Number


@dataclass(frozen=True)
class OrderReturned(OfOrders):
    """None of those it was offered to has taken it: it is to be handed out again."""

    label = _("无人接单，待重新派单")
    subject_type = "order"
    order_id: Id


@dataclass(frozen=True)
class OrderGivenBack(OfOrders):
    """Whoever had accepted gives it back."""

    label = _("接单后退回")
    subject_type = "order"
    order_id: Id
    offer_id: Id
    reason: Words


@dataclass(frozen=True)
class OrderReleased(OfOrders):
    """Whoever had accepted has not confirmed to come, and it is to be handed out again."""

    label = _("未确认能到，释放重派")
    subject_type = "order"
    order_id: Id
    offer_id: Id


@dataclass(frozen=True)
class OrderAssured(OfOrders):
    """Whoever accepted confirms to come."""

    label = _("确认能到")
    subject_type = "order"
    order_id: Id


@dataclass(frozen=True)
class OrderFinished(OfOrders):
    """The helper says that it is done. people: how many the organization says that it sent."""

    label = _("报告服务完成")
    subject_type = "order"
    order_id: Id
    minutes: Number
    words: Words
    people: Number = 0


@dataclass(frozen=True)
class OrderConfirmed(OfOrders):
    """The orderer confirms; the hours are the helper's now. by_clock: nobody objected within the days."""

    label = _("确认服务完成")
    subject_type = "order"
    order_id: Id
    by_clock: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class OrderContested(OfOrders):
    """The orderer says that it was not done."""

    label = _("否认服务完成")
    subject_type = "order"
    order_id: Id
    reason: Words


@dataclass(frozen=True)
class OrderReviewed(OfOrders):
    """The service was reviewed, one to five stars."""

    label = _("评价服务")
    subject_type = "order"
    order_id: Id
    stars: Number


@dataclass(frozen=True)
class OrderCancelled(OfOrders):
    """The orderer, or the office for them, cancels. late: within the hours of the setting."""

    label = _("取消订单")
    subject_type = "order"
    order_id: Id
    reason: Words
    late: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class OrderMissed(OfOrders):
    """One side was not there."""

    label = _("登记未能成行")
    subject_type = "order"
    order_id: Id
    side: Word
    reason: Words


@dataclass(frozen=True)
class OrderUnmet(OfOrders):
    """Nobody was found before its time had come: a demand that nobody met."""

    label = _("未能安排")
    subject_type = "order"
    order_id: Id


@dataclass(frozen=True)
class OrderReminded(OfOrders):
    """Both sides are reminded. days: before the day of the service; 0 is that day."""

    label = _("服务提醒")
    subject_type = "order"
    order_id: Id
    days: Number


@dataclass(frozen=True)
class OrdererContactSeen(OfOrders):
    """Somebody looked at who ordered, in full. reason: of the office; a helper who accepted needs none."""

    label = _("查看点单人联系方式")
    subject_type = "order"
    order_id: Id
    reason: Words


@dataclass(frozen=True)
class DispatchProposed(OfOrders):
    """The matching has proposed somebody for each of the open orders of an area, as far as there is anybody."""

    label = _("生成派单方案")
    subject_type = "dispatch"
    dispatch_id: Id
    area_id: Id
    proposed: Number
    unmet: Number


@dataclass(frozen=True)
class DispatchFollowed(OfOrders):
    """The orders of a plan are to be offered as it proposes. account_id: by whom, in_place_of: for whom."""

    label = _("批量派单")
    subject_type = "dispatch"
    dispatch_id: Id
    proposed: Number
    account_id: Id
    in_place_of: Annotated[int | None, Privacy.INTERNAL]


@dataclass(frozen=True)
class VolunteerLeft(OfOrders):
    """Somebody has withdrawn from the register: what they had promised or been offered is to be handed out again."""

    label = _("志愿者撤回后重新派单")
    subject_type = "volunteer"
    volunteer_id: Id
    offers: Number


@dataclass(frozen=True)
class WishesSaid(OfOrders):
    """A volunteer has said which kinds of services they like and do not do."""

    label = _("填写服务意愿")
    subject_type = "volunteer"
    volunteer_id: Id


@dataclass(frozen=True)
class ProposalRefused(OfOrders):
    """The office does not follow a proposal of the matching."""

    label = _("不采用派单推荐")
    subject_type = "order"
    order_id: Id
    proposal_id: Id
    volunteer_id: Annotated[int | None, Privacy.INTERNAL]
    organization_id: Annotated[int | None, Privacy.INTERNAL]
    reason: Words


@dataclass(frozen=True)
class ServiceTypeChanged(OfOrders):
    """A type of service was changed or made in the office."""

    label = _("修改服务类型")
    subject_type = "service_type"
    type_id: Id
    code: Word


@dataclass(frozen=True)
class ServiceOpened(OfOrders):
    """A service stands in the catalogue."""

    label = _("新增服务")
    subject_type = "service"
    service_id: Id
    name: Word


@dataclass(frozen=True)
class ServiceChanged(OfOrders):
    """A service's hours, capacity or words were changed."""

    label = _("修改服务")
    subject_type = "service"
    service_id: Id
    name: Word


@dataclass(frozen=True)
class OrderSettingChanged(OfOrders):
    """A rule for orders was changed in the office."""

    label = _("修改点单服务设置")
    subject_type = "order_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class OrdersMoved(OfOrders):
    """What lay in an area was tied to its new version."""

    label = _("订单随区域调整")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    moved: Number
