"""The shapes of committees, meetings and decisions in the API."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import AwareDatetime, Field

from haitang.alliances.queries import (
    CommitteePage,
    CommitteeView,
    DecisionView,
    MeetingPage,
)
from haitang.alliances.values import (
    AGENDA_MAX,
    LINE_LENGTH_MAX,
    MINUTES_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    CommitteeKind,
    Held,
    NewCommittee,
    NewDecision,
    NewItem,
    NewMeeting,
    NewSeat,
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

    def new(self) -> NewDecision:
        """Return it as actions take it."""
        return NewDecision(self.text, self.office_id, self.due_on)


class DecisionsIn(Schema):
    """What a meeting that was held decided besides."""

    decisions: Annotated[list[DecisionIn], Field(min_length=1, max_length=AGENDA_MAX)]

    def new(self) -> list[NewDecision]:
        """Return it as actions take it."""
        return [each.new() for each in self.decisions]


class HeldIn(Schema):
    """The minutes of a meeting and its decisions."""

    minutes: Annotated[str, text(MINUTES_LENGTH_MAX, 1)]
    decisions: Annotated[list[DecisionIn], Field(max_length=AGENDA_MAX)] = []

    def held(self, meeting_id: int) -> Held:
        """Return it as actions take it."""
        return Held(meeting_id, self.minutes, tuple(each.new() for each in self.decisions))


class SettleIn(Schema):
    """What became of a decision."""

    words: Said
    dropped: bool = False

    def settled(self, decision_id: int) -> Settled:
        """Return it as actions take it."""
        return Settled(decision_id, self.words, self.dropped)


class CaseIn(Schema):
    """A decision to be handed over to case handling; words: by default the decision."""

    words: Words = ""
    place: Annotated[str, text(LINE_LENGTH_MAX)] = ""
    category_code: Annotated[str, text(40)] = ""


class StartIn(Schema):
    """A decision to be carried out as a project; title: by default the decision."""

    title: Annotated[str, text(TITLE_LENGTH_MAX)] = ""
    until_on: date | None = None


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
    """A decision and what became of it. case_number: "" too where the viewer may not know of the case."""

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
    case_number: str


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
        "is_late": view.is_late, "case_number": view.case.number if view.case else "",
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
