"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.voting.lifecycle import Status
from haitang.voting.values import SamePerson, WrongVoteState

if TYPE_CHECKING:
    from haitang.voting.models import Vote


def check_may(actor: Actor, permission: str, vote: "Vote") -> None:
    """Whatever is done about a vote takes the permission over its area."""
    access.require(actor, permission, area_path=vote.area_path)


def check_in(vote: "Vote", states: Iterable[str]) -> None:
    """The vote has to be in one of these states."""
    if vote.status not in tuple(states):
        raise WrongVoteState(_("投票处于“%(status)s”，现在不能这样做") % {"status": Status(vote.status).label})


def check_second(actor: Actor, vote: "Vote") -> None:
    """Confirming takes somebody else than proposing; who stands in for the first is the first."""
    if actor.id is None or vote.first_id in (actor.id, actor.standing_in_for):
        raise SamePerson(_("需要另一位管理人员确认，提请的人不能自己确认"))
