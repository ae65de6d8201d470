"""The life of a wish and of a claim: which deed leads from where to where. The table is the whole of it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.wishes.values import WrongWishState


class Status(TextChoices):
    """Where a wish stands, named by what it waits for or how it ended."""

    DRAFT = "draft", _("待审核")
    OPEN = "open", _("待认领")
    CLAIMED = "claimed", _("待确认认领")
    CONFIRMED = "confirmed", _("认领已确认")
    PREPARING = "preparing", _("准备中")
    DELIVERED = "delivered", _("已送达，待确认")
    GRANTED = "granted", _("已圆梦")
    DENIED = "denied", _("不予发布")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("到期下架")


class Deed(TextChoices):
    """What happens to a wish after it was entered."""

    CHANGE = "change", _("修改")
    PUBLISH = "publish", _("发布")
    DENY = "deny", _("不予发布")
    CLAIM = "claim", _("认领")
    CONFIRM = "confirm", _("确认认领")
    DECLINE = "decline", _("不确认认领")
    START = "start", _("开始准备")
    DELIVER = "deliver", _("登记送达")
    GIVE_BACK = "give_back", _("放弃认领")
    RELEASE = "release", _("重新开放认领")
    RECEIVE = "receive", _("确认收到")
    CONTEST = "contest", _("说明没有收到")
    WITHDRAW = "withdraw", _("撤回")
    EXPIRE = "expire", _("到期下架")


@dataclass(frozen=True)
class Move:
    """From which states a deed leads where."""

    sources: frozenset[Status]
    target: Status


def _from(*sources: Status, to: Status) -> Move:
    return Move(frozenset(sources), to)


_HELD = (Status.CONFIRMED, Status.PREPARING)
MOVES: dict[Deed, Move] = {
    Deed.CHANGE: _from(Status.DRAFT, Status.DENIED, to=Status.DRAFT),
    Deed.PUBLISH: _from(Status.DRAFT, Status.EXPIRED, to=Status.OPEN),
    Deed.DENY: _from(Status.DRAFT, Status.OPEN, to=Status.DENIED),
    Deed.CLAIM: _from(Status.OPEN, to=Status.CLAIMED),
    Deed.CONFIRM: _from(Status.CLAIMED, to=Status.CONFIRMED),
    Deed.DECLINE: _from(Status.CLAIMED, to=Status.OPEN),
    Deed.START: _from(Status.CONFIRMED, to=Status.PREPARING),
    Deed.DELIVER: _from(*_HELD, to=Status.DELIVERED),
    Deed.GIVE_BACK: _from(Status.CLAIMED, *_HELD, to=Status.OPEN),
    Deed.RELEASE: _from(*_HELD, to=Status.OPEN),
    Deed.RECEIVE: _from(Status.DELIVERED, to=Status.GRANTED),
    Deed.CONTEST: _from(Status.DELIVERED, to=Status.PREPARING),
    Deed.WITHDRAW: _from(Status.DRAFT, Status.DENIED, Status.OPEN, Status.CLAIMED, *_HELD, to=Status.WITHDRAWN),
    Deed.EXPIRE: _from(Status.OPEN, to=Status.EXPIRED),
}

TAKEN = (Status.CLAIMED, *_HELD, Status.DELIVERED)
"""Somebody has claimed it, and it is not granted yet."""
PUBLIC = (Status.OPEN, *TAKEN, Status.GRANTED)
"""Anybody may see that there is such a wish; never whose it is."""


class Show(TextChoices):
    """Which of the public wishes are looked at."""

    OPEN = "open", _("等待认领")
    TAKEN = "taken", _("正在圆梦")
    GRANTED = "granted", pgettext_lazy("list", "已圆梦")


SHOWN = {Show.OPEN: (Status.OPEN,), Show.TAKEN: TAKEN, Show.GRANTED: (Status.GRANTED,)}
ENDED = (Status.GRANTED, Status.DENIED, Status.WITHDRAWN, Status.EXPIRED)
"""Nothing is to be done about it; after the days of the setting its personal data are erased."""


class ClaimStatus(TextChoices):
    """What became of a claim."""

    WAITING = "waiting", _("等社区确认")
    CONFIRMED = "confirmed", pgettext_lazy("claim", "已确认")
    DECLINED = "declined", _("社区未确认")
    GIVEN_BACK = "given_back", _("已放弃")
    RELEASED = "released", _("逾期，已重新开放")
    CLOSED = "closed", _("心愿已撤回")
    DONE = "done", _("已圆梦")


LIVE = (ClaimStatus.WAITING, ClaimStatus.CONFIRMED)
"""Still under way."""
HOLDING = (*LIVE, ClaimStatus.DONE)
"""Of these a wish has one at most, ever."""


def leads(current: str, deed: Deed) -> bool:
    """Tell whether the deed leads anywhere from there, to show or hide a button."""
    return current in MOVES[deed].sources


def check_move(current: str, deed: Deed) -> Status:
    """Return the state that the deed leads to; raise WrongWishState where it leads nowhere from the current one."""
    move = MOVES[deed]
    if current not in move.sources:
        raise WrongWishState(
            gettext("心愿当前为“%(status)s”，不能%(deed)s") % {"status": Status(current).label, "deed": deed.label}
        )
    return move.target
