"""Ways of bringing a resolution to a vote that this app offers itself, over the apps below it."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from haitang.core.access import Actor
from haitang.councils import queries
from haitang.councils.values import Voting, VotingWay
from haitang.voting.actions import keep_vote
from haitang.voting.values import BallotKind, OptionDraft, VotePlan
from haitang.voting.values import Permission as VotingPermission


def may_prepare_vote(actor: Actor, area_path: str) -> bool:
    """Tell whether the actor may prepare votes of the residents there."""
    return actor.holds(VotingPermission.PREPARE, area_path=area_path)


def prepare_residents_vote(*, actor: Actor, title: str, words: str, area_id: int, now: datetime) -> Voting:
    """
    Prepare a vote of the residents of an area, for or against; the times are those of the settings.

    It is opened by two people, as every vote is. Raises NotAllowed, BadVote.
    """
    held = queries.rules().settings
    opens_at = (now + timedelta(days=held["vote_after_days"])).replace(minute=0, second=0, microsecond=0)
    plan = VotePlan(
        title, area_id, BallotKind.ONE.value, (OptionDraft(gettext("同意")), OptionDraft(gettext("反对"))), opens_at,
        opens_at + timedelta(days=held["vote_days"]), words=words,
    )  # fmt: skip
    row = keep_vote(actor=actor, plan=plan, now=now)
    return Voting(title, reverse("voting:vote", args=[row.pk]), reverse("voting:staff_vote", args=[row.pk]))


OF_RESIDENTS = VotingWay("residents", gettext_lazy("居民投票"), may_prepare_vote, prepare_residents_vote)
