"""The shapes of the API of service days: what comes in, bounded and strict, and what goes out."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from ninja import Schema as NinjaSchema
from pydantic import Field

from haitang.core.schemas import Id, Schema, text
from haitang.servicedays.queries import DayView, NearView, ShiftView
from haitang.servicedays.values import (
    PLACE_LENGTH_MAX,
    PLACES_MAX,
    REASON_LENGTH_MAX,
    SHIFTS_MAX,
    TASK_LENGTH_MAX,
    THEME_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    NewDay,
    NewRule,
    NewShift,
    Repeat,
)

Code = Annotated[str, text(40, 1)]


class ShiftIn(Schema):
    """A shift as it is planned. start, end: on the clock of Shanghai."""

    task: Annotated[str, text(TASK_LENGTH_MAX, 1)]
    place: Annotated[str, text(PLACE_LENGTH_MAX, 1)]
    start: time
    end: time
    places: Annotated[int, Field(ge=1, le=PLACES_MAX)]
    skills: Annotated[list[Code], Field(max_length=10)] = []

    def new(self) -> NewShift:
        """Return it as actions take it."""
        start, end = (at.replace(tzinfo=None, second=0, microsecond=0) for at in (self.start, self.end))
        return NewShift(self.task, self.place, start, end, self.places, tuple(self.skills))


class DayIn(Schema):
    """A service day. repeat: empty for once; otherwise it comes again like the day `on`, until `until`."""

    theme: Annotated[str, text(THEME_LENGTH_MAX, 1)]
    area_code: Code
    on: date
    shifts: Annotated[list[ShiftIn], Field(min_length=1, max_length=SHIFTS_MAX)]
    words: Annotated[str, text(WORDS_LENGTH_MAX)] = ""
    repeat: Literal[tuple(Repeat.values)] | None = None  # type: ignore[valid-type]  # choices come from an enum
    until: date | None = None

    def new(self) -> NewDay | NewRule:
        """Return it as actions take it."""
        shifts = tuple(each.new() for each in self.shifts)
        if self.repeat is None:
            return NewDay(self.theme, self.area_code, self.on, shifts, self.words)
        nth = (self.on.day - 1) // 7 + 1
        return NewRule(
            self.theme, self.area_code, self.repeat, self.on.weekday(), nth, self.on, shifts, self.until, self.words
        )


class LeaveIn(Schema):
    """Why."""

    reason: Annotated[str, text(REASON_LENGTH_MAX, 1)]


class CancelDayIn(Schema):
    """Why a day is called off."""

    reason: Annotated[str, text(WORDS_LENGTH_MAX, 1)]


class CodeIn(Schema):
    """The code that was scanned on the spot."""

    code: Annotated[str, text(100, 1)]


class MissedIn(Schema):
    """Who of those signed up did not come."""

    missed: Annotated[list[Id], Field(max_length=PLACES_MAX)] = []


class ShiftOut(NinjaSchema):
    """A shift. left: places left."""

    id: int
    task: str
    place: str
    begins_at: datetime
    ends_at: datetime
    places: int
    left: int
    waiting: int
    here: int
    skills: list[str]
    closed_at: datetime | None


class DayOut(NinjaSchema):
    """A service day as the office sees it."""

    id: int
    theme: str
    on: date
    area: str
    organization: str
    words: str
    cancelled_at: datetime | None
    reason: str
    shifts: list[ShiftOut]


class NearOut(NinjaSchema):
    """A shift to sign up for. metres: from where the caller lives, empty where not known. mine: the caller's state.

    mine: "" for not signed up, `waiting` on the wait list, `place` with a place, `assured` when they have confirmed.
    """

    theme: str
    area: str
    metres: int | None
    mine: str
    shift: ShiftOut


def shift_out(view: ShiftView) -> dict[str, Any]:
    """Return a shift as ShiftOut."""
    row = view.shift
    return {
        "id": row.pk, "task": row.task, "place": row.place, "begins_at": row.begins_at, "ends_at": row.ends_at,
        "places": row.places, "left": row.left, "waiting": view.waiting, "here": view.here, "skills": row.skills,
        "closed_at": row.closed_at,
    }  # fmt: skip


def day_out(view: DayView) -> dict[str, Any]:
    """Return a service day as DayOut."""
    row = view.day
    return {
        "id": row.pk, "theme": row.theme, "on": row.on, "area": view.area_name,
        "organization": view.organization_name, "words": row.words, "cancelled_at": row.cancelled_at,
        "reason": row.reason, "shifts": [shift_out(each) for each in view.shifts],
    }  # fmt: skip


def near_out(near: NearView) -> dict[str, Any]:
    """Return a shift to sign up for as NearOut."""
    mine, state = near.mine, ""
    if mine is not None and mine.has_place:
        state = "assured" if mine.assured_at else "place"
    elif mine is not None and mine.turn is not None:
        state = "waiting"
    return {
        "theme": near.view.shift.day.theme, "area": near.area_name, "metres": near.metres, "mine": state,
        "shift": shift_out(near.view),
    }  # fmt: skip
