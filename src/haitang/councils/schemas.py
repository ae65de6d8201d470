"""What comes in and goes out of the API of deliberation."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema as Out
from pydantic import AwareDatetime, Field

from haitang.core.schemas import Id, Schema, text
from haitang.councils.queries import CouncilView, DrawPage, QuestionView, ResolutionView, SessionPage, TopicView
from haitang.councils.values import (
    AGENDA_MAX,
    LINE_LENGTH_MAX,
    MINUTES_LENGTH_MAX,
    ROWS_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    NewResolution,
    NewSession,
    NewTopic,
    SessionHeld,
    VotingChoice,
)
from haitang.territory.queries import territory

Word = Annotated[str, text(WORDS_LENGTH_MAX, 1)]
Line = Annotated[str, text(LINE_LENGTH_MAX, 1)]
Title = Annotated[str, text(TITLE_LENGTH_MAX, 1)]


def area_id_of(code: str) -> int:
    """Return the id of the valid area of that code, 0 for none."""
    area = territory().by_code(code)
    return area.id if area else 0


class TopicIn(Schema):
    """A matter to be talked about. area: a code."""

    area: Annotated[str, text(50, 1)]
    title: Title
    words: Word

    def new(self) -> NewTopic:
        """Return what the action takes."""
        return NewTopic(area_id_of(self.area), self.title, self.words)


class WhyIn(Schema):
    """A reason."""

    reason: Line


class QuestionIn(Schema):
    """A question or comment to the grid secretary. area: a code."""

    area: Annotated[str, text(50, 1)]
    words: Word
    may_publish: bool = False


class QuestionAnswerIn(Schema):
    """The answer to a question."""

    answer: Word
    publish: bool = False


class SessionIn(Schema):
    """A meeting to be called: its topics by id, further matters in words."""

    title: Title
    at: AwareDatetime
    place: Annotated[str, text(LINE_LENGTH_MAX)] = ""
    topics: Annotated[list[Id], Field(max_length=AGENDA_MAX)] = []
    items: Annotated[list[Line], Field(max_length=AGENDA_MAX)] = []

    def new(self, council_id: int) -> NewSession:
        """Return what the action takes."""
        return NewSession(council_id, self.title, self.at, self.place, tuple(self.topics), tuple(self.items))


class ResolutionIn(Schema):
    """What a meeting resolved. agreed: how many were for it. office_id: None for the council's organization."""

    text: Word
    office_id: Id | None = None
    due_on: date | None = None
    agreed: Annotated[int, Field(ge=0, le=ROWS_MAX)] | None = None
    topic_id: Id | None = None


class HeldIn(Schema):
    """What is taken down of a meeting. present: ids of members who were there."""

    minutes: Annotated[str, text(MINUTES_LENGTH_MAX, 1)]
    present: Annotated[list[Id], Field(max_length=ROWS_MAX)] = []
    resolutions: Annotated[list[ResolutionIn], Field(max_length=AGENDA_MAX)] = []
    summary: Annotated[str, text(WORDS_LENGTH_MAX)] = ""

    def held(self, session_id: int) -> SessionHeld:
        """Return what the action takes."""
        made = tuple(NewResolution(**each.dict()) for each in self.resolutions)
        return SessionHeld(session_id, self.minutes, tuple(self.present), made, self.summary)


class SummaryIn(Schema):
    """What everybody reads of a meeting."""

    summary: Word


class SettledIn(Schema):
    """What became of a resolution, or why it is dropped."""

    words: Word
    dropped: bool = False


class CarriedOutIn(Schema):
    """As what a resolution is carried out: words of the case or title of the project, "" for its own."""

    words: Annotated[str, text(WORDS_LENGTH_MAX)] = ""


class CouncilVotingIn(Schema):
    """How a resolution is voted on. way, matter: codes of `list_resolution_votings`; title: "" for its own."""

    way: Annotated[str, text(60, 1)]
    matter: Annotated[str, text(20)] = ""
    title: Annotated[str, text(TITLE_LENGTH_MAX)] = ""


class CouncilVotingOut(Out):
    """A vote that a resolution can be brought to. matters: by code what it asks for, none where it asks nothing."""

    way: str
    label: str
    matters: dict[str, str]


class CouncilOut(Out):
    """A council."""

    id: int
    name: str
    kind: str
    area: str
    habit: str
    members: int
    open: int
    late: int


class CouncilPageOut(Out):
    """A page of councils."""

    items: list[CouncilOut]
    next_cursor: str | None


class TopicOut(Out):
    """A topic. reason: why it is not taken up, for its author and staff."""

    id: int
    number: str
    title: str
    words: str
    area: str
    status: str
    reason: str
    raised_at: datetime


class TopicPageOut(Out):
    """A page of topics."""

    items: list[TopicOut]
    next_cursor: str | None


class QuestionOut(Out):
    """A question. is_late: it is not answered and should be. escalated_at: when the street was told."""

    id: int
    number: str
    words: str
    area: str
    status: str
    due_at: datetime
    is_late: bool
    answer: str
    answered_at: datetime | None
    escalated_at: datetime | None


class CouncilResolutionOut(Out):
    """A resolution, and what became of it. voting_url: the path of the vote that it was brought to, "" for none."""

    id: int
    number: str
    text: str
    office: str
    due_on: date | None
    status: str
    way: str
    is_late: bool
    outcome: str
    settled_on: date | None
    voting_url: str


class CouncilResolutionPageOut(Out):
    """A page of resolutions."""

    items: list[CouncilResolutionOut]
    next_cursor: str | None


class SessionOut(Out):
    """A meeting. minutes: for staff; summary: once published."""

    id: int
    number: str
    council_id: int
    title: str
    at: datetime
    place: str
    status: str
    agenda: list[str]
    minutes: str
    summary: str
    resolutions: list[CouncilResolutionOut]


class LotOut(Out):
    """Somebody drawn, by number. place: in the order of all."""

    number: int
    stratum: str
    place: int
    status: str


class DrawOut(Out):
    """A draw by lot. seed, witness: once drawn; list_digest: once the list is closed."""

    id: int
    title: str
    seats: int
    total: int
    status: str
    commitment: str
    list_digest: str
    seed: str
    witness: str
    lots: list[LotOut]


def council_out(view: CouncilView) -> dict[str, Any]:
    """Return a council as CouncilOut."""
    return {
        "id": view.row.pk, "name": view.row.name, "kind": view.kind.name, "area": view.area_name, "habit": view.habit,
        "members": view.members, "open": view.open, "late": view.late,
    }  # fmt: skip


def topic_out(view: TopicView, *, with_reason: bool = True) -> dict[str, Any]:
    """Return a topic as TopicOut."""
    row = view.row
    return {
        **{name: getattr(row, name) for name in ("number", "title", "words", "status", "raised_at")},
        "id": row.pk, "area": view.area_name, "reason": row.reason if with_reason else "",
    }  # fmt: skip


def question_out(view: QuestionView) -> dict[str, Any]:
    """Return a question as QuestionOut."""
    names = ("number", "words", "status", "due_at", "answer", "answered_at", "escalated_at")
    row = view.row
    return {**{name: getattr(row, name) for name in names}, "id": row.pk, "area": view.area_name,
            "is_late": view.is_late}  # fmt: skip


def voting_out(choice: VotingChoice) -> dict[str, Any]:
    """Return a vote on offer as the API prints it."""
    matters = {code: str(label) for code, label in choice.matters.items()}
    return {"way": choice.code, "label": str(choice.label), "matters": matters}


def resolution_out(view: ResolutionView) -> dict[str, Any]:
    """Return a resolution as CouncilResolutionOut."""
    names = ("number", "text", "due_on", "status", "way", "outcome", "settled_on", "voting_url")
    row = view.row
    return {**{name: getattr(row, name) for name in names}, "id": row.pk, "office": view.office_name,
            "is_late": view.is_late}  # fmt: skip


def session_out(page: SessionPage, *, with_minutes: bool) -> dict[str, Any]:
    """Return a meeting as SessionOut."""
    row = page.row
    return {
        **{name: getattr(row, name) for name in ("number", "council_id", "title", "at", "place", "status", "summary")},
        "id": row.pk, "agenda": [item.title for item in page.items], "minutes": row.minutes if with_minutes else "",
        "resolutions": [resolution_out(view) for view in page.resolutions],
    }  # fmt: skip


def draw_out(page: DrawPage) -> dict[str, Any]:
    """Return a draw as DrawOut."""
    names = ("title", "seats", "status", "commitment", "list_digest", "seed", "witness")
    return {
        **{name: getattr(page.row, name) for name in names}, "id": page.row.pk, "total": page.total,
        "lots": [
            {"number": each.row.number, "stratum": each.stratum, "place": each.row.place, "status": each.row.status}
            for each in page.taken
        ],
    }  # fmt: skip
