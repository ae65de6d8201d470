"""The shapes of committees, meetings, decisions, alliances, branches, points and workstations in the API."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import AwareDatetime, Field

from haitang.alliances.queries import (
    CirclePage,
    CircleView,
    CommitteePage,
    CommitteeView,
    DecisionView,
    MeetingPage,
)
from haitang.alliances.values import (
    AGENDA_MAX,
    LINE_LENGTH_MAX,
    MEMBERS_MAX,
    MINUTES_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PARTNERS_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Base,
    CommitteeKind,
    Held,
    Level,
    NewAlliance,
    NewBranch,
    NewCommittee,
    NewDecision,
    NewItem,
    NewMeeting,
    NewPartner,
    NewPoint,
    NewSeat,
    NewStation,
    SeatKind,
    Settled,
)
from haitang.core.schemas import Id, Schema, text

Name = Annotated[str, text(NAME_LENGTH_MAX, 1)]
Title = Annotated[str, text(TITLE_LENGTH_MAX, 1)]
Line = Annotated[str, text(LINE_LENGTH_MAX, 1)]
Words = Annotated[str, text(WORDS_LENGTH_MAX)]
Said = Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class CommitteeIn(Schema):
    """A committee to be."""

    kind: Literal[tuple(CommitteeKind.values)]  # type: ignore[valid-type]  # choices come from an enum
    name: Title
    organization_id: Id
    area_id: Id
    from_date: date

    def new(self) -> NewCommittee:
        """Return it as actions take it."""
        return NewCommittee(**self.model_dump())


class SeatIn(Schema):
    """A member to be; a part-time member has a home unit."""

    kind: Literal[tuple(SeatKind.values)]  # type: ignore[valid-type]  # choices come from an enum
    name: Name
    post: Name
    from_date: date
    home_id: Id | None = None
    until: date | None = None

    def new(self, committee_id: int) -> NewSeat:
        """Return it as actions take it."""
        return NewSeat(committee_id=committee_id, **self.model_dump())


class LeaveIn(Schema):
    """A member leaves on a day; new: who takes the seat, from that day on."""

    on: date
    reason: Line
    new: SeatIn | None = None


class ItemIn(Schema):
    """An item of an agenda."""

    title: Line
    proposer_id: Id | None = None


class MeetingIn(Schema):
    """A meeting to be."""

    title: Title
    at: AwareDatetime
    place: Annotated[str, text(LINE_LENGTH_MAX)] = ""
    agenda: Annotated[list[ItemIn], Field(max_length=AGENDA_MAX)] = []

    def new(self, committee_id: int) -> NewMeeting:
        """Return it as actions take it."""
        agenda = tuple(NewItem(each.title, each.proposer_id) for each in self.agenda)
        return NewMeeting(committee_id, self.title, self.at, self.place, agenda)


class DecisionIn(Schema):
    """What was decided. office_id: who sees to it, empty for the committee's own organization."""

    text: Said
    office_id: Id | None = None
    due_on: date | None = None


class HeldIn(Schema):
    """The minutes of a meeting and its decisions."""

    minutes: Annotated[str, text(MINUTES_LENGTH_MAX, 1)]
    decisions: Annotated[list[DecisionIn], Field(max_length=AGENDA_MAX)] = []

    def held(self, meeting_id: int) -> Held:
        """Return it as actions take it."""
        decisions = tuple(NewDecision(each.text, each.office_id, each.due_on) for each in self.decisions)
        return Held(meeting_id, self.minutes, decisions)


class SettleIn(Schema):
    """What became of a decision."""

    words: Said
    dropped: bool = False

    def settled(self, decision_id: int) -> Settled:
        """Return it as actions take it."""
        return Settled(decision_id, self.words, self.dropped)


class StartIn(Schema):
    """A decision to be carried out as a project; title: by default the decision."""

    title: Annotated[str, text(TITLE_LENGTH_MAX)] = ""
    until_on: date | None = None


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


class SeatOut(NinjaSchema):
    """A member of a committee."""

    id: int
    kind: str
    name: str
    post: str
    home: str
    from_date: date
    until: date | None
    to_date: date | None


class CommitteeOut(NinjaSchema):
    """A committee with its numbers; seats in the answer about one alone."""

    id: int
    kind: str
    name: str
    organization: str
    area: str
    from_date: date
    to_date: date | None
    members: int
    part_time: int
    meetings: int
    open: int
    late: int
    seats: list[SeatOut] = []


class CommitteeListOut(NinjaSchema):
    """A page of committees."""

    items: list[CommitteeOut]
    total: int | None
    next_cursor: str | None


class DecisionOut(NinjaSchema):
    """A decision and what became of it."""

    id: int
    number: str
    meeting_id: int
    committee: str
    text: str
    office: str
    due_on: date | None
    is_late: bool
    status: str
    outcome: str
    settled_on: date | None
    project_id: int | None


class DecisionListOut(NinjaSchema):
    """A page of decisions."""

    items: list[DecisionOut]
    total: int | None
    next_cursor: str | None


class MeetingOut(NinjaSchema):
    """A meeting with its agenda and decisions."""

    id: int
    number: str
    committee_id: int
    title: str
    at: AwareDatetime
    place: str
    status: str
    minutes: str
    reason: str
    agenda: list[dict[str, Any]]
    decisions: list[DecisionOut]


class CircleOut(NinjaSchema):
    """An alliance, an action branch, a contact point or a workstation; parts in the answer about one alone.

    count: partners, members or instructors of today, of a contact point the visits of this year.
    """

    id: int
    name: str
    area: str
    office: str
    from_date: date
    to_date: date | None
    count: int
    parts: list[dict[str, Any]] = []


class CircleListOut(NinjaSchema):
    """A page of one of the four."""

    items: list[CircleOut]
    total: int | None
    next_cursor: str | None


def committee_out(view: CommitteeView) -> dict[str, Any]:
    """Return a committee as the API prints it."""
    row = view.row
    numbers = ("members", "part_time", "meetings", "open", "late")
    return {
        "id": row.pk, "kind": row.kind, "name": row.name, "organization": view.organization_name,
        "area": view.area_name, "from_date": row.from_date, "to_date": row.to_date,
        **{name: getattr(view, name) for name in numbers},
    }  # fmt: skip


def committee_detail_out(page: CommitteePage) -> dict[str, Any]:
    """Return a committee with its members."""
    names = ("id", "kind", "name", "post", "from_date", "until", "to_date")
    seats = [{**{name: getattr(each.row, name) for name in names}, "home": each.home_name} for each in page.seats]
    return committee_out(page.view) | {"seats": seats}


def decision_out(view: DecisionView) -> dict[str, Any]:
    """Return a decision as the API prints it."""
    row = view.row
    names = ("id", "number", "meeting_id", "text", "due_on", "status", "outcome", "settled_on", "project_id")
    return {
        **{name: getattr(row, name) for name in names}, "committee": view.committee_name, "office": view.office_name,
        "is_late": view.is_late,
    }  # fmt: skip


def meeting_out(page: MeetingPage) -> dict[str, Any]:
    """Return a meeting as the API prints it."""
    row = page.row
    names = ("id", "number", "committee_id", "title", "at", "place", "status", "minutes", "reason")
    return {
        **{name: getattr(row, name) for name in names},
        "agenda": [{"title": item.title, "proposer": unit} for item, unit in page.agenda],
        "decisions": [decision_out(view) for view in page.decisions],
    }  # fmt: skip


def circle_out(view: CircleView) -> dict[str, Any]:
    """Return one of the four as the API prints it."""
    row = view.row
    return {
        "id": row.pk, "name": getattr(row, "name", "") or row.leader, "area": view.area_name,
        "office": view.office_name, "from_date": row.from_date, "to_date": row.to_date, "count": view.parts,
    }  # fmt: skip


def circle_detail_out(page: CirclePage) -> dict[str, Any]:
    """Return one of the four with who takes part in it, of a contact point its visits."""
    parts: list[dict[str, Any]] = [
        {"id": each.id, "name": each.name, "note": each.note, "from_date": each.from_date, "to_date": each.ended}
        for each in page.parts
    ]
    parts += [{"id": each.pk, "on": each.on, "what": each.what, "outcome": each.outcome} for each in page.visits]
    return circle_out(page.view) | {"parts": parts}
