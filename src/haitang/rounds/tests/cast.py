"""The round of the tests: a community's pot and the street's, three phases' days known, proposals by two residents."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.rounds import actions
from haitang.rounds.models import Phase, Pot, Proposal, Round
from haitang.rounds.values import (
    Appraisal,
    BallotRule,
    NewProposal,
    Permission,
    PotDraft,
    RoundDraft,
    SeatDraft,
    Task,
    default_phases,
)
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.people import Town
from haitang.voting import actions as voting
from haitang.voting.values import Permission as VotePermission
from haitang.voting.values import Voter

OFFICE = actor_with(*Permission, *VotePermission, account_id=900_051, name="社区办公室")
SECOND = actor_with(*VotePermission, account_id=900_052, name="监督员")
AUTHOR = Actor("林阿姨", id=900_061)
OTHER = Actor("周叔叔", id=900_062)
MEMBER = Actor("议事会成员", id=900_063)
BUDGET = 80_000_00


def draft(town: Town, **more: Any) -> RoundDraft:
    """Return a round of the street with a pot for the community and one for all, from TODAY on."""
    told: dict[str, Any] = {
        "title": "和谐微实事", "area_id": town.areas["street"],
        "pots": (PotDraft(town.areas["spring"], BUDGET), PotDraft(town.areas["street"], 50_000_00)),
        "phases": default_phases(TODAY), "ballot": BallotRule(most=3, seed="测试种子", takes_strangers=False),
    }  # fmt: skip
    return RoundDraft(**{**told, **more})


def opened(town: Town, **more: Any) -> Round:
    """Enter a round and publish it."""
    row = actions.keep_round(actor=OFFICE, draft=draft(town, **more), now=NOW)
    return actions.publish_round(actor=OFFICE, round_id=row.pk, now=NOW)


def pot_of(round_: Round, town: Town, word: str = "spring") -> Pot:
    """Return the pot of an area."""
    return Pot.objects.get(round=round_, area_id=town.areas[word])


def day_of(round_: Round, task: Task) -> datetime:
    """Return noon of the last day on which the round permits this."""
    days = [each.ends_on for each in Phase.objects.filter(round=round_) if task in each.tasks]
    return at_noon(max(days))


def at_noon(day: date) -> datetime:
    """Return noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=LOCAL)


def new(pot: Pot, town: Town, **more: Any) -> NewProposal:
    """Return a proposal as a resident hands it in."""
    told: dict[str, Any] = {
        "pot_id": pot.pk, "title": "楼道加装扶手", "words": "三个单元的老人上下楼不方便", "category": "为老",
        "area_id": town.areas["spring"], "cost_fen": 30_000_00, "name": "林阿姨", "phone": "13900020001",
        "place": "春和路 1 号",
    }  # fmt: skip
    return NewProposal(**{**told, **more})


def proposed(pot: Pot, town: Town, actor: Actor = AUTHOR, **more: Any) -> Proposal:
    """Hand a proposal in."""
    return actions.hand_in_proposal(actor=actor, new=new(pot, town, **more), now=NOW)


def admitted(pot: Pot, town: Town, actor: Actor = AUTHOR, exclusive: str = "", **more: Any) -> Proposal:
    """Hand a proposal in, admit it, and say what it costs."""
    row = proposed(pot, town, actor, **more)
    actions.admit_proposal(actor=OFFICE, proposal_id=row.pk, codes=["正1"], now=NOW)
    return actions.appraise_proposal(
        actor=OFFICE, proposal_id=row.pk, now=NOW,
        appraisal=Appraisal("feasible", row.cost_fen, town.desks["CHSQ"], "可以做", exclusive),
    )  # fmt: skip


def judge(pot: Pot, now: datetime, *, no: tuple[int, ...] = ()) -> Any:
    """Let a council of three judge what waits, two of them present: both for all but those named."""
    members = [SeatDraft("甲"), SeatDraft("乙"), SeatDraft("议事会成员", MEMBER.id)]
    sitting = actions.open_sitting(actor=OFFICE, pot_id=pot.pk, members=members, held_on=TODAY, now=now)
    first = sitting.seats.order_by("position").first()
    assert first is not None
    actions.mark_present(actor=OFFICE, sitting_id=sitting.pk, seat_ids=[first.pk], now=now)
    hands = {each.proposal_id: "no" if each.proposal_id in no else "yes" for each in sitting.agenda.all()}
    actions.note_hands(actor=OFFICE, sitting_id=sitting.pk, given={first.pk: hands}, now=now)
    actions.give_hand(actor=MEMBER, sitting_id=sitting.pk, hands=hands, now=now)
    return actions.close_sitting(actor=OFFICE, sitting_id=sitting.pk, now=now)


def voted(round_: Round, pot: Pot, ballots: list[dict[str, int]]) -> Pot:
    """Prepare the ballot of a pot, let people vote so, and count."""
    ready = day_of(round_, Task.REMARK)
    vote = actions.prepare_ballot(actor=OFFICE, pot_id=pot.pk, now=ready).vote
    assert vote is not None
    people = [Voter(f"居民{n}", f"1390003{n:04d}") for n in range(len(ballots) + 1)]
    voting.list_voters(actor=OFFICE, vote_id=vote.pk, voters=people, now=ready)
    sheets = voting.print_codes(actor=OFFICE, vote_id=vote.pk, now=ready)
    keys = [
        voting.propose_opening(actor=OFFICE, vote_id=vote.pk, now=ready),
        voting.confirm_opening(actor=SECOND, vote_id=vote.pk, now=ready),
    ]
    for sheet, marks in zip(sheets, ballots, strict=False):
        voting.cast_ballot(
            actor=OTHER, vote_id=vote.pk, code=sheet.code, marks=marks, now=vote.opens_at + timedelta(hours=9)
        )  # fmt: skip
    after = vote.closes_at + timedelta(hours=1)
    voting.propose_closing(actor=OFFICE, vote_id=vote.pk, now=after)
    voting.confirm_closing(actor=SECOND, vote_id=vote.pk, now=after)
    voting.count_vote(actor=OFFICE, vote_id=vote.pk, codes=keys, now=after)
    return actions.publish_outcome(actor=OFFICE, pot_id=pot.pk, now=after)


def without(actor: Actor, *permissions: str) -> Actor:
    """Return the actor without these permissions."""
    return replace(actor, grants=frozenset(each for each in actor.grants if each.permission not in permissions))
