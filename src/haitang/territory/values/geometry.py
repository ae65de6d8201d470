"""Boundaries: reading them from GeoJSON without trusting it, measuring them, and finding what is wrong with them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from haitang.territory.values.coordinates import to_wgs84
from haitang.territory.values.defaults import BOUNDARY
from haitang.territory.values.words import Crs, InvalidBoundary, Kind

# Length of one degree of latitude on the mean sphere of radius 6,371,008.8 m (IUGG).
_DEGREE_M = math.pi * 6371008.8 / 180.0
# Seven decimals of a degree are one centimetre: finer than any survey of a grid, and stable in JSON.
_DECIMALS = 7
_NEST = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with boundaries. what: gap, overlap, outside, missing, invalid. m2: its size. lon, lat: where."""

    what: str
    text: str
    area_ids: tuple[int, ...] = ()
    m2: float = 0.0
    lon: float | None = None
    lat: float | None = None


def read_geometry(geometry: Any, *, crs: str = Crs.WGS84, kind: str = Kind.GRID) -> BaseGeometry:
    """Return the valid WGS84 shapely geometry of a GeoJSON Polygon or MultiPolygon (for a building also a Point).

    crs: in which the numbers are given, one of `Crs`; heights are dropped; positions are rounded to 1 cm.
    Raises InvalidBoundary for anything else, with a sentence on what is wrong and where.
    Source: RFC 7946.
    """
    allowed = ("Polygon", "MultiPolygon", "Point") if kind == Kind.BUILDING else ("Polygon", "MultiPolygon")
    kind_of = str(geometry.get("type")) if isinstance(geometry, dict) else ""
    if kind_of not in allowed:
        raise _invalid(_("边界应为 GeoJSON 的 Polygon 或 MultiPolygon"))
    if crs not in Crs.values:
        raise _invalid(_("不认识的坐标系，可用：%(known)s") % {"known": "、".join(Crs.values)})
    positions: list[tuple[float, float]] = []
    shape = _read_nested(geometry.get("coordinates"), _NEST[kind_of], positions)
    if not positions:
        raise _invalid(_("边界没有任何坐标"))
    given = np.asarray(positions, dtype=float)
    lons, lats = to_wgs84(given[:, 0], given[:, 1], crs)
    points = np.round(np.column_stack([lons, lats]), _DECIMALS)
    if kind_of == "Point":
        return shapely.Point(points[0])
    polygons = [_polygon(rings, points) for rings in (shape if kind_of == "MultiPolygon" else [shape])]
    found = shapely.MultiPolygon(polygons) if kind_of == "MultiPolygon" else polygons[0]
    if not found.is_valid:
        raise _invalid(_("边界自身有误（%(why)s），请修正后重试") % {"why": _why(found)})
    if found.is_empty or found.area == 0:
        raise _invalid(_("边界没有面积"))
    return found


def _read_nested(value: Any, depth: int, positions: list[tuple[float, float]]) -> Any:
    """Replace every position by its number in `positions`, checking the nesting, the numbers and their count."""
    if not isinstance(value, list | tuple):
        raise _invalid(_("边界的坐标层次不正确"))
    if depth:
        return [_read_nested(each, depth - 1, positions) for each in value]
    if not 2 <= len(value) <= 4 or any(isinstance(n, bool) or not isinstance(n, int | float) for n in value):
        raise _invalid(_("第 %(n)d 个坐标不是一对数字") % {"n": len(positions) + 1})
    lon, lat = value[0], value[1]
    if not -180 <= lon <= 180 or not -90 <= lat <= 90:
        hint = _("，疑似经纬度颠倒") if -180 <= lat <= 180 and -90 <= lon <= 90 else ""
        raise _invalid(
            _("第 %(n)d 个坐标（%(lon)s, %(lat)s）超出经纬度范围%(hint)s")
            % {"n": len(positions) + 1, "lon": str(lon)[:20], "lat": str(lat)[:20], "hint": hint}
        )
    if len(positions) >= BOUNDARY["vertices_max"]:
        raise _invalid(_("边界的顶点超过 %(max)d 个，请先化简") % {"max": BOUNDARY["vertices_max"]})
    positions.append((float(lon), float(lat)))
    return len(positions) - 1


def _polygon(rings: list[list[int]], points: np.ndarray) -> shapely.Polygon:
    if not rings:
        raise _invalid(_("边界缺少外环"))
    closed = []
    for number, ring in enumerate(rings, start=1):
        if len(ring) < 3:
            raise _invalid(_("第 %(n)d 个环不足三个顶点") % {"n": number})
        closed.append(points[[*ring, ring[0]]] if tuple(points[ring[0]]) != tuple(points[ring[-1]]) else points[ring])
        if len(closed[-1]) < 4:
            raise _invalid(_("第 %(n)d 个环不足三个顶点") % {"n": number})
    return shapely.Polygon(closed[0], closed[1:])


def _why(shape: BaseGeometry) -> str:
    reason = explain_validity(shape)
    place = reason[reason.find("[") + 1 : reason.find("]")] if "[" in reason else ""
    if "few points" in reason.lower():
        return _("没有面积")
    words = _("边线自相交") if "intersection" in reason.lower() else _("环的位置不正确")
    return _("%(words)s，位置 %(place)s") % {"words": words, "place": place} if place else words


def _invalid(sentence: str) -> InvalidBoundary:
    return InvalidBoundary(sentence, {"boundary": sentence})


def square_metres(shape: BaseGeometry) -> float:
    """Return the area of a WGS84 geometry, within 0.5 % at the size of a city (plane at its own latitude)."""
    if shape.is_empty:
        return 0.0
    latitude = math.radians((shape.bounds[1] + shape.bounds[3]) / 2)
    return shape.area * _DEGREE_M**2 * math.cos(latitude)


def find_overlaps(
    ids: Sequence[int], names: Sequence[str], shapes: np.ndarray, *, among: frozenset[int] | None = None
) -> list[Finding]:
    """Return every pair that overlaps beyond the tolerance; with `among`, only pairs with one of these ids in them."""
    found = []
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    if among is not None:
        new = np.isin(np.asarray(ids), list(among))
        wanted = new[left] | new[right]
        left, right = left[wanted], right[wanted]
    if not len(left):
        return []
    common = shapely.intersection(shapes[left], shapes[right])
    for i, j, shared in zip(left.tolist(), right.tolist(), common, strict=True):
        m2 = square_metres(shared) if shared.area else 0.0
        if m2 > BOUNDARY["overlap_m2"]:
            at = shared.representative_point()
            text = _("“%(a)s”与“%(b)s”重叠约 %(m2)s 平方米（%(place)s 附近）") % {
                "a": names[i], "b": names[j], "m2": f"{m2:,.0f}", "place": place(at.x, at.y),
            }  # fmt: skip
            found.append(Finding("overlap", text, (ids[i], ids[j]), m2, at.x, at.y))
    return found


def find_outside(
    area_id: int, name: str, shape: BaseGeometry, parent: BaseGeometry, parent_name: str
) -> Finding | None:
    """Return what sticks out of the parent beyond the tolerance, or None."""
    if shapely.covers(parent, shape):
        return None
    rest = shape.difference(parent)
    m2 = square_metres(rest) if rest.area else 0.0
    if m2 <= BOUNDARY["outside_m2"] and not (shape.geom_type == "Point" and not rest.is_empty):
        return None
    at = rest.representative_point()
    text = _("“%(a)s”有约 %(m2)s 平方米超出“%(b)s”（%(place)s 附近）") % {
        "a": name, "b": parent_name, "m2": f"{m2:,.0f}", "place": place(at.x, at.y),
    }  # fmt: skip
    return Finding("outside", text, (area_id,), m2, at.x, at.y)


def find_gaps(parent_id: int, parent_name: str, parent: BaseGeometry, shapes: np.ndarray) -> list[Finding]:
    """Return the parts of the parent beyond the tolerance that no child covers."""
    rest = parent.difference(shapely.union_all(shapes))
    found = []
    for part in getattr(rest, "geoms", [rest]):
        m2 = square_metres(part) if part.area else 0.0
        if m2 > BOUNDARY["gap_m2"]:
            at = part.representative_point()
            text = _("“%(a)s”内有约 %(m2)s 平方米未划入任何下级区域（%(place)s 附近）") % {
                "a": parent_name, "m2": f"{m2:,.0f}", "place": place(at.x, at.y),
            }  # fmt: skip
            found.append(Finding("gap", text, (parent_id,), m2, at.x, at.y))
    return sorted(found, key=lambda each: -each.m2)


def place(lon: float, lat: float) -> str:
    """Return a position as people write it: 121.30086, 31.49675."""
    return f"{lon:.5f}, {lat:.5f}"
