"""What the API of privacy takes and gives."""

from datetime import datetime
from typing import Annotated

from ninja import Schema as Out

from haitang.core.paging import CURSOR_MAX
from haitang.core.schemas import Schema, text


class LookQuery(Schema):
    """Which looks. area: a code, with all below. from_at, to_at: with their offset; to_at itself is not included."""

    who: Annotated[str, text(80)] = ""
    fact: Annotated[str, text(80)] = ""
    area: Annotated[str, text(40)] = ""
    from_at: datetime | None = None
    to_at: datetime | None = None
    cursor: Annotated[str, text(CURSOR_MAX)] = ""


class LookOut(Out):
    """One look at what is masked; see `privacy.queries.Look`."""

    id: int
    at: datetime
    who: str
    organization_name: str
    fact: str
    what: str
    subject_type: str
    subject_id: int
    area_name: str
    reason: str
    rows: int | None


class LookPageOut(Out):
    """A page of looks, the latest first; they are not counted."""

    rows: list[LookOut]
    previous: str
    next: str
