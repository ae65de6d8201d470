"""Writes to boundaries: one area's, or a whole file of them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from haitang.core import history
from haitang.core.access import Actor
from haitang.territory import policies, queries
from haitang.territory.actions import shared
from haitang.territory.facts import BoundarySet
from haitang.territory.models import Area
from haitang.territory.values import AreaRef, Crs, InvalidBoundary, Kind, defaults, geometry

_FIELDS = ["boundary", "boundary_source", "boundary_crs", "west", "south", "east", "north"]
_NAMED_MAX = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area (saved or about to be) with its new boundary."""

    area: Area
    shape: BaseGeometry


@transaction.atomic
def set_boundary(
    *, actor: Actor, area_id: int, boundary: Any, source: str, now: datetime, crs: str = Crs.WGS84
) -> Area:
    """Draw an area's boundary, in place of the one it has; the history keeps every one.

    boundary: GeoJSON geometry (Polygon or MultiPolygon; for a building also a Point), numbers in `crs`.
    source: who says so, 1 to 200 characters.

    Raises AreaNotFound, AreaClosed, NotAllowed, Invalid (source), InvalidBoundary (broken, outside its parent,
    overlapping a neighbour, or leaving out an area below it).
    """
    shared.lock_tree()
    area = shared.valid_area(area_id)
    policies.check_can_manage(actor, area.path)
    shared.check_text(source, _("来源"), "source", shared.SOURCE_MAX)
    drawn = draw(area, boundary, source, crs)
    check([drawn])
    _save(actor, [drawn], now)
    return area


@transaction.atomic
def import_boundaries(
    *, actor: Actor, collection: Any, code_property: str, source: str, now: datetime, crs: str = Crs.WGS84
) -> list[Area]:
    """Draw the boundaries of a GeoJSON FeatureCollection: all of them or none.

    code_property: the property of each feature that holds the area's code. crs: of all numbers in it.
    Checks are made against the result as a whole, so that neighbours and parents may move together.

    Raises Invalid and InvalidBoundary (with the feature at fault), AreaNotFound (an unknown code), NotAllowed.
    """
    shared.lock_tree()
    shared.check_text(source, _("来源"), "source", shared.SOURCE_MAX)
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        raise InvalidBoundary(_("文件应为 GeoJSON 的 FeatureCollection，且至少有一个要素"))
    if len(features) > defaults.BOUNDARY["import_features_max"]:
        raise InvalidBoundary(_("一次最多导入 %(max)d 个要素") % {"max": defaults.BOUNDARY["import_features_max"]})
    by_number = [_code_of(feature, number, code_property) for number, feature in enumerate(features, start=1)]
    (most, times), *_rest = Counter(by_number).most_common(1)
    if times > 1:
        raise InvalidBoundary(_("编码“%(code)s”在文件中出现多次") % {"code": most})
    areas = {area.code: area for area in Area.objects.filter(code__in=by_number, valid_to=None)}
    drawn = []
    for number, (code, feature) in enumerate(zip(by_number, features, strict=True), start=1):
        area = areas.get(code) or queries.get_area_by_code(code)
        policies.check_can_manage(actor, area.path)
        try:
            drawn.append(draw(area, feature.get("geometry"), source, crs))
        except InvalidBoundary as refusal:
            raise InvalidBoundary(
                _("第 %(n)d 个要素（%(code)s）：%(why)s") % {"n": number, "code": code, "why": refusal.message}
            ) from refusal
    check(drawn)
    _save(actor, drawn, now)
    return [each.area for each in drawn]


def draw(area: Area, boundary: Any, source: str, crs: str) -> Drawn:
    """Put the boundary on the (unsaved) area. Raises InvalidBoundary for one that is broken by itself."""
    shape = geometry.read_geometry(boundary, crs=crs, kind=area.kind)
    area.boundary = json.loads(shapely.to_geojson(shape))
    area.boundary_source, area.boundary_crs = source.strip(), crs
    area.west, area.south, area.east, area.north = shape.bounds
    return Drawn(area, shape)


def copy(old: Area, new: Area) -> None:
    """Carry a boundary over to the next version of its area."""
    for field in _FIELDS:
        setattr(new, field, getattr(old, field))


def check(drawn: Sequence[Drawn]) -> None:
    """Raise InvalidBoundary if new boundaries leave their parents, cross neighbours or desert their children.

    Neighbours stand under the same parent, on the same level; buildings are no division and have none.
    """
    new = {each.area.pk: each for each in drawn}
    tree = queries.territory()
    parents = {each.area.parent_id for each in drawn}
    beside = [a for parent_id in parents for a in tree.children(parent_id) if a.id not in new]
    below = [child for area_id in new for child in tree.children(area_id) if child.id not in new]
    old = queries.shapes_of({area.id for area in (*beside, *below)} | {p for p in parents if p} - set(new))
    findings = [*_outside_parents(drawn, new, old), *_deserted(below, new, old)]
    siblings: dict[tuple[int | None, int], list[tuple[int, str, BaseGeometry]]] = defaultdict(list)
    everything: list[tuple[Area | AreaRef, BaseGeometry]] = [(each.area, each.shape) for each in drawn]
    everything += [(area, old[area.id]) for area in beside if area.id in old]
    for area, shape in everything:
        if area.kind != Kind.BUILDING:
            siblings[area.parent_id, Kind(area.kind).level].append((area.id, area.name, shape))
    for group in siblings.values():
        ids, names, shapes = zip(*group, strict=True)
        array = np.asarray(shapes, dtype=object)
        findings += [found.text for found in geometry.find_overlaps(ids, names, array, among=frozenset(new))]
    if findings:
        more = _("；另有 %(n)d 处") % {"n": len(findings) - _NAMED_MAX} if len(findings) > _NAMED_MAX else ""
        told = {"findings": "；".join(findings[:_NAMED_MAX]), "more": more}
        sentence = _("边界未通过检查：%(findings)s%(more)s") % told
        raise InvalidBoundary(sentence, {"boundary": sentence})


def _outside_parents(drawn: Sequence[Drawn], new: dict[int, Drawn], old: dict[int, BaseGeometry]) -> Iterator[str]:
    for each in drawn:
        parent_id = each.area.parent_id
        if parent_id is None:
            continue
        above = new.get(parent_id)
        outline = above.shape if above else old.get(parent_id)
        if outline is not None:
            name = above.area.name if above else queries.territory().area(parent_id).name
            found = geometry.find_outside(each.area.pk, each.area.name, each.shape, outline, name)
            if found is not None:
                yield found.text


def _deserted(below: Sequence[AreaRef], new: dict[int, Drawn], old: dict[int, BaseGeometry]) -> Iterator[str]:
    for child in below:
        above = new[child.parent_id]  # type: ignore[index]  # what lies below has a parent
        found = child.id in old and geometry.find_outside(
            child.id, child.name, old[child.id], above.shape, above.area.name
        )
        if found:
            yield found.text


def fact(drawn: Drawn) -> BoundarySet:
    """Return what is written down about a boundary."""
    area = drawn.area
    text = json.dumps(area.boundary, separators=(",", ":"))
    return BoundarySet(area.pk, text, area.boundary_source, area.boundary_crs)


def _save(actor: Actor, drawn: Sequence[Drawn], now: datetime) -> None:
    Area.objects.bulk_update([each.area for each in drawn], _FIELDS, batch_size=500)
    queries.boundary_policy.touch()
    facts = [fact(each) for each in drawn]
    history.record_many(actor=actor, facts=facts, at=now, audience=shared.told(each.area.path for each in drawn))


def _code_of(feature: Any, number: int, code_property: str) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get(code_property) if isinstance(properties, dict) else None
    if not isinstance(code, str | int) or isinstance(code, bool) or not str(code).strip():
        raise InvalidBoundary(_("第 %(n)d 个要素没有编码属性“%(property)s”") % {"n": number, "property": code_property})
    return str(code).strip()
