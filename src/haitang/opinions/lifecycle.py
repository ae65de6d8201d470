"""The life of a conversation and of a statement: which deed leads from where to where. The table is the whole of it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.opinions.values import WrongConversationState


class Status(TextChoices):
    """Where a conversation stands."""

    DRAFT = "draft", _("准备中")
    OPEN = "open", pgettext_lazy("conversation", "征集中")
    CLOSED = "closed", pgettext_lazy("conversation", "已结束")


class Deed(TextChoices):
    """What happens to a conversation."""

    CHANGE = "change", _("修改")
    SEED = "seed", _("添加观点")
    OPEN = "open", _("开始征集")
    CLOSE = "close", _("结束征集")


class StatementStatus(TextChoices):
    """Where a statement stands."""

    WAITING = "waiting", _("待审核")
    ACCEPTED = "accepted", pgettext_lazy("statement", "已公开")
    DENIED = "denied", pgettext_lazy("statement", "未公开")


@dataclass(frozen=True)
class Move:
    """From which states a deed leads where."""

    sources: frozenset[Status]
    target: Status | None


MOVES: dict[Deed, Move] = {
    Deed.CHANGE: Move(frozenset({Status.DRAFT}), None),
    Deed.SEED: Move(frozenset({Status.DRAFT, Status.OPEN}), None),
    Deed.OPEN: Move(frozenset({Status.DRAFT}), Status.OPEN),
    Deed.CLOSE: Move(frozenset({Status.OPEN}), Status.CLOSED),
}
PUBLIC = (Status.OPEN, Status.CLOSED)
"""Anybody may read it."""


def leads(current: str, deed: Deed) -> bool:
    """Tell whether the deed can be done from there, to show or hide a button."""
    return current in MOVES[deed].sources


def check_move(current: str, deed: Deed) -> Status:
    """Return the state that the deed leads to; raise WrongConversationState where it cannot be done."""
    if not leads(current, deed):
        raise WrongConversationState(
            gettext("讨论当前为“%(status)s”，不能%(deed)s") % {"status": Status(current).label, "deed": deed.label}
        )
    return MOVES[deed].target or Status(current)
