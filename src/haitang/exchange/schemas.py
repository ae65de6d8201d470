"""The shapes of the API of the three lists: what comes in, bounded and strict, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Id, Schema, text
from haitang.exchange.lifecycle import AgreementDeed
from haitang.exchange.queries import AgreementView, EntryView, GapLine, Proposal, Tally, WholePlan, rules
from haitang.exchange.values import (
    CAPACITY_MAX,
    COST_FEN_MAX,
    NAME_LENGTH_MAX,
    PEOPLE_MAX,
    PLACE_LENGTH_MAX,
    STARS_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Hours,
    NewNeed,
    NewOrder,
    NewResource,
    Repeats,
    Side,
    Terms,
)
from haitang.territory.queries import territory

Code = Annotated[str, text(40, 1)]
Title = Annotated[str, text(TITLE_LENGTH_MAX, 1)]
Words = Annotated[str, text(WORDS_LENGTH_MAX)]
People = Annotated[int, Field(ge=1, le=PEOPLE_MAX)]
HoursIn = Annotated[list[Hours], Field(max_length=3)]
SideIn = Literal[tuple(Side.values)]  # type: ignore[valid-type]  # choices come from an enum


class NeedIn(Schema):
    """A need. category, batch (the round of collecting): by code.

    organization_id: who asks, empty for the community that serves the area.
    """

    title: Title
    category: Code
    area_code: Code
    words: Words = ""
    beneficiaries: Annotated[str, text(NAME_LENGTH_MAX)] = ""
    place: Annotated[str, text(PLACE_LENGTH_MAX)] = ""
    people: People = 1
    hours: HoursIn = []
    wished_by: date | None = None
    organization_id: Id | None = None
    contact_name: Annotated[str, text(NAME_LENGTH_MAX)] = ""
    contact_phone: Annotated[str, text(NAME_LENGTH_MAX)] = ""
    batch: Annotated[str, text(40)] = ""

    def new(self) -> NewNeed:
        """Return it as actions take it."""
        given = self.model_dump(exclude={"batch", "hours"})
        return NewNeed(**given, hours=tuple(each.value for each in self.hours), round_code=self.batch)


class ResourceIn(Schema):
    """A resource. capacity: how many times it can be had. people_max, cost_fen: each time; 0 people for no limit."""

    title: Title
    category: Code
    area_code: Code
    organization_id: Id
    words: Words = ""
    capacity: Annotated[int, Field(ge=1, le=CAPACITY_MAX)] = 1
    people_max: Annotated[int, Field(ge=0, le=PEOPLE_MAX)] = 0
    hours: HoursIn = []
    from_date: date | None = None
    until_date: date | None = None
    repeats: Literal[tuple(Repeats.values)] = Repeats.ON_CALL.value  # type: ignore[valid-type]  # choices come from an enum
    cost_fen: Annotated[int, Field(ge=0, le=COST_FEN_MAX)] = 0
    batch: Annotated[str, text(40)] = ""

    def new(self) -> NewResource:
        """Return it as actions take it."""
        given = self.model_dump(exclude={"batch", "hours"})
        return NewResource(**given, hours=tuple(each.value for each in self.hours), round_code=self.batch)


class ReasonIn(Schema):
    """Why."""

    reason: Annotated[str, text(PLACE_LENGTH_MAX, 1)]


class TermsIn(Schema):
    """What is agreed on."""

    on: date | None = None
    people: People = 1
    words: Words = ""

    def terms(self) -> Terms:
        """Return it as actions take it."""
        return Terms(self.on, self.people, self.words)


class OrderIn(TermsIn):
    """An order. need_id: empty for a resource ordered without a need, then area_code says where. side: who orders."""

    resource_id: Id
    need_id: Id | None = None
    area_code: Annotated[str, text(40)] = ""
    side: SideIn = Side.COMMUNITY.value  # type: ignore[valid-type]  # choices come from an enum

    def order(self) -> NewOrder:
        """Return it as actions take it."""
        return NewOrder(self.resource_id, self.need_id, self.area_code, self.terms())


class ConfirmIn(Schema):
    """A yes for one side, to the terms of that version as they stand, or to other ones."""

    side: SideIn  # type: ignore[valid-type]  # choices come from an enum
    version: Annotated[int, Field(ge=1, le=32_767)] | None = None
    terms: TermsIn | None = None


class DeclineIn(ReasonIn):
    """A no for one side."""

    side: SideIn  # type: ignore[valid-type]  # choices come from an enum


class DeedIn(Schema):
    """A deed of one side, with words or without."""

    side: SideIn  # type: ignore[valid-type]  # choices come from an enum
    words: Annotated[str, text(PLACE_LENGTH_MAX)] = ""


class EvaluationIn(DeedIn):
    """What one side says of the other."""

    stars: Annotated[int, Field(ge=1, le=STARS_MAX)]


class EntryOut(NinjaSchema):
    """What needs and resources have in common."""

    id: int
    number: str
    title: str
    words: str
    category: str
    area_code: str
    area: str
    hours: list[str]
    status: str
    organization_id: int | None
    organization: str
    entered_at: datetime


class NeedOut(EntryOut):
    """A need, without who asks."""

    beneficiaries: str
    place: str
    people: int
    wished_by: date | None


class ResourceOut(EntryOut):
    """A resource. left: how many times it can still be ordered."""

    capacity: int
    left: int
    people_max: int
    from_date: date | None
    until_date: date | None
    repeats: str
    cost_fen: int


class GapOut(NinjaSchema):
    """Why nothing has come of a need or a resource. days: since it was published. why: of `values.Gap`.

    candidates: how many fit it and are free. full: how many fit it and are taken. failed: orders that came to nothing,
    the last of them for last_reason.
    """

    days: int
    why: str
    candidates: int
    full: int
    failed: int
    last_reason: str


class UnmetOut(GapOut):
    """A need that no agreement stands for."""

    need: NeedOut


class UnusedOut(GapOut):
    """A resource that nobody has ordered."""

    resource: ResourceOut


class UnmetPageOut(NinjaSchema):
    """A page of needs that nobody met, the longest waiting first."""

    items: list[UnmetOut]
    total: int | None
    next_cursor: str | None


class UnusedPageOut(NinjaSchema):
    """A page of resources that nobody asked for, the longest waiting first."""

    items: list[UnusedOut]
    total: int | None
    next_cursor: str | None


class AgreementOut(NinjaSchema):
    """An agreement. waits_for: the side that has not said yes yet, "" for none. project: its number, "" for none."""

    id: int
    number: str
    need_id: int | None
    need: str
    resource_id: int
    resource: str
    community: str
    organization_id: int
    organization: str
    stage: str
    waits_for: str
    version: int
    on: date | None
    people: int
    words: str
    ordered_at: datetime
    answer_by: datetime
    delivered_on: date | None
    project_id: int | None
    project: str
    project_status: str
    deeds: list[tuple[AgreementDeed, Side]] = []


class NeedPageOut(NinjaSchema):
    """A page of needs."""

    items: list[NeedOut]
    total: int | None
    next_cursor: str | None


class ResourcePageOut(NinjaSchema):
    """A page of resources."""

    items: list[ResourceOut]
    total: int | None
    next_cursor: str | None


class AgreementPageOut(NinjaSchema):
    """A page of agreements."""

    items: list[AgreementOut]
    total: int | None
    next_cursor: str | None


class ProposalOut(NinjaSchema):
    """A resource proposed for a need. fit: 0 to 100. reasons: finished sentences."""

    need_id: int
    need: str
    resource_id: int
    resource: str
    organization: str
    fit: int
    reasons: list[str]


class PlanOut(NinjaSchema):
    """The best whole plan, beside what one gets who serves need after need; of its proposals a page.

    matched: how many there are in all.
    """

    proposals: list[ProposalOut]
    total: int
    greedy_total: int
    needs: int
    resources: int
    unmet: int
    matched: int
    next_cursor: str | None


class TallyOut(NinjaSchema):
    """The three lists in numbers."""

    needs: int
    needs_met: int
    needs_unmet: int
    resources: int
    resources_unused: int
    ordered: int
    agreed: int
    projects: int
    delivered: int
    failed: int


def _entry_out(view: EntryView) -> dict[str, Any]:
    row = view.row
    return {
        "id": row.pk, "number": row.number, "title": row.title, "words": row.words,
        "category": rules().category_of(row.category_id).code, "area_code": territory().area(row.area_id).code,
        "area": view.area_name, "hours": row.hours, "status": row.status, "organization_id": row.organization_id,
        "organization": view.organization_name, "entered_at": row.entered_at,
    }  # fmt: skip


def need_out(view: EntryView) -> dict[str, Any]:
    """Return a need as `NeedOut` shows it."""
    row = view.row
    return _entry_out(view) | {
        "beneficiaries": row.beneficiaries,
        "place": row.place,
        "people": row.people,
        "wished_by": row.wished_by,
    }


def resource_out(view: EntryView) -> dict[str, Any]:
    """Return a resource as `ResourceOut` shows it."""
    names = ("capacity", "left", "people_max", "from_date", "until_date", "repeats", "cost_fen")
    return _entry_out(view) | {name: getattr(view.row, name) for name in names}


def gap_out(gap: GapLine) -> dict[str, Any]:
    """Return why nothing has come of an entry as `GapOut` shows it."""
    return {name: getattr(gap, name) for name in GapOut.model_fields}


def agreement_out(view: AgreementView) -> dict[str, Any]:
    """Return an agreement as `AgreementOut` shows it."""
    names = (
        "number", "need_id", "resource_id", "organization_id", "stage", "version", "on", "people", "words",
        "ordered_at", "answer_by", "delivered_on", "project_id",
    )  # fmt: skip
    return {name: getattr(view.row, name) for name in names} | {
        "id": view.row.pk, "need": view.need, "resource": view.resource, "community": view.community_name,
        "organization": view.organization_name, "waits_for": view.waits_for,
        "project": view.project.number if view.project else "",
        "project_status": view.project.status if view.project else "",
    }  # fmt: skip


def proposal_out(each: Proposal) -> dict[str, Any]:
    """Return a proposal as `ProposalOut` shows it."""
    return {
        "need_id": each.need.pk, "need": each.need.title, "resource_id": each.resource.pk,
        "resource": each.resource.title, "organization": each.unit, "fit": each.fit.total, "reasons": each.reasons,
    }  # fmt: skip


def plan_out(plan: WholePlan) -> dict[str, Any]:
    """Return a plan as `PlanOut` shows it."""
    names = ("total", "greedy_total", "needs", "resources", "unmet", "matched")
    return {name: getattr(plan, name) for name in names} | {
        "proposals": [proposal_out(each) for each in plan.proposals],
        "next_cursor": plan.next or None,
    }


def tally_out(tally: Tally) -> dict[str, Any]:
    """Return the numbers as `TallyOut` shows them."""
    return {name: getattr(tally, name) for name in TallyOut.model_fields}
