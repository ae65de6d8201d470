"""Types that every API schema uses: bounded text without NUL, and the shape of a refusal."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Schema as NinjaSchema
from pydantic import ConfigDict, Field
from pydantic_core import to_json

NO_NUL = r"^[^\x00]*$"
ID_MAX = 2**63 - 1


def text(max_length: int, min_length: int = 0) -> Any:
    """Return what makes a `str` a text of so many characters, without NUL: `Annotated[str, text(40)]`."""
    return Field(min_length=min_length, max_length=max_length, pattern=NO_NUL)


Id = Annotated[int, Field(ge=1, le=ID_MAX)]


class Schema(NinjaSchema):
    """The base of what comes in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Problem(NinjaSchema):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    fields: dict[str, str] | None = None


def answer(body: Any, status: int = 200) -> HttpResponse:
    """Return a body as JSON as it stands, for answers that are asked for often or are long.

    The operation still names its schema; a test compares the two. Checking every answer against it once more
    costs more than reading fifty cases.
    """
    return HttpResponse(to_json(body), status=status, content_type="application/json; charset=utf-8")


REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422, 429, 503), Problem)
