"""Ways of bringing what a meeting resolved to a vote, by the apps below it: of the residents, of an estate's owners."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.councils import queries
from haitang.councils.values import Voting, VotingOffer, VotingWay
from haitang.owners.actions import draft_decision
from haitang.owners.queries import has_serving_committee, list_deciding_estates
from haitang.owners.queries import rules as owners_rules
from haitang.owners.values import TITLE_LENGTH_MAX as DECISION_TITLE_MAX
from haitang.owners.values import Convener, NewDecision, NewQuestion, article
from haitang.voting.actions import keep_vote
from haitang.voting.values import BallotKind, OptionDraft, VotePlan
from haitang.voting.values import Permission as VotingPermission


def offer_residents_vote(actor: Actor, area_path: str) -> list[VotingOffer]:
    """Return the vote of all residents of the area, to who may prepare votes there."""
    may = actor.holds(VotingPermission.PREPARE, area_path=area_path)
    return [VotingOffer("", gettext_lazy("居民投票"))] if may else []


def prepare_residents_vote(
    *, actor: Actor, title: str, words: str, area_id: int, place: str, matter: str, now: datetime
) -> Voting:  # fmt: skip
    """
    Prepare a vote of the residents of an area, for or against; the times are those of the settings.

    It is opened by two people, as every vote is. Raises NotAllowed, BadVote.
    """
    held = queries.rules().settings
    opens_at = _hour(now + timedelta(days=held["vote_after_days"]))
    plan = VotePlan(
        title, area_id, BallotKind.ONE.value, (OptionDraft(_("同意")), OptionDraft(_("反对"))), opens_at,
        opens_at + timedelta(days=held["vote_days"]), words=words,
    )  # fmt: skip
    row = keep_vote(actor=actor, plan=plan, now=now)
    return Voting(title, reverse("voting:vote", args=[row.pk]), reverse("voting:staff_vote", args=[row.pk]))


def offer_owners_decision(actor: Actor, area_path: str) -> list[VotingOffer]:
    """Return a decision of the owners of each estate there, to who may prepare these."""
    return [
        VotingOffer(str(row.pk), _("业主共同决定：%(estate)s") % {"estate": row.name})
        for row in list_deciding_estates(viewer=actor, area_path=area_path)
    ]


def matters_of_law() -> Mapping[str, str]:
    """Return the matters that owners decide jointly: which one it is says how many must agree."""
    return {str(item.number): item.text for item in article().items}


def draft_owners_decision(
    *, actor: Actor, title: str, words: str, area_id: int, place: str, matter: str, now: datetime
) -> Voting:  # fmt: skip
    """
    Draft a decision of the owners of an estate, with the resolution as its question; the desk announces it.

    It begins after the notice that the law asks for, and the days of the settings for announcing it; the desk may
    change all of it before. Raises NotAllowed, EstateNotFound, BadDecision.
    """
    held, estate_id = queries.rules().settings, int(place)
    begins = _hour(now + timedelta(days=owners_rules()["notice_days"] + held["vote_after_days"] + 1))
    has_committee = has_serving_committee(estate_id, local_date(now))
    convener = Convener.COMMITTEE if has_committee else Convener.COMMUNITY
    new = NewDecision(
        title[:DECISION_TITLE_MAX], "", convener.value, begins, begins + timedelta(days=held["vote_days"]),
        (NewQuestion(int(matter), words),),
    )  # fmt: skip
    row = draft_decision(actor=actor, estate_id=estate_id, new=new, now=now)
    return Voting(row.title, reverse("owners:decision", args=[row.pk]), reverse("owners:vote", args=[row.pk]))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


OF_RESIDENTS = VotingWay("residents", offer_residents_vote, prepare_residents_vote)
OF_OWNERS = VotingWay("owners", offer_owners_decision, draft_owners_decision, matters_of_law)
