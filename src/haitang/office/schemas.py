"""What comes in through the API of the office, and what goes out."""

from typing import Annotated, Literal

from ninja import Schema as Out
from pydantic import Field

from haitang.cases.values import OPINION_LENGTH_MAX
from haitang.core.schemas import Id, Schema, text
from haitang.office.values import BATCH_FROM, BATCH_MAX

Code = Annotated[str, text(40)]


class BatchIn(Schema):
    """One deed for many cases. organization_code: of a dispatch; empty takes what routing found for each."""

    deed: Literal[tuple(deed.value for deed in BATCH_FROM)]  # type: ignore[valid-type]  # choices come from an enum
    case_ids: Annotated[list[Id], Field(min_length=1, max_length=BATCH_MAX)]
    opinion: Annotated[str, text(OPINION_LENGTH_MAX, 1)]
    organization_code: Code | None = None


class LineOut(Out):
    """What became of one case. reason: why not, empty where it was done."""

    case_id: int
    number: str
    done: bool
    reason: str


class BatchOut(Out):
    """What became of each, in the order asked."""

    done: int
    refused: int
    items: list[LineOut]
