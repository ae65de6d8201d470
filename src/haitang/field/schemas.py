"""What a phone sends, bounded and strict."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from haitang.cases.values import DESCRIPTION_LENGTH_MAX, OPINION_LENGTH_MAX, PLACE_LENGTH_MAX
from haitang.core.schemas import Schema, text
from haitang.field.values import Capture

Code = Annotated[str, text(40)]


class PhoneIn(Schema):
    """A browser to be switched on: its own random name, and the private half of its key."""

    uid: UUID
    key: Annotated[str, text(8000, 1)]


class CaptureIn(Schema):
    """A capture and the phone that it was written on; see values.Capture."""

    phone: UUID
    key: UUID
    description: Annotated[str, text(DESCRIPTION_LENGTH_MAX)]
    captured_at: AwareDatetime
    category_code: Code = ""
    place: Annotated[str, text(PLACE_LENGTH_MAX)] = ""
    area_code: Code = ""
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    done: Annotated[str, text(OPINION_LENGTH_MAX)] = ""
    handled: bool = False

    @model_validator(mode="after")
    def _says_what_was_done(self) -> Self:
        if self.handled and not self.done.strip():
            raise ValueError("请写明是怎样当场办好的")
        return self

    def as_capture(self) -> Capture:
        """Return it in the words of the app."""
        given = self.model_dump(exclude={"phone", "handled", "done"})
        return Capture(**given, done=self.done if self.handled else "")
