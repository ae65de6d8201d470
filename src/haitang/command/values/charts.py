"""Bars as numbers for an SVG: the template only prints them. No library, no script, no style attribute."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 960, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 26
LABELS_MAX = 12
"""More labels along the axis than this run into one another."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. series: which of the series it belongs to, from 1. title: what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at an axis; at is its x below the chart, or its y to the left."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in groups, with marks along both axes, in a box of width by height units."""

    bars: tuple[Bar, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def bar_chart(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Return bars grouped by label, one of each series side by side, on a scale from 0 to a round number.

    series: (name, one number at least 0 for each label).
    """
    top = _round_up(max((n for _name, numbers in series for n in numbers), default=0))
    room_x, room_y = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = room_x / max(len(labels), 1)
    width = min(step * 0.8 / max(len(series), 1), 28)
    bars = []
    for at, label in enumerate(labels):
        start = LEFT + step * (at + 0.5) - width * len(series) / 2
        for order, (name, numbers) in enumerate(series):
            height = room_y * numbers[at] / top
            bars.append(
                Bar(
                    _one(start + width * order), _one(HEIGHT - BOTTOM - height), _one(width), _one(height),
                    order + 1, f"{label} {name} {numbers[at]:,}",
                )
            )  # fmt: skip
    every = max(ceil(len(labels) / LABELS_MAX), 1)
    across = tuple(
        Mark(_one(LEFT + step * (at + 0.5)), label) for at, label in enumerate(labels) if at % every == 0
    )  # fmt: skip
    up = tuple(Mark(_one(HEIGHT - BOTTOM - room_y * part / 4), f"{top * part // 4:,}") for part in range(5))
    return Chart(tuple(bars), across, up)


def _one(number: float) -> float:
    return round(number, 1)


def _round_up(number: int) -> int:
    """Return the next of 4, 8, 20, 40, 80, 200, …: quarters of it are whole numbers."""
    scale = 4
    while True:
        for factor in (1, 2, 5):
            if number <= scale * factor:
                return scale * factor
        scale *= 10
