"""The life of a decision: which deed leads from where to where. The table is the whole of it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.owners.values import WrongDecisionState


class Status(TextChoices):
    """Where a decision stands."""

    DRAFT = "draft", _("草案")
    NOTICE = "notice", _("公示中")
    OPEN = "open", _("表决中")
    CLOSING = "closing", _("待第二人确认结束")
    CLOSED = "closed", _("已公布结果")
    CANCELLED = "cancelled", _("已取消")


class Deed(TextChoices):
    """What happens to a decision after it was drafted."""

    CHANGE = "change", _("修改")
    ANNOUNCE = "announce", _("公示")
    REDRAW = "redraw", _("更正名册")
    OPEN = "open", _("开始表决")
    EXTEND = "extend", _("延长表决")
    STOP = "stop", _("申请结束")
    RESUME = "resume", _("退回计票")
    CLOSE = "close", _("确认结束")
    CANCEL = "cancel", _("取消")


@dataclass(frozen=True)
class Move:
    """From which states a deed leads where."""

    sources: frozenset[Status]
    target: Status


def _from(*sources: Status, to: Status) -> Move:
    return Move(frozenset(sources), to)


MOVES: dict[Deed, Move] = {
    Deed.CHANGE: _from(Status.DRAFT, to=Status.DRAFT),
    Deed.ANNOUNCE: _from(Status.DRAFT, to=Status.NOTICE),
    Deed.REDRAW: _from(Status.NOTICE, to=Status.NOTICE),
    Deed.OPEN: _from(Status.NOTICE, to=Status.OPEN),
    Deed.EXTEND: _from(Status.OPEN, to=Status.OPEN),
    Deed.STOP: _from(Status.OPEN, to=Status.CLOSING),
    Deed.RESUME: _from(Status.CLOSING, to=Status.OPEN),
    Deed.CLOSE: _from(Status.CLOSING, to=Status.CLOSED),
    Deed.CANCEL: _from(Status.DRAFT, Status.NOTICE, to=Status.CANCELLED),
}
OBJECTED_IN = (Status.NOTICE, Status.OPEN, Status.CLOSING)
"""When owners may object: to the roll during the notice, afterwards to how ballots are taken and counted."""
PUBLIC = (Status.NOTICE, Status.OPEN, Status.CLOSING, Status.CLOSED)
"""What anybody may see."""


def leads(current: str, deed: Deed) -> bool:
    """Tell whether the deed leads anywhere from there, to show or hide a button."""
    return current in MOVES[deed].sources


def check_move(current: str, deed: Deed) -> Status:
    """Return the state that the deed leads to; raise WrongDecisionState where it leads nowhere from the current one."""
    move = MOVES[deed]
    if current not in move.sources:
        raise WrongDecisionState(
            gettext("表决当前为“%(status)s”，不能%(deed)s") % {"status": Status(current).label, "deed": deed.label}
        )
    return move.target


class SheetStatus(TextChoices):
    """Where a paper ballot stands between its two readings."""

    ONCE = "once", _("已录一遍")
    DIFFERS = "differs", _("两遍不一致")
    DONE = "done", _("已核对")


class ObjectionStatus(TextChoices):
    """How an objection was settled."""

    RAISED = "raised", _("待答复")
    UPHELD = "upheld", _("已更正")
    REJECTED = "rejected", _("不采纳，已说明")
