"""What can have happened to wishes. Whose wish it is never stands here: no name, telephone or address."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.wishes.values import Channel, Side

Id = Annotated[int, Privacy.INTERNAL]
MaybeId = Annotated[int | None, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Words = Annotated[str, Privacy.PERSONAL]
Flag = Annotated[bool, Privacy.INTERNAL]


class OfWishes(Fact):
    """What facts of wishes have in common: how their fields and the values of these read."""

    field_labels = {
        "wish_id": _("心愿"), "claim_id": _("认领"), "account_id": _("账号"), "setting_id": _("微心愿设置"),
        "title": _("心愿标题"), "channel": _("来源"), "reason": _("原因"), "organization_id": _("单位"),
        "volunteer_id": _("志愿者"), "due_at": _("期限"), "by_clock": _("是否到期自动"), "side": _("提醒谁"),
        "minutes": _("用时（分钟）"), "on_behalf": _("是否代家庭"), "count": _("条数"), "key": _("设置项"),
        "value": _("值"), "area_id": _("区域"), "new_area_id": _("新区域"),
    }  # fmt: skip
    field_words = {"channel": dict(Channel.choices), "side": dict(Side.choices)}


class OfOneWish(OfWishes):
    """A fact about one wish."""

    subject_type = "family_wish"


@dataclass(frozen=True)
class WishEntered(OfOneWish):
    """A wish was entered; nobody but the community and the family sees it yet."""

    label = _("登记心愿")
    wish_id: Id
    title: Word
    channel: Word


@dataclass(frozen=True)
class WishChanged(OfOneWish):
    """A wish that is not public was changed."""

    label = _("修改心愿")
    wish_id: Id
    title: Word


@dataclass(frozen=True)
class WishPublished(OfOneWish):
    """Anybody may see and claim the wish; whose it is, nobody."""

    label = _("发布心愿")
    wish_id: Id


@dataclass(frozen=True)
class WishDenied(OfOneWish):
    """The community does not publish the wish, or takes it off; the family reads why."""

    label = _("心愿不予发布")
    wish_id: Id
    reason: Words


@dataclass(frozen=True)
class WishClaimed(OfOneWish):
    """Somebody has claimed the wish; the community has to confirm them."""

    label = _("认领心愿")
    wish_id: Id
    claim_id: Id
    organization_id: MaybeId
    volunteer_id: MaybeId


@dataclass(frozen=True)
class ClaimConfirmed(OfOneWish):
    """The community has confirmed the claimant, who may see the contact from now on. due_at: to begin by then."""

    label = _("社区确认认领")
    wish_id: Id
    claim_id: Id
    due_at: Word


@dataclass(frozen=True)
class ClaimDeclined(OfOneWish):
    """The community does not confirm the claimant; the wish is open again."""

    label = _("社区未确认认领")
    wish_id: Id
    claim_id: Id
    reason: Words


@dataclass(frozen=True)
class ClaimStarted(OfOneWish):
    """The claimant has begun to see to it. due_at: to deliver by then."""

    label = _("认领人开始准备")
    wish_id: Id
    claim_id: Id
    due_at: Word


@dataclass(frozen=True)
class WishDelivered(OfOneWish):
    """The claimant says that it was delivered. minutes: what they have spent on it, None where not said."""

    label = _("心愿已送达")
    wish_id: Id
    claim_id: Id
    minutes: MaybeId


@dataclass(frozen=True)
class WishFulfilled(OfOneWish):
    """The family has confirmed, or the community in its place, which is said."""

    label = _("心愿已圆")
    wish_id: Id
    claim_id: Id
    on_behalf: Flag


@dataclass(frozen=True)
class DeliveryContested(OfOneWish):
    """The family has not received it."""

    label = _("家庭反映没有收到")
    wish_id: Id
    claim_id: Id
    reason: Words


@dataclass(frozen=True)
class ClaimGivenBack(OfOneWish):
    """The claimant gives the wish back; it is open again."""

    label = _("放弃认领心愿")
    wish_id: Id
    claim_id: Id
    reason: Words


@dataclass(frozen=True)
class ClaimReleased(OfOneWish):
    """The wish is open again, since its claimant has not moved by the deadline, or as the community decides."""

    label = _("心愿重新开放认领")
    wish_id: Id
    claim_id: Id
    reason: Words
    by_clock: Flag


@dataclass(frozen=True)
class ClaimReminded(OfOneWish):
    """Whose turn it is has been reminded. side: of values.Side."""

    label = _("心愿提醒")
    wish_id: Id
    claim_id: Id
    side: Word


@dataclass(frozen=True)
class WishThanked(OfOneWish):
    """The family has said thank you, which the claimant reads."""

    label = _("家庭致谢")
    wish_id: Id
    on_behalf: Flag


@dataclass(frozen=True)
class ClaimFedBack(OfOneWish):
    """The claimant has said how it was, for the community to read."""

    label = _("认领人反馈")
    wish_id: Id
    claim_id: Id


@dataclass(frozen=True)
class WishWithdrawn(OfOneWish):
    """The family, or the community for it, has taken the wish back. claim_id: the claim that held it, if any."""

    label = _("撤回心愿")
    wish_id: Id
    claim_id: MaybeId
    reason: Words


@dataclass(frozen=True)
class WishExpired(OfOneWish):
    """Nobody has claimed the wish for so long that it is taken off."""

    label = _("心愿到期下架")
    wish_id: Id


@dataclass(frozen=True)
class WishContactSeen(OfOneWish):
    """The confirmed claimant has looked at the contact."""

    label = _("认领人查看联系方式")
    wish_id: Id
    claim_id: Id


@dataclass(frozen=True)
class WishUnmasked(OfOneWish):
    """Somebody of the office has looked at whose wish it is, and who claims it, in full."""

    label = _("查看心愿完整信息")
    wish_id: Id
    reason: Words


@dataclass(frozen=True)
class WishErased(OfOneWish):
    """Nothing says any more whose wish it was."""

    label = _("删除心愿中的个人信息")
    wish_id: Id


@dataclass(frozen=True)
class WishesImported(OfWishes):
    """A sheet of wishes was taken in."""

    label = _("导入心愿")
    subject_type = "account"
    account_id: Id
    count: Number


@dataclass(frozen=True)
class WishesExported(OfWishes):
    """A list of wishes was taken away; nothing personal stands in it."""

    label = _("导出心愿")
    subject_type = "account"
    account_id: Id
    count: Number


@dataclass(frozen=True)
class WishesMoved(OfWishes):
    """What lay in an area was tied to its new version."""

    label = _("心愿随区域调整")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    count: Number


@dataclass(frozen=True)
class WishSettingChanged(OfWishes):
    """A rule for wishes was changed in the office."""

    label = _("修改微心愿设置")
    subject_type = "wish_setting"
    setting_id: Id
    key: Word
    value: Word
