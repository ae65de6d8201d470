"""What is inside a package: cases handed across, what has become of them, what their reporters say of that."""

import base64
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

PHOTOS_MAX = 9
_ROWS_MAX = 20_000


Word = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Photo = Annotated[str, StringConstraints(max_length=20_000_000)]
"""A photo's bytes, base64."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CarriedCase(_Part):
    """A case handed across. areas: codes of its area and of those around it, the finest first."""

    number: Word
    kind: Word
    channel: Word
    category: Word
    description: Words
    place: Words
    lon: float | None = Field(ge=-180, le=180)
    lat: float | None = Field(ge=-90, le=90)
    areas: list[Word] = Field(max_length=10)
    occurred_at: AwareDatetime
    reporter_name: Word = ""
    reporter_phone: Word = ""
    photos: list[Photo] = Field(default=[], max_length=PHOTOS_MAX)


class Step(_Part):
    """Something that was done to a case. deed: lifecycle.Deed, or "answer". opinion: what its reporter may read."""

    deed: Word
    at: AwareDatetime
    opinion: Words = ""
    organization: Word = ""
    level: Word = ""
    result: Word = ""


class Progress(_Part):
    """What has become of a case. number: the sender's own; photos: of the result."""

    number: Word
    steps: list[Step] = Field(max_length=_ROWS_MAX)
    photos: list[Photo] = Field(default=[], max_length=PHOTOS_MAX)


class Judged(_Part):
    """What its reporter, or the office that took it in, says of a case that was closed. score: 0 for done over."""

    number: Word
    at: AwareDatetime
    is_solved: bool
    score: int = Field(ge=0, le=5)
    text: Words = ""


class Contents(_Part):
    """Everything in a package."""

    cases: list[CarriedCase] = Field(default=[], max_length=_ROWS_MAX)
    progress: list[Progress] = Field(default=[], max_length=_ROWS_MAX)
    judged: list[Judged] = Field(default=[], max_length=_ROWS_MAX)

    @property
    def photos(self) -> int:
        """How many photos are inside."""
        return sum(len(case.photos) for case in self.cases) + sum(len(told.photos) for told in self.progress)

    @property
    def steps(self) -> int:
        """How many steps and judgements are inside."""
        return sum(len(each.steps) for each in self.progress) + len(self.judged)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to carry."""
        return not (self.cases or self.progress or self.judged)


def photo_text(data: bytes) -> str:
    """Return a photo as it stands in the contents."""
    return base64.b64encode(data).decode()


def photo_bytes(text: str) -> bytes:
    """Return a photo's bytes; raise ValueError."""
    return base64.b64decode(text, validate=True)
