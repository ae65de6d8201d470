"""The shapes in which votes enter and leave the API."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema as Out
from pydantic import Field

from haitang.core.schemas import Schema, text
from haitang.voting.values import MARKS_MAX, NAME_LENGTH_MAX, OPTIONS_MAX, Receipt


class BallotIn(Schema):
    """A ballot. marks: by the option's id; 1 for a choice, points, a score, or the rank from 1."""

    code: Annotated[str, text(40, 1)]
    marks: Annotated[
        dict[Annotated[str, text(5, 1)], Annotated[int, Field(ge=0, le=MARKS_MAX)]], Field(max_length=OPTIONS_MAX)
    ]


class VoterIn(Schema):
    """Who votes first and proves residence later."""

    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    document: Annotated[str, text(NAME_LENGTH_MAX, 4)]
    household: Annotated[str, text(200)] = ""


class ReceiptIn(Schema):
    """A receipt, or the number of a ballot of paper."""

    receipt: Annotated[str, text(40, 1)]


class OptionOut(Out):
    """An option. cost: fen, 0 for none."""

    id: str
    title: str
    words: str
    cost: int
    category: str
    area: str


class VoteOut(Out):
    """A vote. budget: fen. digest: SHA-256 of the declaration in the vote's file. result: empty before the count."""

    id: int
    title: str
    words: str
    area: str
    kind: str
    basis: str
    status: str
    least: int
    most: int
    budget: int
    rule: dict[str, Any]
    options: list[OptionOut]
    opens_at: datetime
    closes_at: datetime
    digest: str
    root: str
    result: dict[str, Any]


class ReceiptOut(Out):
    """What a voter takes away. counts: false until residence is proven."""

    receipt: str
    counts: bool


class CodeOut(Out):
    """A voting code."""

    code: str


class FoundOut(Out):
    """A published ballot. proof: hashes from it to the root, the nearest first."""

    position: int
    of: int
    marks: dict[str, int]
    via: str
    proof: list[str]


class FileOut(Out):
    """What anybody recomputes a vote from; before the count, the declaration and its digest alone."""

    format: str
    declaration: dict[str, Any]
    digest: str
    roll: dict[str, int] | None = None
    root: str | None = None
    result: dict[str, Any] | None = None
    ballots: list[dict[str, Any]] | None = None


def vote_out(row: Any) -> dict[str, Any]:
    """Return a vote as VoteOut."""
    paper = row.paper
    return {
        "id": row.pk, "title": row.title, "words": row.words, "area": row.area.name, "kind": row.kind,
        "basis": row.basis, "status": row.status, "least": paper["least"], "most": paper["most"],
        "budget": paper["budget"], "rule": paper["rule"], "options": paper["options"], "opens_at": row.opens_at,
        "closes_at": row.closes_at, "digest": row.digest, "root": row.root, "result": row.result,
    }  # fmt: skip


def receipt_out(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as ReceiptOut."""
    return {"receipt": receipt.code, "counts": receipt.counts}
