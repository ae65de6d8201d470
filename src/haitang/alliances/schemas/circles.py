"""The shapes of alliances, action branches, contact points and workstations in the API."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.alliances.queries import CirclePage, CircleView
from haitang.alliances.schemas.boards import Line, Name, Said, Title, Words
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    MEMBERS_MAX,
    NAME_LENGTH_MAX,
    PARTNERS_MAX,
    Base,
    Level,
    NewAlliance,
    NewBranch,
    NewInstructor,
    NewPartner,
    NewPoint,
    NewStation,
    NewVisit,
    Running,
)
from haitang.core.schemas import Id, Schema, text

_TOLD = ("level", "purpose", "base", "until", "post", "place", "words", "outcome", "reason")
"""What is told of a row where its kind has it."""


class PartnerIn(Schema):
    """A partner: an organization here, or one elsewhere by its name."""

    organization_id: Id | None = None
    outside_name: Annotated[str, text(NAME_LENGTH_MAX)] = ""
    outside_place: Annotated[str, text(NAME_LENGTH_MAX)] = ""
    role: Annotated[str, text(LINE_LENGTH_MAX)] = ""


class AllianceIn(Schema):
    """An alliance to be."""

    name: Title
    purpose: Said
    level: Literal[tuple(Level.values)]  # type: ignore[valid-type]  # choices come from an enum
    area_id: Id
    lead_id: Id
    from_date: date
    partners: Annotated[list[PartnerIn], Field(max_length=PARTNERS_MAX)] = []

    def new(self) -> NewAlliance:
        """Return it as actions take it."""
        partners = tuple(NewPartner(**each.model_dump()) for each in self.partners)
        return NewAlliance(**{**self.model_dump(), "partners": partners})


class BranchIn(Schema):
    """An action branch to be. volunteer_ids: of the register of helpers."""

    name: Title
    purpose: Said
    base: Literal[tuple(Base.values)]  # type: ignore[valid-type]  # choices come from an enum
    area_id: Id
    parent_id: Id
    from_date: date
    until: date
    volunteer_ids: Annotated[list[Id], Field(max_length=MEMBERS_MAX)] = []

    def new(self) -> NewBranch:
        """Return it as actions take it."""
        return NewBranch(**{**self.model_dump(), "volunteer_ids": tuple(self.volunteer_ids)})


class PointIn(Schema):
    """A contact point to be."""

    leader: Name
    post: Name
    area_id: Id
    from_date: date
    home_id: Id | None = None

    def new(self) -> NewPoint:
        """Return it as actions take it."""
        return NewPoint(**self.model_dump())


class StationIn(Schema):
    """A workstation to be."""

    name: Title
    area_id: Id
    place: Line
    host_id: Id
    from_date: date
    words: Words = ""

    def new(self) -> NewStation:
        """Return it as actions take it."""
        return NewStation(**self.model_dump())


class DayIn(Schema):
    """The day from which somebody takes part no more."""

    to_date: date


class OutcomeIn(Schema):
    """The end of an action branch. outcome: what it had done."""

    to_date: date
    outcome: Said


class JoinAllianceIn(Schema):
    """Organizations that join an alliance."""

    partners: Annotated[list[PartnerIn], Field(min_length=1, max_length=PARTNERS_MAX)]
    from_date: date

    def new(self) -> list[NewPartner]:
        """Return them as actions take them."""
        return [NewPartner(**each.model_dump()) for each in self.partners]


class JoinBranchIn(Schema):
    """People of the register of helpers who join an action branch."""

    volunteer_ids: Annotated[list[Id], Field(min_length=1, max_length=MEMBERS_MAX)]
    from_date: date


class VisitIn(Schema):
    """A leader's visit: what was heard, and what came of it."""

    on: date
    what: Said
    outcome: Words = ""

    def new(self, point_id: int) -> NewVisit:
        """Return it as actions take it."""
        return NewVisit(point_id, **self.model_dump())


class InstructorIn(Schema):
    """Somebody to be sent to an organization. home_id: where they come from."""

    name: Name
    organization_id: Id
    from_date: date
    home_id: Id | None = None
    until: date | None = None

    def new(self, station_id: int) -> NewInstructor:
        """Return it as actions take it."""
        return NewInstructor(station_id, **self.model_dump())


class CircleOut(NinjaSchema):
    """An alliance, an action branch, a contact point or a workstation; parts in the answer about one alone.

    count: partners, members or instructors of today, of a contact point the visits of this year.
    state: now, overdue or ended. about: the rest of what was entered, by name, as far as its kind has it.
    """

    id: int
    name: str
    area: str
    office: str
    from_date: date
    to_date: date | None
    state: str
    count: int
    about: dict[str, Any]
    parts: list[dict[str, Any]] = []


class CircleListOut(NinjaSchema):
    """A page of one of the four."""

    items: list[CircleOut]
    total: int | None
    next_cursor: str | None


def circle_out(view: CircleView) -> dict[str, Any]:
    """Return one of the four as the API prints it."""
    row = view.row
    state = Running.ENDED if view.is_over else Running.OVERDUE if view.is_overdue else Running.NOW
    return {
        "id": row.pk, "name": getattr(row, "name", "") or row.leader, "area": view.area_name,
        "office": view.office_name, "from_date": row.from_date, "to_date": row.to_date, "state": state.value,
        "count": view.parts, "about": {name: getattr(row, name) for name in _TOLD if hasattr(row, name)},
    }  # fmt: skip


def circle_detail_out(page: CirclePage) -> dict[str, Any]:
    """Return one of the four with who takes part in it, of a contact point its visits."""
    parts: list[dict[str, Any]] = [
        {"id": each.id, "name": each.name, "note": each.note, "from_date": each.from_date, "to_date": each.ended}
        for each in page.parts
    ]
    parts += [{"id": each.pk, "on": each.on, "what": each.what, "outcome": each.outcome} for each in page.visits]
    return circle_out(page.view) | {"parts": parts}
