"""The shapes of the API's patrols and visits: what comes in, bounded and strict, and what goes out."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Schema, text
from haitang.patrols.queries import HazardView, RoundPage, RoundView
from haitang.patrols.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Level,
    NeedKind,
    NewHazard,
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
