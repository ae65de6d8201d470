"""Which cases may be the same matter: near in place and time, of one class, told in similar words.

Answered by one index over cells of the map and the time (migration 0011): a cell is a five-hundredth of a degree
each way, about two hundred metres, so that a radius of fifty metres touches four at most.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, floor, radians
from typing import Any, cast

from haitang.cases.models import Case
from haitang.cases.models.case import CaseQuerySet
from haitang.cases.queries.cases import CaseView, describe
from haitang.cases.queries.catalog import catalog
from haitang.cases.values import Mark
from haitang.core import search
from haitang.core.access import Actor

CELLS_PER_DEGREE = 500
CELL_SQL = "(floor(lat * 500)::bigint * 1000000 + floor(lon * 500)::bigint)"
"""A point's cell as the index has it; `_cells` reckons the same."""
SHOWN_MAX = 10
_LOOKED_AT_MAX = 200
_CELLS_MAX = 2_000
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Similar:
    """A case that may be the same matter, and why: how far, how long before or after, how alike the words.

    percent: of the words, None where there were none to compare with.
    """

    case: Case
    metres: int
    minutes: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class SimilarView:
    """A case that may be the same matter, with its names; see `Similar`."""

    view: CaseView
    metres: int
    minutes: int
    percent: int | None


def list_similar(
    *,
    viewer: Actor,
    lon: float,
    lat: float,
    now: datetime,
    category_id: int | None = None,
    description: str = "",
    but: int | None = None,
) -> list[Similar]:
    """Return cases near a point, reported shortly before or after `now`, that may be the same matter, at most ten.

    Distance, time and likeness come from the settings `similar` and `similar_percent` (50 m, 24 h, 20 % as shipped).
    category_id: narrows to its top class, and to cases that have none yet. description: narrows to similar words, the
    most alike first; "" compares none, the newest first. but: a case to leave out. Cases that were joined to another
    are left out too: their main case stands for them.
    """
    known = catalog()
    rule, at_least = known.setting("similar"), known.setting("similar_percent")
    wanted = frozenset(search.tokens(description))
    found = []
    for case in _near(viewer, lon, lat, now, rule, but):
        metres = distance(lon, lat, case)
        if metres > rule["meters"] or not same_class(category_id, case.category_id):
            continue
        percent = None
        if wanted:
            percent = round(100 * search.likeness_of(wanted, frozenset(search.tokens(case.description))))
            if percent < at_least:
                continue
        minutes = round(abs((case.reported_at - now).total_seconds()) / 60)
        found.append(Similar(case, round(metres), minutes, percent))
    if wanted:
        found.sort(key=lambda each: (-(each.percent or 0), each.metres))
    return found[:SHOWN_MAX]


def describe_similar(found: list[Similar]) -> list[SimilarView]:
    """Return the cases with their names, in their order."""
    views = describe([each.case for each in found])
    return [SimilarView(view, each.metres, each.minutes, each.percent) for view, each in zip(views, found, strict=True)]


def distance(lon: float, lat: float, case: Case) -> float:
    """Return how many metres lie between a point and a case that has one, on the level: exact enough for a street."""
    assert case.lon is not None
    assert case.lat is not None
    east = (case.lon - lon) * cos(radians(lat)) * _METRES_PER_DEGREE
    return float((east**2 + ((case.lat - lat) * _METRES_PER_DEGREE) ** 2) ** 0.5)


def _near(viewer: Actor, lon: float, lat: float, now: datetime, rule: dict[str, Any], but: int | None) -> list[Case]:
    """Return the cases in the square around the circle, newest first, as many as are worth looking at."""
    north = rule["meters"] / _METRES_PER_DEGREE
    east = north / max(cos(radians(lat)), 0.01)
    rows = (
        Case.objects.visible_to(viewer)
        .filter(
            reported_at__gt=now - timedelta(hours=rule["hours"]),
            reported_at__lt=now + timedelta(hours=rule["hours"]),
            lon__range=(lon - east, lon + east),
            lat__range=(lat - north, lat + north),
        )
        .exclude(marks__contains=[Mark.JOINED.value])
    )
    if cells := _cells(lon - east, lat - north, lon + east, lat + north):
        within = rows.extra(where=[f"{CELL_SQL} = ANY(%s)"], params=[cells])  # noqa: S610 - a fixed expression
        rows = cast("CaseQuerySet", within)
    if but is not None:
        rows = rows.exclude(pk=but)
    return list(rows.defer("search", "query_code", "deadlines").order_by("-reported_at", "-id")[:_LOOKED_AT_MAX])


def _cells(west: float, south: float, east: float, north: float) -> list[int]:
    """Return the cells that a box touches; none where they are too many to be named one by one."""
    columns = range(floor(west * CELLS_PER_DEGREE), floor(east * CELLS_PER_DEGREE) + 1)
    lines = range(floor(south * CELLS_PER_DEGREE), floor(north * CELLS_PER_DEGREE) + 1)
    if len(columns) * len(lines) > _CELLS_MAX:
        return []
    return [line * 1_000_000 + column for line in lines for column in columns]


def same_class(one: int | None, other: int | None) -> bool:
    """Tell whether two categories have one top class; a case without a category may be of any."""
    if one is None or other is None or one == other:
        return True
    known = catalog()
    first, second = known.by_id.get(one), known.by_id.get(other)
    return first is not None and second is not None and first.ids[0] == second.ids[0]
