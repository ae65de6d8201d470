"""The words of open data: permission, formats, columns, and how lines are made so coarse that nobody is found."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import cos, radians
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import NotFound
from haitang.territory.values import Kind

METRES_PER_DEGREE = 111_320.0
"""Along a meridian."""
TEXT_LENGTH_MAX = 500
"""Of the texts among the rules."""
AREA_KINDS = (Kind.DISTRICT.value, Kind.STREET.value, Kind.COMMUNITY.value, Kind.GRID.value)
"""How narrow areas may be told."""
PREFIX = "cases-"
"""How the name of every file begins; the month follows."""


class Permission(StrEnum):
    """What may be done about open data. Which role holds which is data."""

    MANAGE = "opendata.publication.manage"


class Format(TextChoices):
    """As what a month is published."""

    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    GEOJSON = "geojson", "GeoJSON"


MEDIA = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json; charset=utf-8",
    Format.GEOJSON: "application/geo+json",
}


class Dates(TextChoices):
    """How exactly days are told: the day, the Monday of its week, the first of its month."""

    DAY = "day", _("日")
    WEEK = "week", _("周（写作周一）")
    MONTH = "month", _("月（写作一日）")


class State(TextChoices):
    """Whether something is still to be done."""

    OPEN = "open", _("办理中")
    CLOSED = "closed", _("已办结")


class Result(TextChoices):
    """How a matter ended."""

    DONE = "done", _("已办理")
    REFUSED = "refused", _("不予受理")


class Location(TextChoices):
    """What the point of a line is: the middle of a square that holds enough such lines, or of its area."""

    SQUARE = "square", _("方格中心")
    AREA = "area", _("区域中心")


COLUMNS: Mapping[str, object] = {
    "month": _("上报月份"),
    "category_code": _("类别编码"),
    "category": _("类别"),
    "area_code": _("区域编码"),
    "area": _("区域"),
    "reported_on": _("上报日期"),
    "state": _("状态：open 办理中，closed 已办结"),
    "result": _("结果：done 已办理，refused 不予受理；办理中为空"),
    "closed_on": _("办结日期"),
    "in_time": _("处置是否按时：true、false；不适用为空"),
    "solved_at": _("解决层级：grid、community、street、district、city；未定为空"),
    "lon": _("经度（WGS84）"),
    "lat": _("纬度（WGS84）"),
    "location": _("位置精度：square 方格中心，area 区域中心；没有位置为空"),
}
"""What stands in every line, in order, and what it means."""


class NothingPublished(NotFound):
    """Open data are off, or there is no such file."""


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the map by its row and column. metres: the length of its side."""

    row: int
    column: int
    metres: int

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of its middle, to four digits (some ten metres)."""
        height = self.metres / METRES_PER_DEGREE
        lat = (self.row + 0.5) * height
        return round((self.column + 0.5) * _width(self.row, self.metres), 4), round(lat, 4)


def square_of(lon: float, lat: float, metres: int) -> Square:
    """Return the square in which the point lies. metres: at least 1."""
    row = int(lat // (metres / METRES_PER_DEGREE))
    return Square(row, int(lon // _width(row, metres)), metres)


@lru_cache(maxsize=4096)
def _width(row: int, metres: int) -> float:
    """Return the width of the squares of a row in degrees: so many as make them about as wide as high."""
    height = metres / METRES_PER_DEGREE
    return height / max(cos(radians((row + 0.5) * height)), 0.01)


def told_on(day: date, dates: str) -> date:
    """Return the day as it is told: itself, the Monday of its week, or the first of its month."""
    if dates == Dates.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if dates == Dates.MONTH else day


Cell = TypeVar("Cell")


def coarsened(
    counts: Mapping[Cell, int],
    least: int,
    wider: Callable[[Cell], Cell | None],
    depth: Callable[[Cell], tuple[int, ...]],
) -> dict[Cell, Cell | None]:
    """Return for every cell the one under which its lines are told, so that each told holds at least so many lines.

    counts: lines by cell. wider: the next wider cell, None where there is none: such lines are left out. depth: the
    deeper, the narrower. Of the cells with too few lines the narrowest are widened first, until none is left; what is
    told is then k-anonymous in what makes up a cell (L. Sweeney, 2002; GB/T 37964-2019).
    """
    told: dict[Cell, Cell | None] = {cell: cell for cell in counts}
    while True:
        totals: Counter[Cell] = Counter()
        for cell, count in counts.items():
            if (at := told[cell]) is not None:
                totals[at] += count
        few = [at for at, count in totals.items() if count < least]
        if not few:
            return told
        deepest = max(map(depth, few))
        widened = {at: wider(at) for at in few if depth(at) == deepest}
        for cell, at in told.items():
            if at in widened:
                told[cell] = widened[at]


def name_of(month: date, form: str) -> str:
    """Return the name of a month's file: "cases-2026-05.csv"."""
    return f"{PREFIX}{month:%Y-%m}.{form}"
