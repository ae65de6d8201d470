"""May they, and may they now? Questions about an actor and rows already loaded; they raise, and read nothing."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotAllowed, NotSignedIn
from haitang.rounds.lifecycle import PUBLIC
from haitang.rounds.values import NotInPhase, Permission, ProposalNotFound, SittingNotFound, Task

if TYPE_CHECKING:
    from haitang.rounds.models import Phase, Pot, Proposal, Round, Seat

_STAFF = tuple(each for each in Permission if each != Permission.SETTINGS)


def check_may(actor: Actor, permission: str, row: "Round | Pot") -> None:
    """Whatever is done about a round takes the permission over its area, about a pot over the pot's."""
    access.require(actor, permission, area_path=row.area_path)


def check_signed_in(actor: Actor) -> int:
    """Return the id of the actor's account. Raises NotSignedIn."""
    if not actor.is_known or actor.id is None:
        raise NotSignedIn(_("请先登录；没有账号的，可以到社区填写纸质表或打电话"))
    return actor.id


def tasks_on(phases: Iterable["Phase"], day: date) -> frozenset[str]:
    """Return what the phases that last on this day permit."""
    return frozenset(task for each in phases if each.begins_on <= day <= each.ends_on for task in each.tasks)


def check_phase(round_: "Round", phases: Iterable["Phase"], task: Task, day: date) -> None:
    """Raise NotInPhase unless the round is published and a phase that lasts on this day permits the task."""
    if round_.published_at is None:
        raise NotInPhase(_("本轮微实事还没有发布"))
    phases = list(phases)
    if task in tasks_on(phases, day):
        return
    when = [each for each in phases if task in each.tasks]
    if not when:
        raise NotInPhase(_("本轮微实事没有安排“%(task)s”") % {"task": task.label})
    first, last = min(each.begins_on for each in when), max(each.ends_on for each in when)
    told = {"task": task.label, "first": first.isoformat(), "last": last.isoformat()}
    raise NotInPhase(_("“%(task)s”的时间是 %(first)s 至 %(last)s") % told)


def is_author(actor: Actor, proposal: "Proposal") -> bool:
    """Tell whether the proposal is the actor's own."""
    return actor.id is not None and actor.id == proposal.account_id


def is_staff_of(actor: Actor, proposal: "Proposal") -> bool:
    """Tell whether the actor works with the proposals of its pot."""
    return any(actor.holds(permission, area_path=proposal.pot.area_path) for permission in _STAFF)


def check_may_read(actor: Actor, proposal: "Proposal") -> None:
    """Raise ProposalNotFound unless it is public, the actor's own, or they work with it."""
    if not (proposal.status in PUBLIC or is_author(actor, proposal) or is_staff_of(actor, proposal)):
        raise ProposalNotFound(_("没有这个提案"))


def check_author(actor: Actor, proposal: "Proposal") -> None:
    """Raise ProposalNotFound unless the proposal is the actor's own."""
    if not is_author(actor, proposal):
        raise ProposalNotFound(_("没有这个提案"))


def check_may_with(actor: Actor, permission: str, proposal: "Proposal") -> None:
    """What staff do with a proposal takes the permission over its pot's area."""
    if not is_staff_of(actor, proposal):
        raise ProposalNotFound(_("没有这个提案"))
    access.require(actor, permission, area_path=proposal.pot.area_path)


def check_not_own(actor: Actor, proposal: "Proposal") -> None:
    """Nobody checks or appraises what they have proposed themselves."""
    if is_author(actor, proposal):
        raise NotAllowed(_("这是您自己提交的提案，请由其他工作人员办理"))


def check_seat(actor: Actor, seat: "Seat | None") -> None:
    """Raise SittingNotFound unless the seat is the actor's."""
    if seat is None or actor.id is None or seat.account_id != actor.id:
        raise SittingNotFound(_("没有这次会议，或者您不是议事会成员"))
