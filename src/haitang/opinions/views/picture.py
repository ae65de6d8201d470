"""The picture of the groups: a circle for each, as large as it has people, near to those that think alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from haitang.opinions.queries import GroupView

_WIDTH, _HEIGHT, _MARGIN = 560.0, 360.0, 24.0
_GAP, _ROUNDS = 14.0, 200
_LARGEST = 120.0
"""The radius that all people together would have."""
_SMALLEST = 56.0
"""The radius in which a group can still be named on a phone."""


@dataclass(slots=True)
class Circle:
    """A group as it is drawn, in units of the picture. is_own: the viewer is one of them."""

    group: GroupView
    x: float
    y: float
    radius: float
    is_own: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Circles, and the part of the plane on which they lie."""

    circles: tuple[Circle, ...]
    box: str


def picture_of(groups: Sequence[GroupView], own: int | None) -> Picture | None:
    """Return the picture, None where there are no groups. own: the viewer's group, from 0.

    Distances are those of the projection, stretched to the picture; circles that would lie on one another are moved
    apart along the line between them, the same way every time.
    """
    if not groups:
        return None
    people = sum(each.people for each in groups)
    spread = max(max(abs(each.x), abs(each.y)) for each in groups) or 1.0
    circles = [
        Circle(
            each, each.x / spread * _WIDTH / 2, -each.y / spread * _HEIGHT / 2,
            max(_LARGEST * sqrt(each.people / people), _SMALLEST), each.number - 1 == own,
        )
        for each in groups
    ]  # fmt: skip
    for _round in range(_ROUNDS):
        if not _part(circles):
            break
    left, top = (min(getattr(each, side) - each.radius for each in circles) - _MARGIN for side in "xy")
    right, bottom = (max(getattr(each, side) + each.radius for each in circles) + _MARGIN for side in "xy")
    for each in circles:
        each.x, each.y, each.radius = round(each.x, 1), round(each.y, 1), round(each.radius, 1)
    return Picture(tuple(circles), f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}")


def _part(circles: list[Circle]) -> bool:
    """Move circles apart that lie on one another; return whether there were any."""
    moved = False
    for at, one in enumerate(circles):
        for other in circles[at + 1 :]:
            across, down = other.x - one.x, other.y - one.y
            apart, wanted = hypot(across, down), one.radius + other.radius + _GAP
            if apart >= wanted - 0.01:
                continue
            across, down = (across / apart, down / apart) if apart > 0.01 else (1.0, 0.0)
            push = (wanted - apart) / 2
            one.x, one.y = one.x - across * push, one.y - down * push
            other.x, other.y = other.x + across * push, other.y + down * push
            moved = True
    return moved
