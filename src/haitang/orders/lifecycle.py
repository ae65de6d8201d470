"""The life of an order and of an offer: which deed leads from where to where. The table is the whole of it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.orders.values import WrongOrderState


class Status(TextChoices):
    """Where an order stands, named by what it waits for or how it ended."""

    WAITING = "waiting", _("候补")
    ORDERED = "ordered", _("待派单")
    OFFERED = "offered", _("待接单")
    ACCEPTED = "accepted", _("待服务")
    DONE = "done", _("待确认")
    CONFIRMED = "confirmed", _("待评价")
    REVIEWED = "reviewed", _("已评价")
    CANCELLED = "cancelled", _("已取消")
    UNMET = "unmet", _("未能安排")
    MISSED = "missed", _("未能成行")


class Deed(TextChoices):
    """What happens to an order after it was placed."""

    PROMOTE = "promote", _("候补转正")
    OFFER = "offer", _("派单")
    ACCEPT = "accept", _("接单")
    RETURN = "return", _("退回派单")
    RELEASE = "release", _("释放")
    FINISH = "finish", _("报告完成")
    CONFIRM = "confirm", _("确认完成")
    CONTEST = "contest", _("否认完成")
    REVIEW = "review", _("评价")
    CANCEL = "cancel", _("取消")
    MISS = "miss", _("登记未能成行")
    LAPSE = "lapse", _("过期")


@dataclass(frozen=True)
class Move:
    """From which states a deed leads where."""

    sources: frozenset[Status]
    target: Status


def _from(*sources: Status, to: Status) -> Move:
    return Move(frozenset(sources), to)


MOVES: dict[Deed, Move] = {
    Deed.PROMOTE: _from(Status.WAITING, to=Status.ORDERED),
    Deed.OFFER: _from(Status.ORDERED, Status.OFFERED, to=Status.OFFERED),
    Deed.ACCEPT: _from(Status.ORDERED, Status.OFFERED, to=Status.ACCEPTED),
    Deed.RETURN: _from(Status.OFFERED, to=Status.ORDERED),
    Deed.RELEASE: _from(Status.ACCEPTED, to=Status.ORDERED),
    Deed.FINISH: _from(Status.ACCEPTED, to=Status.DONE),
    Deed.CONFIRM: _from(Status.DONE, to=Status.CONFIRMED),
    Deed.CONTEST: _from(Status.DONE, to=Status.ACCEPTED),
    Deed.REVIEW: _from(Status.CONFIRMED, to=Status.REVIEWED),
    Deed.CANCEL: _from(Status.WAITING, Status.ORDERED, Status.OFFERED, Status.ACCEPTED, to=Status.CANCELLED),
    Deed.MISS: _from(Status.ACCEPTED, to=Status.MISSED),
    Deed.LAPSE: _from(Status.WAITING, Status.ORDERED, Status.OFFERED, to=Status.UNMET),
}

WITHOUT_PLACE = (Status.WAITING, Status.CANCELLED, Status.UNMET)
"""States in which an order holds no place of its hour and day; in every other one it holds one."""
PENDING = (Status.WAITING, Status.ORDERED, Status.OFFERED)
"""Nobody has accepted yet."""
ONGOING = (*PENDING, Status.ACCEPTED, Status.DONE)
"""Something is still to be done about it, beside the review."""
ENDED = (Status.CONFIRMED, Status.REVIEWED, Status.CANCELLED, Status.UNMET, Status.MISSED)


class OfferStatus(TextChoices):
    """What became of an offer."""

    OPEN = "open", _("待答复")
    ACCEPTED = "accepted", _("已接单")
    DECLINED = "declined", _("已婉拒")
    EXPIRED = "expired", _("已过期")
    WITHDRAWN = "withdrawn", _("已收回")
    GIVEN_BACK = "given_back", _("已退回")


class ProposalStatus(TextChoices):
    """What became of a proposal of the matching."""

    OPEN = "open", _("待确认")
    OFFERED = "offered", _("已派单")
    CHANGED = "changed", _("已改派")
    REFUSED = "refused", _("不采用")
    STALE = "stale", _("已失效")
    REPLACED = "replaced", _("已有新方案")


def check_move(current: str, deed: Deed) -> Status:
    """Return the state that the deed leads to; raise WrongOrderState where it leads nowhere from the current one."""
    move = MOVES[deed]
    if current not in move.sources:
        raise WrongOrderState(
            gettext("订单当前为“%(status)s”，不能%(deed)s") % {"status": Status(current).label, "deed": deed.label}
        )
    return move.target
