"""The shapes of links in the API: what comes in, bounded and strict, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.alliances.lifecycle import AgreementDeed
from haitang.alliances.queries import LinkPage, LinkView
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    POINTS_MAX,
    TIMES_MAX,
    WORDS_LENGTH_MAX,
    NewAgreement,
    NewDuty,
    Side,
)
from haitang.core.schemas import Id, Schema, text

Code = Annotated[str, text(40, 1)]
Line = Annotated[str, text(LINE_LENGTH_MAX, 1)]
Words = Annotated[str, text(WORDS_LENGTH_MAX)]
SideIn = Literal[tuple(Side.values)]  # type: ignore[valid-type]  # choices come from an enum
Version = Annotated[int, Field(ge=0, le=32_767)] | None


class LinkIn(Schema):
    """A unit to be linked to a community, or to a street office."""

    unit_id: Id
    community_id: Id
    from_date: date


class ReleaseIn(Schema):
    """The end of a link."""

    to_date: date
    reason: Line


class DutyIn(Schema):
    """A duty. code: of the catalogue. times: within the year."""

    code: Code
    times: Annotated[int, Field(ge=0, le=TIMES_MAX)] = 1
    goal: Annotated[str, text(LINE_LENGTH_MAX)] = ""


class AgreementIn(Schema):
    """A year's agreement, drawn up for a side. version: as it was read, empty for a first one."""

    side: SideIn  # type: ignore[valid-type]  # choices come from an enum
    duties: Annotated[list[DutyIn], Field(min_length=1, max_length=100)]
    words: Words = ""
    version: Version = None

    def new(self, link_id: int, year: int) -> NewAgreement:
        """Return it as actions take it."""
        duties = tuple(NewDuty(each.code, each.times, each.goal) for each in self.duties)
        return NewAgreement(link_id, year, duties, self.words)


class ConfirmIn(Schema):
    """A yes for one side to the agreement as it was read."""

    side: SideIn  # type: ignore[valid-type]  # choices come from an enum
    version: Version = None


class ReturnIn(ConfirmIn):
    """A no for one side, with what is to be changed."""

    reason: Line


class ReasonIn(Schema):
    """Why."""

    reason: Line


class ContactIn(Schema):
    """A contact that was made. who: offices and numbers, no names needed. duty: code of the one fulfilled."""

    side: SideIn  # type: ignore[valid-type]  # choices come from an enum
    on: date
    who: Line
    what: Annotated[str, text(WORDS_LENGTH_MAX, 1)]
    duty: Annotated[str, text(40)] = ""


class EvaluationIn(Schema):
    """What one side says of the other. marks: points by the code of the criterion."""

    side: SideIn  # type: ignore[valid-type]  # choices come from an enum
    marks: dict[Code, Annotated[int, Field(ge=0, le=POINTS_MAX)]]
    words: Words = ""


class LinkOut(NinjaSchema):
    """A link and its year. percent: what each side said of the other, by the side that spoke."""

    id: int
    number: str
    unit_id: int
    unit: str
    community_id: int
    community: str
    area: str
    from_date: date
    to_date: date | None
    year: int
    stage: str
    waits_for: str
    contacts: int
    last_contact: date | None
    percent: dict[str, int]


class LinkListOut(NinjaSchema):
    """A page of links."""

    items: list[LinkOut]
    total: int | None
    next_cursor: str | None


class DutyOut(NinjaSchema):
    """A duty, and how many contacts of the year fulfil it."""

    code: str
    group: str
    name: str
    owed: str
    times: int
    goal: str
    made: int


class ContactOut(NinjaSchema):
    """A contact."""

    id: int
    on: date
    side: str
    who: str
    what: str
    duty: str


class EvaluationOut(NinjaSchema):
    """What a side said of the other."""

    side: str
    given: int
    of: int
    band: str
    marks: list[dict[str, Any]]
    words: str
    at: datetime


class LinkDetailOut(LinkOut):
    """A link with its year in full. deeds: (deed, side) that may be done now."""

    version: int | None
    words: str
    reason: str
    duties: list[DutyOut]
    contact_list: list[ContactOut]
    evaluations: list[EvaluationOut]
    deeds: list[tuple[AgreementDeed, Side]]


class LineOut(NinjaSchema):
    """A duty or a criterion. kind: duty, of_unit or of_community. times: of a duty; points: of a criterion."""

    kind: str
    code: str
    name: str
    group: str
    owed: str
    times: int
    points: int
    words: str
    source: str


class AreaTallyOut(NinjaSchema):
    """The links of one area, by standing."""

    code: str
    name: str
    counts: dict[str, int]


class LinkTallyOut(NinjaSchema):
    """Links by how they stand in a year, `all` for all of them; areas: directly below the area asked for."""

    year: int
    counts: dict[str, int]
    areas: list[AreaTallyOut]


class LinkFileOut(NinjaSchema):
    """A sheet of links. sound: rows that can be, or were, taken in; reasons: line and why not, of the others."""

    id: int
    year: int
    file_name: str
    rows: int
    sound: int
    reasons: list[tuple[int, str]]
    brought_at: datetime
    taken_at: datetime | None


def link_file_out(row: Any) -> dict[str, Any]:
    """Return a sheet of links as the API prints it."""
    return {name: getattr(row, name) for name in LinkFileOut.model_fields}


def link_out(view: LinkView, year: int) -> dict[str, Any]:
    """Return a link as the API prints it."""
    row, agreement = view.row, view.agreement
    return {
        "id": row.pk, "number": row.number, "unit_id": row.unit_id, "unit": view.unit_name,
        "community_id": row.community_id, "community": view.community_name, "area": view.area_name,
        "from_date": row.link.from_date, "to_date": row.link.to_date, "year": year,
        "stage": agreement.stage if agreement else "", "waits_for": agreement.waits_for if agreement else "",
        "contacts": view.contacts, "last_contact": view.last, "percent": view.percent,
    }  # fmt: skip


def link_detail_out(page: LinkPage, year: int) -> dict[str, Any]:
    """Return a link with its year in full."""
    agreement = page.view.agreement
    return link_out(page.view, year) | {
        "version": agreement.version if agreement else None, "words": agreement.words if agreement else "",
        "reason": agreement.reason if agreement else "",
        "duties": [
            {
                **{name: getattr(each.row, name) for name in ("code", "group", "name", "owed", "times", "goal")},
                "made": each.made,
            }
            for each in page.duties
        ],
        "contact_list": [
            {name: getattr(each, name) for name in ("id", "on", "side", "who", "what", "duty")}
            for each in page.contacts
        ],
        "evaluations": [
            {
                **{name: getattr(each.row, name) for name in ("side", "given", "of", "marks", "words", "at")},
                "band": each.band,
            }
            for each in page.judgements.values()
        ],
        "deeds": page.deeds,
    }  # fmt: skip
