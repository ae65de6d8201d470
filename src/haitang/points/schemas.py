"""The shapes in which points enter and leave the API."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema as Out

from haitang.core.schemas import Schema, text
from haitang.points.queries import Statement


class CodeIn(Schema):
    """The code of who comes to fetch something."""

    code: Annotated[str, text(40, 1)]


class PostingOut(Out):
    """A line of the statement. change: with its sign. why: in words."""

    id: int
    kind: str
    on: date
    change: int
    why: str


class RewardOut(Out):
    """What can be had."""

    id: int
    title: str
    kind: str
    price: int
    stock: int
    place: str


class RedemptionOut(Out):
    """An exchange; the code for the person alone, "" once it is over."""

    id: int
    title: str
    price: int
    status: str
    code: str
    ordered_at: datetime


class StatementOut(Out):
    """One's own account. lapsing: what lapses next, on lapses_on, if nothing is spent before."""

    has_agreed: bool
    balance: int
    lapsing: int
    lapses_on: date | None
    from_date: date | None
    postings: list[PostingOut]
    redemptions: list[RedemptionOut]
    rewards: list[RewardOut]


class HandedOut(Out):
    """What was handed out."""

    id: int
    title: str
    status: str


def redemption_out(row: Any) -> dict[str, Any]:
    """Return an exchange as RedemptionOut."""
    return {
        "id": row.pk, "title": row.reward.title, "price": row.price, "status": row.status, "code": row.code,
        "ordered_at": row.ordered_at,
    }  # fmt: skip


def statement_out(page: Statement) -> dict[str, Any]:
    """Return a statement as StatementOut."""
    return {
        "has_agreed": page.has_agreed, "balance": page.balance, "lapsing": page.lapsing, "lapses_on": page.lapses_on,
        "from_date": page.from_date,
        "postings": [
            {"id": each.posting.pk, "kind": each.posting.kind, "on": each.posting.on, "change": each.change,
             "why": each.why}
            for each in page.lines
        ],
        "redemptions": [redemption_out(each) for each in page.redemptions],
        "rewards": [
            {"id": each.pk, "title": each.title, "kind": each.kind, "price": each.price, "stock": each.stock,
             "place": each.place}
            for each in page.rewards
        ],
    }  # fmt: skip
