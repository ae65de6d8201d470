"""What comes in and goes out of the API of conversations."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema as Out
from pydantic import AwareDatetime, Field

from haitang.core.schemas import Id, Schema, text
from haitang.opinions.queries import ConversationView, Line, OwnPart, Results, Share
from haitang.opinions.values import (
    REASON_LENGTH_MAX,
    SEEDS_MAX,
    STATEMENT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Answer,
    NewConversation,
    Who,
)
from haitang.territory.queries import territory

Seed = Annotated[str, text(STATEMENT_LENGTH_MAX, 1)]


class ConversationIn(Schema):
    """A conversation to begin. area: a code of the city, a street or a community. who: "" for the default."""

    title: Annotated[str, text(TITLE_LENGTH_MAX, 1)]
    words: Annotated[str, text(WORDS_LENGTH_MAX)] = ""
    area: Annotated[str, text(50, 1)]
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    who: Annotated[str, Field(pattern=f"^({'|'.join(Who.values)}|)$")] = ""
    seeds: Annotated[list[Seed], Field(max_length=SEEDS_MAX)] = []

    def new(self) -> NewConversation:
        """Return what the action takes; an area that there is not as 0."""
        area = territory().by_code(self.area)
        return NewConversation(
            self.title, self.words, area.id if area else 0, self.opens_at, self.closes_at, self.who, tuple(self.seeds)
        )


class SeedsIn(Schema):
    """Statements of staff."""

    seeds: Annotated[list[Seed], Field(min_length=1, max_length=SEEDS_MAX)]


class AnswerIn(Schema):
    """What one says of a statement: 1 agree, 0 pass, -1 disagree."""

    statement_id: Id
    answer: Annotated[int, Field(ge=min(Answer.values), le=max(Answer.values))]


class StatementIn(Schema):
    """A statement of one's own."""

    words: Annotated[str, text(STATEMENT_LENGTH_MAX, 1)]


class ReasonIn(Schema):
    """Why a statement is not shown."""

    reason: Annotated[str, text(REASON_LENGTH_MAX, 1)]


class ConversationOut(Out):
    """A conversation as anybody reads it. people, votes: None before the close."""

    id: int
    title: str
    words: str
    area: str
    who: str
    status: str
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    statements: int
    people: int | None
    votes: int | None


class ConversationPageOut(Out):
    """A page of conversations."""

    items: list[ConversationOut]
    next_cursor: str | None


class StatementOut(Out):
    """A statement. reason: why it is not shown, for its author and staff."""

    id: int
    words: str
    status: str
    reason: str


class OwnPartOut(Out):
    """One's own part. next: the statement to be answered now. group: from 1; None in none."""

    next: StatementOut | None
    done: int
    total: int
    answers: dict[int, int]
    statements: list[StatementOut]
    may_say: int
    group: int | None


class ShareOut(Out):
    """Percent of those who voted; None where too few did."""

    agree: int | None
    disagree: int | None
    passed: int | None
    seen: int


class LineOut(Out):
    """A statement in the results. agrees: whether it stands there for being agreed with."""

    words: str
    agrees: bool
    everybody: ShareOut
    groups: list[ShareOut]


class GroupOut(Out):
    """A group. number: from 1, the largest first. x, y: its place among the others."""

    number: int
    people: int
    x: float
    y: float
    telling: list[LineOut]


class ResultsOut(Out):
    """What came out. enough: whether enough people took part for it to be shown."""

    people: int
    votes: int
    enough: bool
    outside: int
    groups: list[GroupOut]
    bridges: list[LineOut]
    consensus: list[LineOut]
    statements: list[LineOut]


class VoteOut(Out):
    """An anonymous vote. participant: a number drawn at random at the close. group: 0 for none."""

    participant: str
    statement_id: int
    answer: int
    group: int


def conversation_out(view: ConversationView) -> dict[str, Any]:
    """Return a conversation as ConversationOut."""
    row = view.conversation
    return {
        **{name: getattr(row, name) for name in (
            "title", "words", "who", "status", "opens_at", "closes_at", "closed_at", "people", "votes",
        )},
        "id": row.pk, "area": view.area_name, "statements": view.statements,
    }  # fmt: skip


def statement_out(row: Any) -> dict[str, Any]:
    """Return a statement as StatementOut."""
    return {"id": row.pk, "words": row.words, "status": row.status, "reason": row.reason}


def own_part_out(part: OwnPart) -> dict[str, Any]:
    """Return one's own part as OwnPartOut."""
    return {
        "next": statement_out(part.next) if part.next else None, "done": part.done, "total": part.total,
        "answers": {each.statement.pk: each.answer for each in part.answers},
        "statements": [statement_out(each) for each in part.said], "may_say": part.may_say,
        "group": None if part.group is None else part.group + 1,
    }  # fmt: skip


def results_out(results: Results) -> dict[str, Any]:
    """Return results as ResultsOut."""
    return {
        "people": results.people, "votes": results.votes, "enough": results.enough, "outside": results.outside,
        "groups": [
            {"number": each.number, "people": each.people, "x": each.x, "y": each.y, "telling": _lines(each.telling)}
            for each in results.groups
        ],
        "bridges": _lines(results.bridges), "consensus": _lines(results.consensus),
        "statements": _lines(results.lines),
    }  # fmt: skip


def _lines(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    return [
        {
            "words": each.words, "agrees": each.agrees, "everybody": _share(each.everybody),
            "groups": [_share(one) for one in each.groups],
        }
        for each in lines
    ]  # fmt: skip


def _share(share: Share) -> dict[str, int | None]:
    return {"agree": share.agree, "disagree": share.disagree, "passed": share.passed, "seen": share.seen}
