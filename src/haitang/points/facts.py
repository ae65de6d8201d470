"""What can have happened to points. Balances never stand here."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]


class OfPoints(Fact):
    """What facts of points have in common: how their fields read."""

    field_labels = {
        "holder_id": _("积分账户"), "redemption_id": _("兑换单"), "reward_id": _("兑换物品"),
        "setting_id": _("积分设置"),
        "rule_id": _("积分规则"), "key": _("设置项"), "value": _("值"), "name": _("名称"), "from_date": _("生效日期"),
        "run_id": _("核对"), "checked": _("核对账户数"), "wrong": _("不符账户数"), "missing": _("补记条数"),
        "services": _("服务次数"), "points": _("积分"),
    }  # fmt: skip


@dataclass(frozen=True)
class PointsAgreed(OfPoints):
    """A volunteer has agreed to have an account."""

    label = _("同意使用积分")
    subject_type = "points_holder"
    holder_id: Id


@dataclass(frozen=True)
class PointsLeft(OfPoints):
    """A volunteer wants no account any more; what was on it is gone."""

    label = _("退出积分")
    subject_type = "points_holder"
    holder_id: Id


@dataclass(frozen=True)
class PointsEarned(OfPoints):
    """Services were credited to an account."""

    label = _("服务记入积分")
    subject_type = "points_holder"
    holder_id: Id
    services: Number
    points: Annotated[int, Privacy.PERSONAL]


@dataclass(frozen=True)
class RewardOrdered(OfPoints):
    """A volunteer has spent points."""

    label = _("积分兑换")
    subject_type = "points_redemption"
    redemption_id: Id
    reward_id: Id


@dataclass(frozen=True)
class RewardHanded(OfPoints):
    """It was handed out for the code."""

    label = _("兑换物品已领取")
    subject_type = "points_redemption"
    redemption_id: Id


@dataclass(frozen=True)
class RewardCancelled(OfPoints):
    """The exchange was cancelled; points and thing are back, once."""

    label = _("取消积分兑换")
    subject_type = "points_redemption"
    redemption_id: Id


@dataclass(frozen=True)
class RewardKept(OfPoints):
    """A reward was entered or changed."""

    label = _("维护兑换物品")
    subject_type = "points_reward"
    reward_id: Id
    name: Word


@dataclass(frozen=True)
class PointRulesGiven(OfPoints):
    """A version of the rules was given, in force from a day on."""

    label = _("新增积分规则")
    subject_type = "points_rule"
    rule_id: Id
    from_date: Word


@dataclass(frozen=True)
class PointSettingChanged(OfPoints):
    """Points were turned on or off, or the day was set from which services count."""

    label = _("修改积分设置")
    subject_type = "points_setting"
    setting_id: Id
    key: Word
    value: Word


@dataclass(frozen=True)
class PointsRecounted(OfPoints):
    """The ledger was compared with the services and the balances. run_id: the day, as a number, 20260506."""

    label = _("核对积分账")
    subject_type = "points_recount"
    run_id: Id
    checked: Number
    wrong: Number
    missing: Number
