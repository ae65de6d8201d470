"""The API of packages: parse, one call, print."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.http import actor_of, said
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.projects import actions, queries
from haitang.projects.schemas.together import (
    PackageDetailOut,
    PackageIn,
    PackagePageOut,
    PackIn,
    package_detail_out,
    package_out,
)
from haitang.projects.values import Permission

router = Router(tags=["项目"])
PackageId = Annotated[Id, Path()]


def _shown(request: HttpRequest, package_id: int) -> dict[str, Any]:
    today = local_date(clock.now())
    return package_detail_out(queries.get_package_page(viewer=actor_of(request), package_id=package_id, today=today))


@router.get(
    "/project-packages", operation_id="list_packages", summary="项目包", response={200: PackagePageOut, **REFUSALS}
)
@allow(Permission.VIEW)
def list_packages(request: HttpRequest, cursor: str = Query("", max_length=500, pattern=NO_NUL)) -> Any:
    """List the packages within reach, newest first."""
    page, views = queries.list_packages(viewer=actor_of(request), cursor=cursor)
    return {"items": [package_out(view) for view in views], "total": page.total, "next_cursor": page.next or None}


@router.post(
    "/project-packages", operation_id="make_package", summary="建立项目包", response={201: PackageDetailOut, **REFUSALS}
)
@allow(Permission.LEAD)
def make_package(request: HttpRequest, given: PackageIn) -> Any:
    """Make a package with these projects in it: 打包 of one unit's, 联合发包 of several units, 网格组包."""
    row = actions.make_package(**given.model_dump(), **said(request))
    return Status(201, _shown(request, row.pk))


@router.get(
    "/project-packages/{package_id}", operation_id="get_package", summary="一个项目包",
    response={200: PackageDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.VIEW)
def get_package(request: HttpRequest, package_id: PackageId) -> Any:
    """Show one package with its projects."""
    return _shown(request, package_id)


@router.post(
    "/project-packages/{package_id}/projects", operation_id="pack_projects", summary="纳入项目",
    response={200: PackageDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def pack_projects(request: HttpRequest, package_id: PackageId, given: PackIn) -> Any:
    """Put open projects into the package, all or none."""
    actions.pack_projects(package_id=package_id, project_ids=given.project_ids, **said(request))
    return _shown(request, package_id)


@router.delete(
    "/project-packages/{package_id}/projects/{project_id}", operation_id="unpack_project", summary="移出项目",
    response={200: PackageDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def unpack_project(request: HttpRequest, package_id: PackageId, project_id: Annotated[Id, Path()]) -> Any:
    """Take an open project out of the package."""
    actions.unpack_project(package_id=package_id, project_id=project_id, **said(request))
    return _shown(request, package_id)
