"""Reads over the territory. The tree is a snapshot per process; boundaries are a second one, read when first needed."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core import paging
from haitang.core.paging import Page
from haitang.core.policy import Policy
from haitang.territory.models import Area, CodeRule, Population
from haitang.territory.values import AreaNotFound, AreaRef, BoundaryIndex, Kind, Territory, codes, defaults, geometry


def _load_tree() -> Territory:
    rows = Area.objects.order_by("code", "id").values_list(
        "id", "code", "name", "kind", "parent_id", "path", "depth", "valid_to"
    )
    return Territory(
        AreaRef(i, code, name, kind, parent_id, path, tuple(map(int, path[1:-1].split("/"))), depth, valid_to is None)
        for i, code, name, kind, parent_id, path, depth, valid_to in rows.iterator(chunk_size=5000)
    )


def _load_boundaries() -> BoundaryIndex:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, boundary::text FROM territory_area "
            "WHERE valid_to IS NULL AND boundary IS NOT NULL AND kind <> %s ORDER BY id",
            [Kind.BUILDING],
        )
        rows = cursor.fetchall()
    shapes = shapely.from_geojson(np.asarray([row[2] for row in rows], dtype=object))
    return BoundaryIndex([row[0] for row in rows], [row[1] for row in rows], shapes)


def _load_code_rules() -> tuple[codes.CodeRule, ...]:
    own = [
        codes.CodeRule(rule.kind, rule.pattern, rule.label, rule.strict, rule.source)
        for rule in CodeRule.objects.order_by("kind", "id")
    ]
    taken = {rule.kind for rule in own}
    return (*own, *(codes.CodeRule(**rule) for rule in defaults.CODE_RULES if rule["kind"] not in taken))


tree_policy: Policy[Territory] = Policy("territory.tree", _load_tree)
boundary_policy: Policy[BoundaryIndex] = Policy("territory.boundaries", _load_boundaries)
code_policy: Policy[tuple[codes.CodeRule, ...]] = Policy("territory.codes", _load_code_rules)


def territory() -> Territory:
    """Return the whole tree as an immutable snapshot; a call costs a dictionary look-up inside `policy.reading()`."""
    return tree_policy.get()


def code_rules() -> tuple[codes.CodeRule, ...]:
    """Return the patterns in force: the tenant's own, and the shipped ones for the kinds it has none for."""
    return code_policy.get()


def code_warnings(*, kind: str, code: str, parent_id: int | None) -> list[str]:
    """Return sentences on what is unusual about a code, none of which refuses it."""
    parent = territory().get(parent_id)
    parent_kind, parent_code = (parent.kind, parent.code) if parent else (None, None)
    return codes.code_warnings(kind, code, parent_kind, parent_code, code_rules())


def locate(lon: float, lat: float) -> AreaRef | None:
    """Return the narrowest valid area (grid, else community, street …) that holds the WGS84 point, or None.

    On a shared edge the area with the lowest id is meant.
    """
    (area_id,) = boundary_policy.get().locate_many([lon], [lat]).tolist()
    return territory().get(area_id) if area_id else None


def locate_many(lons: Iterable[float], lats: Iterable[float]) -> list[int | None]:
    """Return for each WGS84 point the id of the narrowest valid area that holds it, or None; see `locate`.

    NaN or infinite coordinates are in no area. Arrays of numpy are taken as they are.
    """
    found = boundary_policy.get().locate_many(lons, lats)  # type: ignore[arg-type]  # numpy takes any iterable that has a length
    return [area_id or None for area_id in found.tolist()]


def get_area(area_id: int) -> Area:
    """Return one version of an area, valid or closed, with its boundary. Raises AreaNotFound."""
    area = Area.objects.filter(pk=area_id).first()
    if area is None:
        raise AreaNotFound(_("没有找到该区域"))
    return area


def get_area_by_code(code: str) -> Area:
    """Return the valid area that holds the code, with its boundary. Raises AreaNotFound."""
    area = Area.objects.filter(code=code, valid_to=None).first()
    if area is None:
        raise AreaNotFound(_("没有编码为“%(code)s”的区域") % {"code": code[:40]})
    return area


def list_areas(
    *, parent_id: int | None = None, under: AreaRef | None = None, roots: bool = False, kind: str = "", text: str = "",
    closed: bool = False, cursor: str = "", limit: int | None = None,
) -> Page[Area]:  # fmt: skip
    """Return a page of areas by code, without boundaries: of one parent, anywhere under one, the roots, or all.

    text: found in the name, or at the beginning of the code. closed: also versions no longer valid.
    cursor: from the page before or after. limit: at most this many, and never more than the bound.
    Raises Invalid (a cursor that is none).
    """
    found = Area.objects.defer("boundary")
    if not closed:
        found = found.filter(valid_to=None)
    if parent_id is not None:
        found = found.filter(parent_id=parent_id)
    if roots:
        found = found.filter(parent=None)
    if under is not None:
        found = found.filter(path__startswith=under.path).exclude(pk=under.id)
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(name__contains=text) | Q(code__startswith=text))
    total = found.count()
    size = min(max(limit or defaults.LISTS["limit"], 1), defaults.LISTS["limit_max"])
    backwards = False
    if cursor:
        direction, code, area_id = paging.decode(cursor, str, str, int)
        backwards = direction == "before"
        if backwards:
            found = found.filter(Q(code__lt=code) | Q(code=code, pk__lt=area_id))
        else:
            found = found.filter(Q(code__gt=code) | Q(code=code, pk__gt=area_id))
    rows = list(found.order_by("-code", "-id")[: size + 1] if backwards else found.order_by("code", "id")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    before, after = (more, True) if backwards else (bool(cursor), more)
    return Page(
        rows,
        total,
        previous=paging.encode("before", rows[0].code, rows[0].pk) if rows and before else "",
        next=paging.encode("after", rows[-1].code, rows[-1].pk) if rows and after else "",
    )


def count_children(area_ids: Iterable[int]) -> dict[int, int]:
    """Return how many valid areas stand directly below each of these."""
    tree = territory()
    return {area_id: len(tree.children(area_id)) for area_id in area_ids}


def list_populations(area_id: int) -> list[Population]:
    """Return every figure of an area, the newest first."""
    return list(Population.objects.filter(area_id=area_id).order_by("-date", "kind"))


def latest_populations(area_ids: Iterable[int]) -> dict[int, dict[str, Population]]:
    """Return the newest figure of each kind for each of these areas."""
    found: dict[int, dict[str, Population]] = {}
    rows = Population.objects.filter(area_id__in=list(area_ids)).order_by("area_id", "kind", "-date")
    for row in rows.distinct("area_id", "kind"):
        found.setdefault(row.area_id, {})[row.kind] = row
    return found


def list_versions(area_id: int) -> list[Area]:
    """Return the versions that this area took the place of, the newest first."""
    found: list[Area] = []
    current = {area_id}
    while current:
        before = list(Area.objects.defer("boundary").filter(replaced_by_id__in=current).order_by("-valid_to", "-id"))
        found.extend(before)
        current = {area.pk for area in before}
    return found


def valid_on(code: str, day: date) -> Area | None:
    """Return the version that held the code on that day, or None."""
    return (
        Area.objects.defer("boundary")
        .filter(Q(valid_to=None) | Q(valid_to__gt=day), code=code, valid_from__lte=day)
        .order_by("-valid_from", "-id")
        .first()
    )


def shapes_of(areas: Iterable[int]) -> dict[int, shapely.geometry.base.BaseGeometry]:
    """Return the boundaries of these areas as shapely geometries, of those that have one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, boundary::text FROM territory_area WHERE boundary IS NOT NULL AND id = ANY(%s)", [list(areas)]
        )
        rows = cursor.fetchall()
    shapes = shapely.from_geojson(np.asarray([row[1] for row in rows], dtype=object))
    return dict(zip([row[0] for row in rows], shapes, strict=True))


def list_centres(areas: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Return the middle of these areas' boxes as longitude and latitude in degrees, of those that have a boundary."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, (west + east) / 2, (south + north) / 2 FROM territory_area "
            "WHERE west IS NOT NULL AND id = ANY(%s)",
            [list(areas)],
        )
        return {area_id: (lon, lat) for area_id, lon, lat in cursor.fetchall()}


def boundary_report(area_id: int) -> list[geometry.Finding]:
    """Return what is wrong with the boundaries directly below an area: missing, outside, overlapping, gaps.

    Buildings are no division of a grid and are only checked to be inside. Raises AreaNotFound.
    """
    tree = territory()
    parent = tree.area(area_id)
    children = tree.children(area_id)
    shapes = shapes_of([area_id, *(child.id for child in children)])
    found = [
        geometry.Finding("missing", _("“%(name)s”没有边界") % {"name": area.name}, (area.id,))
        for area in (parent, *children)
        if area.id not in shapes and area.kind != Kind.BUILDING
    ]
    outline = shapes.get(area_id)
    drawn = [child for child in children if child.id in shapes]
    if outline is not None:
        strays = (geometry.find_outside(c.id, c.name, shapes[c.id], outline, parent.name) for c in drawn)
        found += [stray for stray in strays if stray is not None]
    for level in sorted({child.level for child in drawn if child.kind != Kind.BUILDING}):
        same = [child for child in drawn if child.level == level]
        array = np.asarray([shapes[child.id] for child in same], dtype=object)
        found += geometry.find_overlaps([c.id for c in same], [c.name for c in same], array)
        if outline is not None:
            found += geometry.find_gaps(area_id, parent.name, outline, array)
    return found


def outlines(
    *, parent: AreaRef | None, kinds: Iterable[str], direct: bool = False,
    box: tuple[float, float, float, float] | None = None, link: Callable[[int], str] | None = None,
) -> str:  # fmt: skip
    """Return a GeoJSON FeatureCollection, as text, of valid areas of these kinds under (and with) the parent.

    direct: only the parent and what stands directly below it. box: west, south, east, north in degrees; only areas
    that touch it. link: gives the property `url` of an area's id. Properties: id, code, name, kind, parent.
    """
    values: list[Any] = [list(kinds)]
    where = ["valid_to IS NULL", "boundary IS NOT NULL", "kind = ANY(%s)"]
    if parent is not None and direct:
        where.append("(parent_id = %s OR id = %s)")
        values += [parent.id, parent.id]
    elif parent is not None:
        where.append("path LIKE %s")
        values.append(f"{parent.path}%")
    elif direct:
        where.append("parent_id IS NULL")
    if box is not None:
        where.append("west <= %s AND east >= %s AND south <= %s AND north >= %s")
        values += [box[2], box[0], box[3], box[1]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, name, kind, parent_id, boundary::text FROM territory_area WHERE "  # noqa: S608 - the pieces are written here
            + " AND ".join(where) + " ORDER BY id LIMIT %s",
            [*values, defaults.LISTS["map_features_max"]],
        )  # fmt: skip
        rows = cursor.fetchall()
    tree = territory()
    features = []
    for area_id, code, name, kind, parent_id, boundary in rows:
        above = tree.get(parent_id)
        told = {"id": area_id, "code": code, "name": name, "kind": kind, "parent": above.code if above else None}
        if link is not None:
            told["url"] = link(area_id)
        # The geometry is text already; parsing it only to print it again would cost seconds at 20,000 areas.
        features.append(
            f'{{"type":"Feature","properties":{json.dumps(told, ensure_ascii=False)},"geometry":{boundary}}}'
        )
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
