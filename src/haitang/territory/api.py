"""`/api/v1/areas`: the tree is public data, so reading it asks only for a known caller."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router

from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS, text
from haitang.territory import queries, schemas
from haitang.territory.values import AreaRef, Kind, coordinates, defaults

router = Router(tags=["areas"])


@router.get("", response={200: schemas.AreaPage, **REFUSALS}, operation_id="list_areas", summary="区域列表")
@allow(SIGNED_IN)
def list_areas(
    request: Request,
    parent: schemas.Code = "",
    under: schemas.Code = "",
    kind: schemas.Code = "",
    q: Annotated[str, text(50)] = "",
    limit: Annotated[int, Query(ge=1, le=defaults.LISTS["limit_max"])] = defaults.LISTS["limit"],
    cursor: Annotated[str, text(500)] = "",
) -> dict[str, Any]:
    """List valid areas by code.

    parent: code of the area directly above. under: code of any area above.
    q: part of the name, or beginning of the code.
    """
    if kind and kind not in Kind.values:
        raise Invalid(_("没有这种区域类型"), {"kind": "、".join(Kind.values)})
    page = queries.list_areas(
        parent_id=_known(parent).id if parent else None, under=_known(under) if under else None,
        kind=kind, text=q, limit=limit, cursor=cursor,
    )  # fmt: skip
    return {"items": [_out(area) for area in page.rows], "total": page.total, "next_cursor": page.next or None}


@router.post(
    "/locate",
    response={200: list[schemas.AreaBrief | None], **REFUSALS},
    operation_id="locate_points",
    summary="坐标所属网格",
)
@allow(SIGNED_IN)
def locate(request: Request, body: schemas.LocateIn) -> list[dict[str, Any] | None]:
    """Answer for each point the narrowest area that holds it (grid, else community, street …), or null."""
    pairs = [(point.lon, point.lat) if isinstance(point, schemas.Point) else point for point in body.points]
    lons, lats = coordinates.to_wgs84([p[0] for p in pairs], [p[1] for p in pairs], body.crs)
    briefs: dict[int | None, dict[str, Any] | None] = {None: None}
    found = queries.locate_many(lons, lats)
    for area_id in {each for each in found if each is not None}:
        briefs[area_id] = _brief(queries.territory().area(area_id))
    return [briefs[area_id] for area_id in found]


@router.get("/{code}", response={200: schemas.AreaDetail, **REFUSALS}, operation_id="get_area", summary="区域详情")
@allow(SIGNED_IN)
def get_area(request: Request, code: schemas.Code) -> dict[str, Any]:
    """Describe the valid area with this code: what it stands under, its newest population figures."""
    area = queries.get_area_by_code(code)
    figures = queries.latest_populations([area.pk]).get(area.pk, {})
    return {
        **_out(area),
        "ancestors": [_brief(above) for above in queries.territory().chain(area.pk)[:-1]],
        "populations": list(figures.values()),
    }


@router.get(
    "/{code}/boundary",
    response={200: schemas.BoundaryOut, **REFUSALS},
    operation_id="get_area_boundary",
    summary="区域边界",
)
@allow(SIGNED_IN)
def get_boundary(request: Request, code: schemas.Code) -> dict[str, Any]:
    """Give the boundary as a GeoJSON Feature in WGS84; its geometry is null where none is drawn."""
    area = queries.get_area_by_code(code)
    told = {"code": area.code, "name": area.name, "source": area.boundary_source, "original_crs": area.boundary_crs}
    return {"type": "Feature", "properties": told, "geometry": area.boundary}


def _known(code: str) -> AreaRef:
    return queries.territory().by_code(code) or queries.territory().area(queries.get_area_by_code(code).pk)


def _brief(area: AreaRef) -> dict[str, Any]:
    return {"code": area.code, "name": area.name, "path": list(queries.territory().names(area.id))}


def _out(area: Any) -> dict[str, Any]:
    tree = queries.territory()
    above = tree.get(area.parent_id)
    return {
        "code": area.code, "name": area.name, "kind": area.kind, "parent": above.code if above else None,
        "path": list(tree.names(area.pk)), "depth": area.depth, "valid_from": area.valid_from,
        "valid_to": area.valid_to, "has_boundary": area.west is not None, "children": len(tree.children(area.pk)),
    }  # fmt: skip
