"""A vote prepared, opened by two people, closed by two people."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, require
from haitang.core.clock import LOCAL
from haitang.territory.queries import territory
from haitang.voting import policies
from haitang.voting.actions.shared import lock_vote, told
from haitang.voting.facts import ClosingProposed, OpeningProposed, VoteClosed, VoteOpened, VotePrepared
from haitang.voting.lifecycle import BEFORE, Status
from haitang.voting.models import Entry, Vote
from haitang.voting.queries import entitled_to
from haitang.voting.values import (
    COST_FEN_MAX,
    MARKS_MAX,
    METHODS,
    NAME_LENGTH_MAX,
    OPTIONS_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BadVote,
    BallotKind,
    Basis,
    Both,
    Cap,
    OptionDraft,
    Permission,
    VotePlan,
    WrongVoteState,
    digest_of,
    new_key_code,
    new_secret,
    public_half,
)

_TIES = {"votes", "cheaper", "dearer", "earlier", "lot"}
_SEED_LENGTH = 20


@transaction.atomic
def keep_vote(*, actor: Actor, plan: VotePlan, vote_id: int | None = None, now: datetime) -> Vote:
    """
    Prepare a vote, or change one that has not opened: one proposed for opening has to be proposed anew.

    A seed for lots is drawn where none is given. Raises NotAllowed, VoteNotFound, WrongVoteState, BadVote.
    """
    area = territory().get(plan.area_id)
    if area is None:
        raise BadVote(_("请选择区域"), {"area": _("请选择区域")})
    row = Vote() if vote_id is None else lock_vote(vote_id)
    if vote_id is not None:
        policies.check_may(actor, Permission.PREPARE, row)
        policies.check_in(row, BEFORE)
    require(actor, Permission.PREPARE, area_path=area.path)
    _check_plan(plan)
    row.title, row.words, row.area_id, row.area_ids = plan.title.strip(), plan.words.strip(), area.id, list(area.ids)
    row.kind, row.basis, row.both, row.takes_strangers = plan.kind, plan.basis, plan.both, plan.takes_strangers
    row.opens_at, row.closes_at = plan.opens_at, plan.closes_at
    row.status, row.first_id, row.key_one, row.digest = Status.DRAFT, None, b"", ""
    row.paper = _paper(plan, area.name)
    row.save()
    history.record(actor=actor, fact=VotePrepared(row.pk, row.title), at=now, audience=told(row))
    return row


def _paper(plan: VotePlan, area_name: str) -> dict[str, Any]:
    return {
        "title": plan.title.strip(), "words": plan.words.strip(), "area": area_name, "kind": str(plan.kind),
        "basis": str(plan.basis), "both": str(plan.both), "takes_strangers": plan.takes_strangers,
        "least": plan.least, "most": plan.most, "winners": plan.winners, "budget": plan.budget_fen,
        "options": [
            {"id": str(at), "title": each.title.strip(), "words": each.words.strip(), "cost": each.cost_fen or 0,
             "category": each.category.strip(), "area": each.area_name.strip()}
            for at, each in enumerate(plan.options, start=1)
        ],
        "rule": {
            "method": plan.method, "ties": list(plan.ties), "seed": plan.seed.strip() or new_secret(_SEED_LENGTH),
            "least_votes": plan.least_votes, "turnout_percent": plan.turnout_percent,
            "excluding": [[str(number) for number in each] for each in plan.excluding],
            "caps": [
                {"kind": each.kind, "value": each.value, "cost": each.cost_fen, "count": each.count}
                for each in plan.caps
            ],
        },
        "opens_at": plan.opens_at.astimezone(LOCAL).isoformat(),
        "closes_at": plan.closes_at.astimezone(LOCAL).isoformat(),
    }  # fmt: skip


def _check_plan(plan: VotePlan) -> None:
    faults = {}
    if not 1 <= len(plan.title.strip()) <= TITLE_LENGTH_MAX or len(plan.words) > WORDS_LENGTH_MAX:
        faults["title"] = _("请填写标题，不超过 %(n)d 个字") % {"n": TITLE_LENGTH_MAX}
    if plan.kind not in BallotKind.values or plan.basis not in Basis.values or plan.both not in Both.values:
        faults["kind"] = _("请选择投票方式")
    if not 1 <= len(plan.options) <= OPTIONS_MAX or not all(map(_is_sound, plan.options)):
        faults["options"] = _("请填写 1 到 %(n)d 个选项，每项有名称") % {"n": OPTIONS_MAX}
    if not (0 <= plan.least <= plan.most <= MARKS_MAX and plan.most >= 1 and plan.winners >= 1):
        faults["most"] = _("最少不能多于最多")
    if plan.method not in METHODS or not set(plan.ties) <= _TIES or "lot" not in plan.ties:
        faults["method"] = _("请选择计票规则")
    if not 0 <= plan.turnout_percent <= 100 or plan.least_votes < 0:
        faults["turnout_percent"] = _("比例应为 0 到 100")
    if not all(_is_bound(each) for each in plan.caps) or not all(
        len(set(each)) > 1 and all(1 <= number <= len(plan.options) for number in each) for each in plan.excluding
    ):
        faults["caps"] = _("限额或互斥的选项不正确")
    priced = [each for each in plan.options if each.cost_fen]
    if plan.budget_fen < 0 or (plan.budget_fen and len(priced) != len(plan.options)):
        faults["options"] = _("有预算的投票，每个选项都要写造价")
    if plan.kind == BallotKind.KNAPSACK and not plan.budget_fen:
        faults["budget"] = _("在预算内选的投票要写预算")
    if plan.closes_at <= plan.opens_at:
        faults["closes_at"] = _("截止时间应在开始时间之后")
    if faults:
        raise BadVote(_("投票填写不完整"), faults)


def _is_bound(cap: Cap) -> bool:
    numbers = [each for each in (cap.cost_fen, cap.count) if each is not None]
    return cap.kind in ("category", "district") and bool(cap.value) and bool(numbers) and min(numbers) >= 0


def _is_sound(option: OptionDraft) -> bool:
    return (
        1 <= len(option.title.strip()) <= TITLE_LENGTH_MAX
        and len(option.words) <= WORDS_LENGTH_MAX
        and len(option.category) <= NAME_LENGTH_MAX
        and len(option.area_name) <= NAME_LENGTH_MAX
        and 0 <= (option.cost_fen or 0) <= COST_FEN_MAX
    )


@transaction.atomic
def propose_opening(*, actor: Actor, vote_id: int, now: datetime) -> str:
    """
    Propose to open the vote; return the first key's code, shown this once and kept nowhere.

    Raises NotAllowed, VoteNotFound, WrongVoteState, BadVote (nobody could vote, a home is missing, the end is past).
    """
    vote = lock_vote(vote_id)
    policies.check_may(actor, Permission.ADMINISTER, vote)
    policies.check_in(vote, [Status.DRAFT])
    if vote.closes_at <= now:
        raise BadVote(_("截止时间已过，请先修改"), {"closes_at": _("截止时间已过，请先修改")})
    if not vote.takes_strangers and not Entry.objects.filter(vote=vote).exists():
        raise BadVote(_("名册还是空的，没有人可以投票"))
    if vote.basis == Basis.HOUSEHOLD and (number := _homeless(vote)):
        raise BadVote(_("每户一票，名册第 %(n)d 号没有住址") % {"n": number})
    code = new_key_code()
    vote.key_one, vote.first_id, vote.status = public_half(code), actor.id, Status.PROPOSED
    vote.save(update_fields=["key_one", "first_id", "status"])
    history.record(actor=actor, fact=OpeningProposed(vote.pk, digest_of(vote.paper)), at=now, audience=told(vote))
    return code


def _homeless(vote: Vote) -> int:
    found = Entry.objects.filter(vote=vote, household_index=b"").order_by("number").values_list("number", flat=True)
    return found.first() or 0


@transaction.atomic
def confirm_opening(*, actor: Actor, vote_id: int, now: datetime) -> str:
    """
    Open the vote as its second administrator; return the second key's code, shown this once and kept nowhere.

    From here on nothing of the paper changes; its digest stands in the history. Raises NotAllowed, VoteNotFound,
    WrongVoteState, SamePerson, BadVote.
    """
    vote = lock_vote(vote_id)
    policies.check_may(actor, Permission.ADMINISTER, vote)
    policies.check_in(vote, [Status.PROPOSED])
    policies.check_second(actor, vote)
    if vote.closes_at <= now:
        raise BadVote(_("截止时间已过，请先修改"), {"closes_at": _("截止时间已过，请先修改")})
    code = new_key_code()
    vote.key_two = public_half(code)
    vote.paper = {
        **vote.paper, "vote": vote.pk, "listed": entitled_to(vote),
        "keys": [bytes(vote.key_one).hex(), bytes(vote.key_two).hex()],
    }  # fmt: skip
    vote.digest, vote.status, vote.opened_at, vote.first_id = digest_of(vote.paper), Status.OPEN, now, None
    vote.save(update_fields=["key_two", "paper", "digest", "status", "opened_at", "first_id"])
    history.record(actor=actor, fact=VoteOpened(vote.pk, vote.digest), at=now, audience=told(vote))
    return code


@transaction.atomic
def propose_closing(*, actor: Actor, vote_id: int, now: datetime) -> None:
    """Propose to close the vote, once its published end is past. Raises NotAllowed, VoteNotFound, WrongVoteState."""
    vote = lock_vote(vote_id, shared=True)
    policies.check_may(actor, Permission.ADMINISTER, vote)
    policies.check_in(vote, [Status.OPEN])
    if now < vote.closes_at:
        raise WrongVoteState(_("还没到公布的截止时间，不能提前截止"))
    vote.status, vote.first_id = Status.CLOSING, actor.id
    vote.save(update_fields=["status", "first_id"])
    history.record(actor=actor, fact=ClosingProposed(vote.pk), at=now, audience=told(vote))


@transaction.atomic
def confirm_closing(*, actor: Actor, vote_id: int, now: datetime) -> None:
    """Close the vote as its second administrator. Raises NotAllowed, VoteNotFound, WrongVoteState, SamePerson."""
    vote = lock_vote(vote_id)
    policies.check_may(actor, Permission.ADMINISTER, vote)
    policies.check_in(vote, [Status.CLOSING])
    policies.check_second(actor, vote)
    vote.status, vote.closed_at = Status.CLOSED, now
    vote.save(update_fields=["status", "closed_at"])
    history.record(actor=actor, fact=VoteClosed(vote.pk), at=now, audience=told(vote))
