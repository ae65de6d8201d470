"""The shapes of the API of merging."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.cases.values import DESCRIPTION_LENGTH_MAX, OPINION_LENGTH_MAX, REASON_LENGTH_MAX, Channel
from haitang.core.schemas import Id, Schema, text
from haitang.merging.values import JOINED_AT_ONCE_MAX

Opinion = Annotated[str, text(OPINION_LENGTH_MAX, 1)]


class Named(NinjaSchema):
    """A category by code and name."""

    code: str
    name: str


class SimilarQuery(Schema):
    """A matter that is about to be reported."""

    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    description: Annotated[str, text(DESCRIPTION_LENGTH_MAX)] = ""
    category: Annotated[str, text(40)] | None = None


class SimilarOut(NinjaSchema):
    """A case that may be the same matter, and what speaks for it: metres away, minutes apart, likeness in percent."""

    id: int
    number: str
    status: str
    category: Named | None
    description: str
    reported_at: datetime
    metres: int
    minutes: int
    percent: int | None


class MergeIn(Schema):
    """The cases that go along with the one in the address, and why."""

    cases: Annotated[list[Id], Field(min_length=1, max_length=JOINED_AT_ONCE_MAX)]
    opinion: Opinion


class PartIn(Schema):
    """The cases to be parted, all of them if none are named, and why."""

    cases: Annotated[list[Id], Field(max_length=JOINED_AT_ONCE_MAX)] = Field(default_factory=list)
    opinion: Opinion


class ChangedOut(NinjaSchema):
    """Which cases were joined, or parted, by this request."""

    cases: list[int]


class RepeatIn(Schema):
    """The same person with the same matter again. repeat_of: the number of the case that stands for it."""

    repeat_of: Annotated[str, text(40, 1)]
    description: Annotated[str, text(DESCRIPTION_LENGTH_MAX, 1)]
    channel: Literal[tuple(Channel.values)] = Channel.PHONE.value  # type: ignore[valid-type]  # choices come from an enum


class RepeatOut(NinjaSchema):
    """The case to which a repeated request was linked. repeats: how many there are by now."""

    id: int
    number: str
    repeats: int


class VoiceIn(Schema):
    """Whoever meets with the same, as they called."""

    phone: Annotated[str, text(30, 1)]


class VoiceOut(NinjaSchema):
    """That somebody said "me too": the case's number and their own code. voices: how many there are by now."""

    number: str
    query_code: str
    voices: int


class FlagIn(Schema):
    """Why a case is held for difficult, or no longer."""

    reason: Annotated[str, text(REASON_LENGTH_MAX, 1)]


class StandingOut(NinjaSchema):
    """How a case stands: its main case, what goes along with it, its priority and why, whether it is difficult."""

    main: int | None
    joined: list[int]
    priority: int
    points: int
    reasons: list[str]
    voices: int
    repeats: int
    difficult: str
