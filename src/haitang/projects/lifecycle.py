"""The life of a project: planned, under way, delivered, accepted or done over, archived; or given up on the way."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.projects.values import Permission, WrongProjectState, WrongStage


class Status(TextChoices):
    """Where a project stands, named by what it waits for."""

    PLANNED = "planned", _("待启动")
    UNDER_WAY = "under_way", _("实施中")
    DELIVERED = "delivered", _("待验收")
    ACCEPTED = "accepted", _("已验收")
    ARCHIVED = "archived", _("已归档")
    GIVEN_UP = "given_up", _("已终止")


class Deed(TextChoices):
    """What moves a project."""

    LAUNCH = "launch", _("启动")
    DELIVER = "deliver", _("申请验收")
    ACCEPT = "accept", _("验收")
    ARCHIVE = "archive", _("归档")
    GIVE_UP = "give_up", pgettext_lazy("project", "终止")


@dataclass(frozen=True)
class Move:
    """From which states a deed leads where, and the permission it takes."""

    sources: tuple[Status, ...]
    target: Status
    permission: Permission


MOVES: dict[Deed, Move] = {
    Deed.LAUNCH: Move((Status.PLANNED,), Status.UNDER_WAY, Permission.LEAD),
    Deed.DELIVER: Move((Status.UNDER_WAY,), Status.DELIVERED, Permission.LEAD),
    Deed.ACCEPT: Move((Status.DELIVERED,), Status.ACCEPTED, Permission.ACCEPT),
    Deed.ARCHIVE: Move((Status.ACCEPTED,), Status.ARCHIVED, Permission.ACCEPT),
    Deed.GIVE_UP: Move((Status.PLANNED, Status.UNDER_WAY, Status.DELIVERED), Status.GIVEN_UP, Permission.ACCEPT),
}
OPEN = (Status.PLANNED, Status.UNDER_WAY, Status.DELIVERED)
"""In which a project is still to be brought to its end."""
FINISHED = (Status.ACCEPTED, Status.ARCHIVED)


def check_move(current: str, deed: Deed) -> Status:
    """Return the state that the deed leads to; raise WrongProjectState where it leads nowhere from the current one."""
    move = MOVES[deed]
    if current not in move.sources:
        raise WrongProjectState(
            gettext("项目当前为“%(status)s”，不能%(deed)s") % {"status": Status(current).label, "deed": deed.label}
        )
    return move.target


def deeds_from(current: str) -> list[Deed]:
    """Return the deeds that lead somewhere from this state, in the order of the life."""
    return [deed for deed, move in MOVES.items() if current in move.sources]


class Stage(TextChoices):
    """Where a selection stands."""

    NOMINATING = "nominating", _("推荐中")
    SCORING = "scoring", _("评审中")
    PUBLISHED = "published", _("已公布")


def check_stage(current: str, wanted: Stage) -> None:
    """Raise WrongStage unless the selection stands where it is wanted."""
    if current != wanted:
        raise WrongStage(gettext("评选当前为“%(stage)s”，不能进行此项操作") % {"stage": Stage(current).label})
