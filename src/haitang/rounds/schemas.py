"""The shapes in which rounds and proposals enter and leave the API. Amounts are whole fen, days ISO 8601."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema as Out
from pydantic import Field

from haitang.core.schemas import Id, Schema, text
from haitang.rounds.queries import OutcomeLine, PotLine, RoundLine
from haitang.rounds.values import (
    AMOUNT_MAX,
    CO_PROPOSERS_MAX,
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Appraisal,
    Channel,
    Feasibility,
    NewProposal,
)

Code = Annotated[str, text(20, 1)]
Words = Annotated[str, text(WORDS_LENGTH_MAX, 1)]
Amount = Annotated[int, Field(ge=1, le=AMOUNT_MAX)]


class ProposalIn(Schema):
    """A proposal. channel: "online" for one's own; "paper" and "phone" take the permission to enter for others."""

    pot: Id
    title: Annotated[str, text(TITLE_LENGTH_MAX, 1)]
    words: Words
    category: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    area: Id
    cost: Amount
    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    phone: Annotated[str, text(30, 1)]
    place: Annotated[str, text(PLACE_LENGTH_MAX)] = ""
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    co_proposers: Annotated[list[Annotated[str, text(NAME_LENGTH_MAX, 1)]], Field(max_length=CO_PROPOSERS_MAX)] = []
    channel: Literal[tuple(Channel.values)] = Channel.ONLINE.value  # type: ignore[valid-type]  # from an enum

    def new(self) -> NewProposal:
        """Return it as actions take it."""
        return NewProposal(
            pot_id=self.pot, title=self.title, words=self.words, category=self.category, area_id=self.area,
            cost_fen=self.cost, name=self.name, phone=self.phone, place=self.place, lon=self.lon, lat=self.lat,
            co_proposers=tuple(self.co_proposers),
        )  # fmt: skip


class AdmissionIn(Schema):
    """The clauses of the positive list that a proposal meets."""

    codes: Annotated[list[Code], Field(min_length=1, max_length=50)]


class RefusalIn(Schema):
    """Why a proposal is refused, with the clauses of the negative list that it meets."""

    codes: Annotated[list[Code], Field(max_length=50)] = []
    reason: Words


class AppraisalIn(Schema):
    """The officer's opinion. price: None only where it cannot be done. organization: who would carry it out."""

    feasibility: Literal[tuple(Feasibility.values)]  # type: ignore[valid-type]  # choices from an enum
    opinion: Annotated[str, text(WORDS_LENGTH_MAX)] = ""
    price: Amount | None = None
    organization: Id
    exclusive: Annotated[str, text(20)] = ""

    def appraisal(self) -> Appraisal:
        """Return it as the action takes it."""
        return Appraisal(self.feasibility, self.price, self.organization, self.opinion, self.exclusive)


class ReasonIn(Schema):
    """A reason."""

    reason: Words


class PhaseOut(Out):
    """A phase. tasks: what it permits."""

    name: str
    begins_on: date
    ends_on: date
    tasks: list[str]


class PotOut(Out):
    """Money of a round. vote: its id, once it was opened. published: whether the outcome is."""

    id: int
    area: str
    budget: int
    proposals: int
    vote: int | None
    published: bool


class RoundOut(Out):
    """A round in a list. now: phases that last today."""

    id: int
    title: str
    area: str
    now: list[str]
    proposals: int


class RoundPageOut(RoundOut):
    """A round with its phases, money and the rule of its votes."""

    words: str
    phases: list[PhaseOut]
    pots: list[PotOut]
    rule: dict[str, Any]


class ProposalOut(Out):
    """A proposal as anybody may read it. price: the officer's, None before. result: empty before the count."""

    id: int
    round: int
    pot: int
    number: int
    title: str
    words: str
    category: str
    area: str
    place: str
    lon: float | None
    lat: float | None
    cost: int
    price: int | None
    status: str
    feasibility: str
    opinion: str
    clauses: list[dict[str, Any]]
    into: int | None
    result: dict[str, Any]
    why: str
    project: int | None


class OutcomeOut(Out):
    """What became of a project in the vote. place: in the order of choice, 0 where it was not chosen."""

    proposal: int
    title: str
    place: int
    votes: int
    total: int
    cost: int
    why: str


class PotOutcomeOut(Out):
    """What came of the vote about a pot. fairness: numbers as published, money in fen."""

    pot: int
    area: str
    budget: int
    fairness: dict[str, Any]
    projects: list[OutcomeOut]


def round_out(line: RoundLine) -> dict[str, Any]:
    """Print a round in a list."""
    row = line.round
    return {"id": row.pk, "title": row.title, "area": row.area.name, "now": list(line.now), "proposals": line.proposals}


def pot_out(line: PotLine) -> dict[str, Any]:
    """Print a pot."""
    pot = line.pot
    opened = pot.vote is not None and pot.vote.opened_at is not None
    return {
        "id": pot.pk, "area": pot.area.name, "budget": pot.budget_fen, "proposals": line.proposals,
        "vote": pot.vote_id if opened else None, "published": pot.published_at is not None,
    }  # fmt: skip


def round_page_out(line: RoundLine, phases: Any, pots: list[PotLine]) -> dict[str, Any]:
    """Print a round with all that is published of it."""
    told = [
        {"name": each.name, "begins_on": each.begins_on, "ends_on": each.ends_on, "tasks": list(each.tasks)}
        for each in phases
    ]
    return {
        **round_out(line), "words": line.round.words, "phases": told, "pots": [pot_out(each) for each in pots],
        "rule": line.round.ballot,
    }  # fmt: skip


def proposal_out(row: Any, why: str = "") -> dict[str, Any]:
    """Print what anybody may read of a proposal."""
    return {
        "id": row.pk, "round": row.round_id, "pot": row.pot_id, "number": row.number, "title": row.title,
        "words": row.words, "category": row.category, "area": row.area.name, "place": row.place, "lon": row.lon,
        "lat": row.lat, "cost": row.cost_fen, "price": row.price_fen, "status": row.status,
        "feasibility": row.feasibility, "opinion": row.opinion, "clauses": row.clauses, "into": row.into_id,
        "result": row.result, "why": why, "project": row.project_id,
    }  # fmt: skip


def pot_outcome_out(pot: Any, lines: list[OutcomeLine]) -> dict[str, Any]:
    """Print what came of the vote about a pot."""
    projects = [
        {"proposal": line.proposal.pk, "title": line.proposal.title, "place": line.place, "votes": line.votes,
         "total": line.total, "cost": line.proposal.asked_fen, "why": line.why}
        for line in lines
    ]  # fmt: skip
    told = {"pot": pot.pk, "area": pot.area.name, "budget": pot.budget_fen, "fairness": pot.outcome}
    return {**told, "projects": projects}
