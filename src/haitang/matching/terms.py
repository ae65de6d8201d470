"""What is asked of `assign`, and what it answers. Ids sort among themselves; a tie is decided by their order."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Id: TypeAlias = int | str
Span: TypeAlias = tuple[int, int]
"""From a minute until a minute, the last one not included."""

WEEK = 7 * 24 * 60
_MOST = 1_000_000


def minute_of(local: datetime) -> int:
    """Return the minute at which a local date and time falls, counted from a Monday 00:00 (of the year 1)."""
    return (local.toordinal() - 1) * 1440 + local.hour * 60 + local.minute


@dataclass(frozen=True, slots=True)
class Task:
    """Something that people are wanted for.

    place: (longitude, latitude), None where it can be done from anywhere. skills: all are needed. useful: skills that
    help. languages: one of them is needed; none named, any will do. span: when it may be done, minutes as
    `minute_of` counts them, None for any time; minutes: how long it takes without a break. slot: of the tasks of one
    (a half day, an hour) nobody gets more than their `slot_room`. kind: what wishes are about.
    helpers: people wanted, each another one.
    priority: what a missing helper counts, 1 is usual. not_by: people who may not get it (they declined, they ask).
    circle: who may be asked at all, "" for everybody; the caller's word, which people carry in theirs.
    """

    id: Id
    place: tuple[float, float] | None = None
    skills: frozenset[str] = frozenset()
    useful: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    span: Span | None = None
    minutes: int = 0
    slot: Hashable = None
    kind: str = ""
    helpers: int = 1
    priority: int = 1
    not_by: frozenset[Id] = frozenset()
    circle: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody (or a team) who can be asked.

    place: (longitude, latitude) of their grid, None where it is not known: then only tasks without a place fit.
    reach: metres that they go. times: when they are free in a week, minutes from Monday 00:00; none told, always.
    busy: what is taken of it, minutes as `minute_of` counts them. room: tasks that they can take yet; slot_room: of
    one slot, more than one for a team.
    load: tasks that they have had in the time that fairness looks at. likes, avoids: kinds of tasks.
    circles: those that they belong to.
    """

    id: Id
    place: tuple[float, float] | None = None
    reach: int = 1000
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    times: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    room: int = 1
    slot_room: int = 1
    load: int = 0
    likes: frozenset[str] = frozenset()
    avoids: frozenset[str] = frozenset()
    circles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, in points; policy of whoever calls. All from 0 to 1,000,000.

    distance: a kilometre. skill: each useful skill that the person lacks. time: a span in which they are free for
    no moment longer than it takes (in proportion; nothing where they are free throughout). load: `load` times
    (2 n + 1) for a task after n others. other: a kind that they did not wish for; avoided: one that they would rather
    not do. missing: each helper that a task does not get, times its priority: far above the rest, so that no task
    goes without to save somebody's walk. candidates: how many of the cheapest are looked at for each task, at first.
    """

    distance: int = 100
    skill: int = 60
    time: int = 40
    load: int = 30
    other: int = 20
    avoided: int = 300
    missing: int = 1_000_000
    candidates: int = 200

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= _MOST:
                raise ValueError(f"{name} must lie between 0 and {_MOST}")
        if not self.candidates:
            raise ValueError("candidates must be at least 1")


class Wish(StrEnum):
    """What a person said of this kind of task."""

    LIKED = "liked"
    OTHER = "other"
    AVOIDED = "avoided"


class Lack(StrEnum):
    """Why a task does not get all the helpers that it wants: what too few people have, asked in this order."""

    CIRCLE = "circle"
    SKILL = "skill"
    LANGUAGE = "language"
    REACH = "reach"
    BARRED = "barred"
    TIME = "time"
    ROOM = "room"
    TAKEN = "taken"
    """Enough people fit, and all of them do something else of this batch."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the points of a proposal are made of."""

    distance: int
    skill: int
    time: int
    wish: int
    load: int

    @property
    def total(self) -> int:
        """Return the points of the proposal."""
        return self.distance + self.skill + self.time + self.wish + self.load


@dataclass(frozen=True, slots=True)
class Proposal:
    """A person for a task, and why.

    metres: as the crow flies, None without a place. skills, languages: what is needed and they have. useful, lacking:
    of what would help, what they have and have not. free: minutes without a break in the task's span, None without one.
    load: tasks before this one, those of this batch counted. fitting: how many people fit this task.
    rank: which of them this one is, taken for this task alone; first: the one who would be the cheapest.
    """

    task: Id
    person: Id
    parts: Parts
    metres: int | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    useful: tuple[str, ...]
    lacking: tuple[str, ...]
    free: int | None
    wish: Wish
    load: int
    rank: int
    fitting: int
    first: Id


@dataclass(frozen=True, slots=True)
class Unmet:
    """A task that goes without. left: how many people are left after each question, in the order of `Lack`."""

    task: Id
    missing: int
    why: Lack
    left: dict[Lack, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """An assignment in numbers. cost: in points, all counted. metres: walked by all. busiest: most tasks of one person,
    earlier ones counted. avoided: given to somebody who would rather not.
    """

    cost: int
    assigned: int
    missing: int
    metres: int
    busiest: int
    avoided: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """The cheapest assignment, beside what one gets who fills task after task.

    proposals, unmet: by task, then person. fitting: pairs that fit. left_out: those that were not looked at, being
    far from the cheapest for their task; 0 means that nothing cheaper exists at all.
    """

    proposals: tuple[Proposal, ...]
    unmet: tuple[Unmet, ...]
    figures: Figures
    greedy: Figures
    fitting: int
    left_out: int
