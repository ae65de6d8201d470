"""The API of alliances, action branches, contact points and workstations: parse, one call, print."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Status

from haitang.alliances import actions, queries
from haitang.alliances.api.base import Code, Cursor, RowId, Text, actor_of, path_of, router, said, today
from haitang.alliances.queries import ALLIANCES, BRANCHES, POINTS, STATIONS, CircleFilter
from haitang.alliances.schemas import (
    AllianceIn,
    BranchIn,
    CircleListOut,
    CircleOut,
    PointIn,
    StationIn,
    circle_detail_out,
    circle_out,
)
from haitang.alliances.values import Permission, Running
from haitang.core.access import SIGNED_IN, allow
from haitang.core.schemas import REFUSALS

_STATES = ("", *Running.values)


def _listed(
    request: HttpRequest, kind: str, state: str, area: str, q: str, cursor: str, *, few: bool = False
) -> dict[str, Any]:
    wanted = CircleFilter(today(), path_of(area), state, q, few)
    page = queries.list_circles(kind, viewer=actor_of(request), wanted=wanted, cursor=cursor)
    items = [circle_out(view) for view in queries.describe_circles(kind, page.rows, today())]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


def shown(request: HttpRequest, kind: str, row_id: int) -> dict[str, Any]:
    """Return one of a kind as the API prints it, with who takes part in it."""
    page = queries.get_circle_page(kind, viewer=actor_of(request), row_id=row_id, today=today())
    return circle_detail_out(page)


@router.get("/alliances", operation_id="list_alliances", summary="党建联盟", response={200: CircleListOut, **REFUSALS})
@allow(SIGNED_IN)
def list_alliances(
    request: HttpRequest, state: Literal[_STATES] = "now", area: str = Code, q: str = Text, cursor: str = Cursor,  # type: ignore[valid-type]  # choices come from an enum
) -> Any:  # fmt: skip
    """List alliances within reach, the latest entered first."""
    return _listed(request, ALLIANCES, state, area, q, cursor)


@router.get(
    "/alliances/{row_id}", operation_id="get_alliance", summary="党建联盟详情", response={200: CircleOut, **REFUSALS}
)
@allow(SIGNED_IN)
def get_alliance(request: HttpRequest, row_id: RowId) -> Any:
    """Show one of the alliances with who takes part in it."""
    return shown(request, ALLIANCES, row_id)


@router.post("/alliances", operation_id="found_alliance", summary="成立联盟", response={201: CircleOut, **REFUSALS})
@allow(Permission.KEEP)
def found_alliance(request: HttpRequest, given: AllianceIn) -> Any:
    """Enter one of the alliances."""
    (row,) = actions.found_alliances(news=[given.new()], **said(request))
    return Status(201, shown(request, ALLIANCES, row.pk))


@router.get(
    "/action-branches", operation_id="list_branches", summary="行动支部", response={200: CircleListOut, **REFUSALS}
)
@allow(Permission.VIEW)
def list_branches(
    request: HttpRequest, state: Literal[_STATES] = "now", area: str = Code, q: str = Text, cursor: str = Cursor,  # type: ignore[valid-type]  # choices come from an enum
) -> Any:  # fmt: skip
    """List action branches within reach, the latest entered first."""
    return _listed(request, BRANCHES, state, area, q, cursor)


@router.get(
    "/action-branches/{row_id}",
    operation_id="get_branch",
    summary="行动支部详情",
    response={200: CircleOut, **REFUSALS},
)
@allow(Permission.VIEW)
def get_branch(request: HttpRequest, row_id: RowId) -> Any:
    """Show one of the action branches with who takes part in it."""
    return shown(request, BRANCHES, row_id)


@router.post(
    "/action-branches", operation_id="form_branch", summary="成立行动支部", response={201: CircleOut, **REFUSALS}
)
@allow(Permission.KEEP)
def form_branch(request: HttpRequest, given: BranchIn) -> Any:
    """Enter one of the action branches."""
    (row,) = actions.form_branches(news=[given.new()], **said(request))
    return Status(201, shown(request, BRANCHES, row.pk))


@router.get(
    "/contact-points", operation_id="list_points", summary="领导联系点", response={200: CircleListOut, **REFUSALS}
)
@allow(Permission.VIEW)
def list_points(
    request: HttpRequest, state: Literal[_STATES] = "now", area: str = Code, q: str = Text, few: bool = False,  # type: ignore[valid-type]  # choices come from an enum
    cursor: str = Cursor,
) -> Any:  # fmt: skip
    """List contact points within reach, the latest entered first; few: those visited too seldom this year."""
    return _listed(request, POINTS, state, area, q, cursor, few=few)


@router.get(
    "/contact-points/{row_id}",
    operation_id="get_point",
    summary="领导联系点详情",
    response={200: CircleOut, **REFUSALS},
)
@allow(Permission.VIEW)
def get_point(request: HttpRequest, row_id: RowId) -> Any:
    """Show one of the contact points with who takes part in it."""
    return shown(request, POINTS, row_id)


@router.post(
    "/contact-points", operation_id="set_contact_point", summary="确定联系点", response={201: CircleOut, **REFUSALS}
)
@allow(Permission.KEEP)
def set_contact_point(request: HttpRequest, given: PointIn) -> Any:
    """Enter one of the contact points."""
    (row,) = actions.set_contact_points(news=[given.new()], **said(request))
    return Status(201, shown(request, POINTS, row.pk))


@router.get(
    "/workstations", operation_id="list_stations", summary="区域党建工作站", response={200: CircleListOut, **REFUSALS}
)
@allow(Permission.VIEW)
def list_stations(
    request: HttpRequest, state: Literal[_STATES] = "now", area: str = Code, q: str = Text, cursor: str = Cursor,  # type: ignore[valid-type]  # choices come from an enum
) -> Any:  # fmt: skip
    """List workstations within reach, the latest entered first."""
    return _listed(request, STATIONS, state, area, q, cursor)


@router.get(
    "/workstations/{row_id}",
    operation_id="get_station",
    summary="区域党建工作站详情",
    response={200: CircleOut, **REFUSALS},
)
@allow(Permission.VIEW)
def get_station(request: HttpRequest, row_id: RowId) -> Any:
    """Show one of the workstations with who takes part in it."""
    return shown(request, STATIONS, row_id)


@router.post("/workstations", operation_id="open_station", summary="启用工作站", response={201: CircleOut, **REFUSALS})
@allow(Permission.KEEP)
def open_station(request: HttpRequest, given: StationIn) -> Any:
    """Enter one of the workstations."""
    (row,) = actions.open_stations(news=[given.new()], **said(request))
    return Status(201, shown(request, STATIONS, row.pk))
