"""What actions on votes share: a vote locked, and what is told of it."""

from django.utils.translation import gettext as _

from haitang.core.history import Audience
from haitang.voting.models import Vote
from haitang.voting.values import Permission, VoteNotFound


def lock_vote(vote_id: int, *, shared: bool = False) -> Vote:
    """Return a vote, locked. shared: ballots go on coming in meanwhile. Raises VoteNotFound."""
    row = Vote.objects.select_for_update(no_key=shared).filter(pk=vote_id).first()
    if row is None:
        raise VoteNotFound(_("没有这次投票"))
    return row


def told(vote: Vote) -> Audience:
    """Return who hears of what is done about the vote."""
    return Audience(area_path=vote.area_path, permission=Permission.VIEW)
