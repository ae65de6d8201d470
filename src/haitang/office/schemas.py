"""What comes in through the API of the office, and what goes out."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema as Out
from pydantic import Field, model_validator

from haitang.cases.lifecycle import Deed
from haitang.cases.values import OPINION_LENGTH_MAX
from haitang.core.schemas import Id, Schema, text
from haitang.office.values import (
    BATCH_FROM,
    BATCH_MAX,
    FILTER_NAME_LENGTH_MAX,
    HEADER_LENGTH_MAX,
    LAYOUT_NAME_LENGTH_MAX,
    PHRASE_LENGTH_MAX,
    HotlineFormat,
    InHand,
    Line,
)

Code = Annotated[str, text(40)]
Reason = Annotated[str, text(200, 1)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]


class BatchIn(Schema):
    """One deed for many cases. organization_code: of a dispatch; empty takes what routing found for each."""

    deed: Literal[tuple(deed.value for deed in BATCH_FROM)]  # type: ignore[valid-type]  # choices come from an enum
    case_ids: Annotated[list[Id], Field(min_length=1, max_length=BATCH_MAX)]
    opinion: Annotated[str, text(OPINION_LENGTH_MAX, 1)]
    organization_code: Code | None = None


class DelegationIn(Schema):
    """Who stands in, for whom, and until before which day. account_id: the caller where it is left out."""

    account_id: Id | None = None
    deputy_id: Id
    from_date: Day
    to_date: Day
    reason: Reason


class HandOverIn(Schema):
    """Who takes over what somebody has in hand, and why. account_id: the caller where it is left out."""

    account_id: Id | None = None
    to_account_id: Id
    reason: Reason


class FilterIn(Schema):
    """A list of cases to keep. query: the conditions as they stand in the list's address."""

    name: Annotated[str, text(FILTER_NAME_LENGTH_MAX, 1)]
    query: Annotated[str, text(1000, 1)]


class PinIn(Schema):
    """Whether a filter is shown on the desk."""

    is_pinned: bool


class PhraseIn(Schema):
    """An opinion to keep ready."""

    deed: Literal[tuple(deed.value for deed in Deed)]  # type: ignore[valid-type]  # choices come from an enum
    text: Annotated[str, text(PHRASE_LENGTH_MAX, 1)]


class FeedbackIn(Schema):
    """Tickets reported on which days; both included. layout: code of the office's own, "" for the shipped one.

    source: of which system's tickets, "" for those of the layout.
    """

    from_date: Day
    to_date: Day
    layout: Annotated[str, text(40)] = ""
    source: Annotated[str, text(100)] = ""

    @model_validator(mode="after")
    def in_order(self) -> "FeedbackIn":
        """Refuse a period that ends before it begins."""
        if self.to_date < self.from_date:
            raise ValueError("截止日期早于起始日期")
        return self


class LineOut(Out):
    """What became of one case. reason: why not, empty where it was done.

    kind: case, or of a hand-over call or dispute, with its id; a dispute has no case.
    """

    kind: str
    id: int
    case_id: int | None
    number: str
    done: bool
    reason: str


class BatchOut(Out):
    """What became of each, in the order asked."""

    done: int
    refused: int
    items: list[LineOut]


class ColleagueOut(Out):
    """Somebody of the own office."""

    account_id: int
    username: str
    name: str


class DelegationOut(Out):
    """Who stands in for whom, from a day until before another."""

    id: int
    account_id: int
    account: str
    deputy_id: int
    deputy: str
    from_date: date
    to_date: date
    reason: str


class InHandOut(Out):
    """Something in somebody's hand. kind: case, call (id: of the whistle) or dispute (without a case)."""

    kind: str
    id: int
    case_id: int | None
    number: str
    due_at: datetime | None


class FilterOut(Out):
    """A saved filter."""

    id: int
    name: str
    query: str
    is_pinned: bool


class PhraseOut(Out):
    """An own ready-made opinion."""

    id: int
    deed: str
    text: str


class WatchedCaseOut(Out):
    """A watched case; the whole of it is at `/cases/{id}`."""

    case_id: int
    number: str
    status: str
    description: str
    due_at: datetime | None
    changed_at: datetime


class WatchedOut(Out):
    """A page of watched cases."""

    items: list[WatchedCaseOut]
    total: int | None
    next: str
    previous: str


class LayoutOut(Out):
    """How the files of a hotline are read. code: "" of the shipped one; columns: by the hotline's header, ours.

    feedback: the columns of the file back to it in its order, (header, what stands in it); "": as it came, or is today.
    """

    code: str
    version: int
    name: str
    source: str
    columns: dict[str, str]
    kinds: dict[str, str]
    other_kind: str
    channel: str
    kept: list[str]
    feedback: list[tuple[str, str]]


class LayoutIn(Schema):
    """A layout to be kept. code, version: of the one it was made from, "" and 0 for a new one."""

    code: Annotated[str, text(40)] = ""
    version: int = Field(0, ge=0, le=100_000)
    name: Annotated[str, text(LAYOUT_NAME_LENGTH_MAX)]
    source: Annotated[str, text(LAYOUT_NAME_LENGTH_MAX)]
    columns: dict[Annotated[str, text(HEADER_LENGTH_MAX)], Annotated[str, text(200)]]
    kinds: dict[Annotated[str, text(HEADER_LENGTH_MAX)], Annotated[str, text(40)]] = Field(default_factory=dict)
    other_kind: Annotated[str, text(40)] = "help"
    channel: Annotated[str, text(40)] = "hotline"
    kept: list[Annotated[str, text(HEADER_LENGTH_MAX)]] = Field(default_factory=list)
    feedback: list[tuple[Annotated[str, text(HEADER_LENGTH_MAX)], Annotated[str, text(40)]]] = Field(
        default_factory=list
    )
    is_active: bool = True
    note: Annotated[str, text(300)] = ""


class UploadOut(Out):
    """A file of cases. layout: code of the office's own by which it is read, else "".

    sound: rows that can come in, or have; reasons: (line, why not), the first hundred.
    """

    id: int
    kind: str
    layout: str
    file_name: str
    source: str
    state: str
    rows: int
    sound: int
    refused: int
    repeated: int
    overwritten: int
    reasons: list[tuple[int, str]]
    failure: str


class FeedbackOut(Out):
    """The feedback file as a table."""

    columns: list[str]
    rows: list[list[Any]]


def lines_out(lines: Sequence[Line]) -> dict[str, Any]:
    """Return what became of each as BatchOut."""
    items = [
        {
            "kind": line.kind, "id": line.thing_id or line.case_id, "case_id": line.case_id or None,
            "number": line.number, "done": line.is_done, "reason": line.reason,
        }
        for line in lines
    ]  # fmt: skip
    done = sum(line.is_done for line in lines)
    return {"done": done, "refused": len(items) - done, "items": items}


def delegation_out(row: Any) -> dict[str, Any]:
    """Return an arrangement as DelegationOut."""
    return {
        "id": row.pk, "account_id": row.account_id, "account": row.account.name, "deputy_id": row.deputy_id,
        "deputy": row.deputy.name, "from_date": row.from_date, "to_date": row.to_date, "reason": row.reason,
    }  # fmt: skip


def in_hand_out(thing: InHand) -> dict[str, Any]:
    """Return something in hand as InHandOut."""
    return {
        "kind": thing.kind, "id": thing.thing_id, "case_id": thing.case_id or None, "number": thing.number,
        "due_at": thing.due_at,
    }  # fmt: skip


def filter_out(row: Any) -> dict[str, Any]:
    """Return a saved filter as FilterOut."""
    return {"id": row.pk, "name": row.name, "query": row.query, "is_pinned": row.is_pinned}


def phrase_out(row: Any) -> dict[str, Any]:
    """Return an own phrase as PhraseOut."""
    return {"id": row.pk, "deed": row.deed, "text": row.text}


def watched_out(case: Any) -> dict[str, Any]:
    """Return a case as WatchedCaseOut."""
    shown = ("number", "status", "description", "due_at", "changed_at")
    return {"case_id": case.pk, **{name: getattr(case, name) for name in shown}}


def upload_out(row: Any) -> dict[str, Any]:
    """Return a file of cases as UploadOut."""
    shown = (
        "kind", "file_name", "source", "state", "rows", "sound", "refused", "repeated", "overwritten", "reasons",
        "failure",
    )  # fmt: skip
    own = row.layout.code if row.layout else ""
    return {"id": row.pk, "layout": own, **{name: getattr(row, name) for name in shown}}


def layout_out(layout: HotlineFormat, code: str = "", version: int = 0) -> dict[str, Any]:
    """Return a layout as LayoutOut."""
    return {"code": code, "version": version, **asdict(layout)}
