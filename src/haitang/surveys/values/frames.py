"""Frames: the lists from which those who are asked are drawn. Households are always there; apps above join others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haitang.core.ports import Port

HOUSEHOLDS = ""
"""The frame of households, each known by its number in the address list that the community keeps."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A list that an app above keeps, of a period.

    key: under which surveys keep it. label: what stands in the list, unit: what its lines are called by; message ids.
    list_members: from the ids of areas and two days, both in it, by area's id the lines there, sorted: never names.
    """

    key: str
    label: str
    unit: str
    list_members: Callable[[Sequence[int], date, date], Mapping[int, list[str]]]


FRAMES: Port[Frame] = Port("from what lists, besides households, those who are asked may be drawn")


def frame_of(key: str) -> Frame | None:
    """Return the frame of that key; None for households, and for what nobody has joined."""
    return next((each for each in FRAMES if each.key == key), None)
