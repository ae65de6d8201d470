"""The life of a hazard: found, put right, looked at again, closed; a look that fails leads back."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.patrols.values import Permission, WrongHazardState


class HazardStatus(TextChoices):
    """Where a hazard stands, named by what it waits for."""

    OPEN = "open", _("待整改")
    RECTIFIED = "rectified", _("待复查")
    RECHECKED = "rechecked", _("待销号")
    CLOSED = "closed", _("已销号")


class HazardDeed(TextChoices):
    """What can be done to a hazard."""

    RECTIFY = "rectify", _("整改")
    RECHECK = "recheck", _("复查")
    CLOSE = "close", _("销号")


class DisputeStatus(TextChoices):
    """Where a dispute stands."""

    OPEN = "open", _("调解中")
    AGREED = "agreed", _("达成协议")
    FAILED = "failed", _("未达成协议")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "撤回")


OUTCOMES = (DisputeStatus.AGREED, DisputeStatus.FAILED, DisputeStatus.WITHDRAWN)


@dataclass(frozen=True)
class HazardMove:
    """From which state a deed leads where, and the permission it takes."""

    source: HazardStatus
    target: HazardStatus
    permission: Permission


HAZARD_MOVES: dict[HazardDeed, HazardMove] = {
    HazardDeed.RECTIFY: HazardMove(HazardStatus.OPEN, HazardStatus.RECTIFIED, Permission.HANDLE_HAZARD),
    HazardDeed.RECHECK: HazardMove(HazardStatus.RECTIFIED, HazardStatus.RECHECKED, Permission.CHECK_HAZARD),
    HazardDeed.CLOSE: HazardMove(HazardStatus.RECHECKED, HazardStatus.CLOSED, Permission.CHECK_HAZARD),
}
UNSETTLED = (HazardStatus.OPEN, HazardStatus.RECTIFIED, HazardStatus.RECHECKED)


def check_hazard_move(current: str, deed: HazardDeed) -> HazardStatus:
    """Return the state that the deed leads to; raise WrongHazardState where it leads nowhere from the current one."""
    move = HAZARD_MOVES[deed]
    if current != move.source:
        raise WrongHazardState(
            gettext("隐患当前为“%(status)s”，不能%(deed)s")
            % {"status": HazardStatus(current).label, "deed": deed.label}
        )
    return move.target


def next_hazard_deed(current: str) -> HazardDeed | None:
    """Return the deed that a hazard in this state waits for, None once it is closed."""
    return next((deed for deed, move in HAZARD_MOVES.items() if move.source == current), None)
