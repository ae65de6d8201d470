"""The words of points: permissions, the four accounts between which they move, what a rule says, refusals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.errors import Conflict, Invalid, NotFound

NAME_LENGTH_MAX, WORDS_LENGTH_MAX = 50, 200
NUMBER_MAX = 1_000_000
WARN_DAYS_MAX = 60


class Permission(StrEnum):
    """What may be done about points. Which role holds which is data; one's own account takes none."""

    HAND = "points.reward.hand"
    MANAGE = "points.settings.manage"


class Side(TextChoices):
    """The accounts between which points move: every posting takes from one what it gives to another."""

    RULES = "rules", _("规则发放")
    PERSON = "person", _("本人")
    REWARDS = "rewards", _("兑换")
    LAPSED = "lapsed", _("失效")


class PostingKind(TextChoices):
    """Why points move."""

    EARNED = "earned", _("服务记入")
    SPENT = "spent", pgettext_lazy("points", "兑换")
    GIVEN_BACK = "given_back", _("取消兑换退回")
    EXPIRED = "expired", _("到期失效")
    CLOSED = "closed", _("退出时清零")


MOVES: Mapping[str, tuple[Side, Side]] = {
    PostingKind.EARNED: (Side.RULES, Side.PERSON),
    PostingKind.SPENT: (Side.PERSON, Side.REWARDS),
    PostingKind.GIVEN_BACK: (Side.REWARDS, Side.PERSON),
    PostingKind.EXPIRED: (Side.PERSON, Side.LAPSED),
    PostingKind.CLOSED: (Side.PERSON, Side.LAPSED),
}
"""From which account to which a posting of each kind moves points."""


def months_back(day: date, months: int) -> date:
    """Return the first day of the month so many months before that of the day."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)


class RewardKind(TextChoices):
    """What points are spent on."""

    THING = "thing", _("物品")
    NOTE = "note", _("评先评优登记")


class RedemptionStatus(TextChoices):
    """Where an exchange stands."""

    ORDERED = "ordered", _("待领取")
    HANDED = "handed", _("已领取")
    NOTED = "noted", _("已登记")
    CANCELLED = "cancelled", _("已取消")


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A version of the rules, in force from a day on.

    per_hour: points for an hour. month_most: so many a calendar month at most. keep_months: so long they can be spent.
    kinds: percent of per_hour by the sort of service ("orders": 100); what is not named counts in full.
    """

    from_date: date
    per_hour: int
    month_most: int
    keep_months: int
    kinds: Mapping[str, int] = field(default_factory=dict)

    def worth(self, source: str, minutes: int) -> int:
        """Return the points of a service of so many minutes, before the month's most; fractions are left out."""
        return minutes * self.per_hour * self.kinds.get(source, 100) // 6000


@dataclass(frozen=True, slots=True)
class NewReward:
    """What can be had for points: where it is handed out, how many there are; a note needs neither."""

    title: str
    kind: str
    price: int
    area_code: str
    place: str = ""
    stock: int = 0
    words: str = ""
    is_active: bool = True


def minutes_beside(began_at: datetime, ended_at: datetime, taken: Iterable[tuple[datetime, datetime]]) -> int:
    """Return the whole minutes between two instants that none of the spans covers; the spans may overlap."""
    at, free = began_at, timedelta()
    for begin, end in sorted(taken):
        if end <= at or begin >= ended_at:
            continue
        free += max(begin - at, timedelta())
        at = end
    return round((free + max(ended_at - at, timedelta())).total_seconds() / 60)


class PointsOff(NotFound):
    """The tenant has not turned points on."""


class PointsNotFound(NotFound):
    """There is no such account, reward or exchange, or it is not the viewer's."""


class NotAgreed(Conflict):
    """The volunteer has not agreed to have an account."""


class TooFewPoints(Conflict):
    """The balance does not suffice."""


class SoldOut(Conflict):
    """There is none left."""


class RedemptionClosed(Conflict):
    """The exchange is over: handed out, noted or cancelled."""


class WrongPickupCode(Invalid):
    """No thing waits for that code where the actor hands out, or it was fetched already."""


class BadPointRule(Invalid):
    """A rule, setting or reward that cannot be as it is described; its `fields` say where."""
