"""The shapes of the API's patrols and visits: what comes in, bounded and strict, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Id, Schema, text
from haitang.patrols.lifecycle import OUTCOMES
from haitang.patrols.queries import DisputePage, HazardView, RoundPage, RoundView
from haitang.patrols.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Level,
    NeedKind,
    NewHazard,
    PartyRole,
    Result,
)

Words = Annotated[str, text(WORDS_LENGTH_MAX, 1)]
Code = Annotated[str, text(40, 1)]


class HazardIn(Schema):
    """A hazard as it is found. until_on: empty for the day that follows from its level."""

    words: Words
    level: Literal[tuple(Level.values)] = Level.GENERAL.value  # type: ignore[valid-type]  # choices come from an enum
    place: Annotated[str, text(PLACE_LENGTH_MAX)] = ""
    responsible: Annotated[str, text(NAME_LENGTH_MAX)] = ""
    until_on: date | None = None

    def new(self) -> NewHazard:
        """Return it as actions take it."""
        return NewHazard(self.words, self.level, self.place, self.responsible, None, self.until_on)


class NewHazardIn(HazardIn):
    """A hazard found outside of any checklist."""

    area_code: Code


class ItemIn(Schema):
    """What was found about an item. seen: the result that stood there, empty for none."""

    result: Literal[tuple(Result.values)]  # type: ignore[valid-type]  # choices come from an enum
    seen: Annotated[str, text(20)] = ""
    words: Annotated[str, text(WORDS_LENGTH_MAX)] = ""
    hazard: HazardIn | None = None


class WordsIn(Schema):
    """What was done, or seen."""

    words: Words


class RecheckIn(WordsIn):
    """Whether it was put right."""

    passed: bool


class NeedIn(Schema):
    """Something that a household asks for."""

    words: Words
    kind: Literal[tuple(NeedKind.values)] = NeedKind.CASE.value  # type: ignore[valid-type]  # choices come from an enum


class VisitIn(Schema):
    """One entry for everything that a visit brings. entry_key: made by the client; sent again, it is the same visit."""

    entry_key: UUID
    area_code: Code
    room: Annotated[str, text(50, 1)]
    words: Annotated[str, text(WORDS_LENGTH_MAX)] = ""
    consented: bool = False
    answers: Annotated[dict[Code, Annotated[str, text(PLACE_LENGTH_MAX)]], Field(max_length=20)] = {}
    changed: Annotated[dict[Code, Annotated[str, text(PLACE_LENGTH_MAX)]], Field(max_length=20)] = {}
    confirmed: Annotated[list[Code], Field(max_length=20)] = []
    needs: Annotated[list[NeedIn], Field(max_length=5)] = []
    hazard: HazardIn | None = None


class AskedIn(Schema):
    """A form of another system is about to ask a household for fields."""

    area_code: Code
    room: Annotated[str, text(50, 1)]
    form: Annotated[str, text(50, 1)]
    fields: Annotated[list[Code], Field(min_length=1, max_length=20)]


class PartyIn(Schema):
    """One side of a dispute, as they said."""

    role: Literal[tuple(PartyRole.values)]  # type: ignore[valid-type]  # choices come from an enum
    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    phone: Annotated[str, text(20)] = ""


class NewDisputeIn(Schema):
    """A quarrel to be taken up. kind: one of the setting `dispute_kinds`."""

    area_code: Code
    kind: Code
    matter: Words
    place: Annotated[str, text(PLACE_LENGTH_MAX)] = ""
    is_confidential: bool = False
    parties: Annotated[list[PartyIn], Field(min_length=2, max_length=10)]


class MediatorIn(Schema):
    """Who mediates besides."""

    account_id: Id


class SessionIn(WordsIn):
    """A meeting of the parties. on: not after today."""

    on: date


class ConcludeIn(WordsIn):
    """How a dispute ends. words: the agreement's text, or why there is none."""

    status: Literal[tuple(each.value for each in OUTCOMES)]  # type: ignore[valid-type]  # choices come from an enum


class FollowUpIn(WordsIn):
    """Whether an agreement is kept."""

    is_kept: bool


class ReasonIn(Schema):
    """Why somebody looks."""

    reason: Words


class AskedOut(NinjaSchema):
    """For each field whether the household has told it already, so that it need not be asked."""

    known: dict[str, bool]


class CreatedOut(NinjaSchema):
    """The id of what was made."""

    id: int


class RoundOut(NinjaSchema):
    """A checklist of a grid in a month."""

    id: int
    code: str
    name: str
    version: int
    area_id: int
    month: date
    due_on: date
    items_total: int
    items_done: int
    hazards: int
    finished_on: date | None


class ItemOut(NinjaSchema):
    """An item with what was found; result is empty while nobody has looked."""

    key: str
    text: str
    level: str
    result: str
    words: str
    hazard_id: int | None


class RoundDetailOut(RoundOut):
    """A checklist with its items."""

    items: list[ItemOut]


class HazardOut(NinjaSchema):
    """A hazard."""

    id: int
    number: str
    area_id: int
    level: str
    status: str
    words: str
    place: str
    responsible: str
    until_on: date
    closed_on: date | None
    case_id: int | None


class HazardPageOut(NinjaSchema):
    """A page of hazards."""

    rows: list[HazardOut]
    total: int | None
    next: str
    previous: str


class VisitOut(NinjaSchema):
    """What came of a visit."""

    id: int
    cases: list[int]
    hazards: list[int]
    learned: list[str]


class DisputeOut(NinjaSchema):
    """A dispute in a list."""

    id: int
    number: str
    area_id: int
    kind: str
    status: str
    matter: str
    place: str
    is_confidential: bool
    opened_at: datetime
    concluded_on: date | None
    case_id: int | None


class DisputePageOut(NinjaSchema):
    """A page of disputes."""

    rows: list[DisputeOut]
    total: int | None
    next: str
    previous: str


class PartyOut(NinjaSchema):
    """A party, name and telephone masked."""

    role: str
    name: str
    phone: str


class FullPartyOut(PartyOut):
    """A party in full."""


class MediatorOut(NinjaSchema):
    """Who mediates."""

    account_id: int
    name: str


class SessionOut(NinjaSchema):
    """A meeting of the parties."""

    on: date
    words: str


class FollowUpOut(NinjaSchema):
    """A day on which the agreement is asked about. is_kept, done_on: empty until then."""

    id: int
    due_on: date
    done_on: date | None
    is_kept: bool | None
    words: str


class DisputeDetailOut(DisputeOut):
    """A dispute with all that belongs to it."""

    outcome_words: str
    parties: list[PartyOut]
    mediators: list[MediatorOut]
    sessions: list[SessionOut]
    follow_ups: list[FollowUpOut]


def round_out(view: RoundView) -> dict[str, Any]:
    """Return a round as RoundOut."""
    row = view.round
    return {
        "id": row.pk, "code": row.code, "name": view.checklist.name, "version": view.checklist.version,
        "area_id": row.area_id, "month": row.month, "due_on": row.due_on, "items_total": row.items_total,
        "items_done": row.items_done, "hazards": row.hazards, "finished_on": row.finished_on,
    }  # fmt: skip


def round_detail_out(page: RoundPage) -> dict[str, Any]:
    """Return a round as RoundDetailOut."""
    items = [
        {
            "key": line.item.key, "text": line.item.text, "level": line.item.level,
            "result": line.result.result if line.result else "", "words": line.result.words if line.result else "",
            "hazard_id": line.result.hazard_id if line.result else None,
        }
        for line in page.lines
    ]  # fmt: skip
    return {**round_out(page.view), "items": items}


def hazard_out(view: HazardView) -> dict[str, Any]:
    """Return a hazard as HazardOut."""
    row = view.hazard
    shown = ("area_id", "level", "status", "words", "place", "responsible", "until_on", "closed_on", "case_id")
    return {
        "number": row.number, "id": row.pk,
        **{name: getattr(row, name) for name in shown},
    }  # fmt: skip


def dispute_out(row: Any) -> dict[str, Any]:
    """Return a dispute as DisputeOut."""
    shown = (
        "number", "area_id", "kind", "status", "matter", "place", "is_confidential", "opened_at", "concluded_on",
        "case_id",
    )  # fmt: skip
    return {"id": row.pk, **{name: getattr(row, name) for name in shown}}


def dispute_detail_out(page: DisputePage) -> dict[str, Any]:
    """Return a dispute as DisputeDetailOut."""
    return {
        **dispute_out(page.dispute),
        "outcome_words": page.dispute.outcome_words,
        "parties": [{"role": each.role, "name": each.name, "phone": each.phone} for each in page.parties],
        "mediators": [{"account_id": each.account_id, "name": each.name} for each in page.mediators],
        "sessions": [{"on": each.on, "words": each.words} for each in page.sessions],
        "follow_ups": [
            {
                "id": each.pk, "due_on": each.due_on, "done_on": each.done_on, "is_kept": each.is_kept,
                "words": each.words,
            }
            for each in page.follow_ups
        ],
    }  # fmt: skip
