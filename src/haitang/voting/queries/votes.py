"""Votes as residents and as staff see them."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from haitang.core.access import Actor, allows
from haitang.voting import policies
from haitang.voting.lifecycle import BEFORE, PUBLIC, Status
from haitang.voting.models import Entry, Envelope, PaperSheet, PublishedBallot, Vote
from haitang.voting.values import (
    COUNTING,
    FORMAT,
    BallotKind,
    Basis,
    Permission,
    Standing,
    Tree,
    Via,
    VoteNotFound,
    receipt_hash,
)

LISTED_MAX = 100


@dataclass(frozen=True)
class Turnout:
    """How far a vote has come, in numbers alone. entitled: people, or households."""

    entitled: int
    electronic: int
    paper: int
    waiting: int
    codes: int
    papers_open: int


@dataclass(frozen=True)
class OptionResult:
    """An option of a counted vote. place: in the order of choice, 0 where it was not chosen. why: in a sentence."""

    option: dict[str, Any]
    votes: int
    total: int
    place: int
    share: int
    why: str


def list_public_votes() -> list[Vote]:
    """Return the votes that were opened, the one that ends last first."""
    return list(Vote.objects.public().select_related("area").order_by("-closes_at", "-pk")[:LISTED_MAX])


def get_public_vote(*, vote_id: int) -> Vote:
    """Return a vote that was opened. Raises VoteNotFound."""
    row = Vote.objects.public().select_related("area").filter(pk=vote_id).first()
    if row is None:
        raise VoteNotFound(_("没有这次投票"))
    return row


def list_votes(*, viewer: Actor) -> list[Vote]:
    """Return the votes of the viewer's areas, the one that ends last first."""
    rows = Vote.objects.visible_to(viewer).select_related("area")
    return list(rows.order_by("-closes_at", "-pk")[:LISTED_MAX])


def get_vote(*, viewer: Actor, vote_id: int) -> Vote:
    """Return a vote as its staff sees it. Raises VoteNotFound."""
    row = Vote.objects.visible_to(viewer).select_related("area").filter(pk=vote_id).first()
    if row is None:
        raise VoteNotFound(_("没有这次投票"))
    return row


def deeds_of(viewer: Actor, vote: Vote, now: datetime) -> frozenset[str]:
    """Return what the viewer may do about the vote as it stands: words by which a page shows its buttons."""
    found = set()
    may = {each for each in Permission if allows(policies.check_may, viewer, each, vote)}
    second = allows(policies.check_second, viewer, vote)
    if vote.status in BEFORE and Permission.PREPARE in may:
        found |= {"change"} | ({"roll"} if Permission.ROLL in may else set())
    if Permission.ADMINISTER in may:
        if vote.status == Status.DRAFT:
            found.add("open")
        if vote.status == Status.PROPOSED:
            found.add("confirm_open" if second else "wait")
        if vote.status == Status.OPEN and now >= vote.closes_at:
            found.add("close")
        if vote.status == Status.CLOSING:
            found.add("confirm_close" if second else "wait")
        if vote.status == Status.CLOSED:
            found.add("count")
    if Permission.ROLL in may and (vote.takes_ballots or vote.status in BEFORE):
        found |= {"codes", "desk"}
    if Permission.ROLL in may and vote.status in PUBLIC and vote.status != Status.COUNTED:
        found.add("judge")
    if Permission.PAPER in may and (vote.takes_ballots or vote.status == Status.CLOSED):
        found.add("paper")
    return frozenset(found)


def entitled_to(vote: Vote) -> int:
    """Return how many people, or households, have a vote."""
    rows = Entry.objects.filter(vote=vote, standing__in=COUNTING)
    if vote.basis == Basis.HOUSEHOLD:
        return rows.exclude(household_index=b"").values("household_index").distinct().count()
    return rows.count()


def turnout_of(*, viewer: Actor, vote: Vote) -> Turnout:
    """Return how far the vote has come. Raises NotAllowed."""
    policies.check_may(viewer, Permission.VIEW, vote)
    if vote.status == Status.COUNTED:
        told = vote.tally
        return Turnout(told["entitled"], told["electronic"], told["paper"], 0, 0, 0)
    came = Envelope.objects.filter(vote=vote).aggregate(
        electronic=Count("pk", filter=Q(via=Via.ELECTRONIC, entry__standing__in=COUNTING)),
        paper=Count("pk", filter=Q(via=Via.PAPER)),
        waiting=Count("pk", filter=Q(entry__standing=Standing.PROVISIONAL)),
    )
    codes = Entry.objects.filter(vote=vote).exclude(code_hash=b"").count()
    papers = PaperSheet.objects.filter(vote=vote, agreed__isnull=True).count()
    return Turnout(entitled_to(vote), came["electronic"], came["paper"], came["waiting"], codes, papers)


def file_of(vote: Vote) -> dict[str, Any]:
    """Return what is published of a vote: before the count the declaration alone, then all that a recount takes."""
    if vote.status != Status.COUNTED:
        return {"format": FORMAT, "declaration": vote.paper, "digest": vote.digest}
    rows = PublishedBallot.objects.filter(vote=vote).order_by("receipt").values_list("receipt", "marks", "via")
    return {
        "format": FORMAT, "declaration": vote.paper, "digest": vote.digest, "roll": vote.tally, "root": vote.root,
        "result": vote.result, "ballots": [{"r": r, "m": m, "via": via} for r, m, via in rows],
    }  # fmt: skip


def find_ballot(*, vote_id: int, code: str) -> dict[str, Any]:
    """Return the ballot that a receipt (or a paper's number) finds, its position, and the hashes up to the root.

    Raises VoteNotFound: there is no such ballot, or the box has not been opened.
    """
    vote = get_public_vote(vote_id=vote_id)
    if vote.status != Status.COUNTED:
        raise VoteNotFound(_("还没有开箱计票，公布后凭回执查对"))
    wanted = receipt_hash(vote_id, code)
    receipts, tree = _published(vote_id, vote.root)
    at = bisect_left(receipts, wanted)
    if receipts[at : at + 1] != (wanted,):
        raise VoteNotFound(_("公布的选票中没有这个回执。请核对回执；确认无误的，请带回执向监督人员反映"))
    row = PublishedBallot.objects.get(vote=vote, receipt=wanted)
    return {
        "ballot": {"r": row.receipt, "m": row.marks, "via": row.via}, "position": at + 1, "of": len(receipts),
        "proof": tree.proof(at),
        "marks": [(each, row.marks[each["id"]]) for each in vote.options if each["id"] in row.marks],
    }  # fmt: skip


@lru_cache(maxsize=4)
def _published(vote_id: int, root: str) -> tuple[tuple[str, ...], Tree]:
    """Return the receipts of a counted vote in their order, and the tree over its ballots.

    Kept, since nothing of them ever changes and the root names them: anybody may look ballots up, one after another.
    """
    rows = PublishedBallot.objects.filter(vote_id=vote_id).order_by("receipt").values_list("receipt", "marks", "via")
    ballots = [{"r": r, "m": m, "via": via} for r, m, via in rows]
    return tuple(each["r"] for each in ballots), Tree(ballots)


def list_results(vote: Vote) -> list[OptionResult]:
    """Return the options of a counted vote, those chosen first, in the order of choice, then by what they got."""
    chosen = {each: at for at, each in enumerate(vote.result["chosen"], start=1)}
    most = max((each["total"] for each in vote.result["options"].values()), default=0) or 1
    lines = []
    for option in vote.options:
        told = vote.result["options"][option["id"]]
        lines.append(
            OptionResult(
                option, told["votes"], told["total"], chosen.get(option["id"], 0), told["total"] * 100 // most,
                why_of(told["why"], told["numbers"]),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (not line.place, line.place or -line.total, int(line.option["id"])))


def why_of(why: str, numbers: dict[str, Any]) -> str:
    """Return in a sentence why an option was chosen or not."""
    told = {
        "chosen": _("按规则入选"),
        "turnout": _("参加投票的人数（户数）没有达到事先规定的比例"),
        "district_turnout": _("所在片区参加投票的人数没有达到事先规定的比例"),
        "too_dear": _("造价高于全部预算"),
        "few_points": _("得票没有达到事先规定的最低数"),
        "few_votes": _("得票没有达到事先规定的最低数"),
        "no_votes": _("没有人选"),
        "excluded": _("与已入选的项目不能同时入选"),
        "no_room": _("轮到时剩下的预算（名额）不够"),
        "full": _("名额已满"),
        "supporters_short": _("选它的人剩下的份额合起来不够"),
        "compared": _("两种算法比较后，另一种结果的支持人更多"),
        "ended": _("排在前面的项目预算不够，按规则到此为止"),
    }
    return told.get(why) or _("按规则没有入选")


def kind_hint(paper: dict[str, Any]) -> str:
    """Return in a sentence how a ballot of this paper is filled in."""
    most, kind = paper["most"], paper["kind"]
    told = {
        BallotKind.ONE: _("选一项"),
        BallotKind.APPROVAL: _("最多选 %(n)d 项") % {"n": most},
        BallotKind.KNAPSACK: _("在预算内任选，最多 %(n)d 项") % {"n": most},
        BallotKind.POINTS: _("您有 %(n)d 点，可以分给几个项目，也可以都给一个") % {"n": most},
        BallotKind.RANKED: _("按喜欢的先后写名次，1 为最喜欢，最多 %(n)d 个") % {"n": most},
        BallotKind.SCORED: _("给每个项目打 0 到 %(n)d 分") % {"n": most},
    }
    return told[BallotKind(kind)]
