"""The API of joint work's catalogue, of links in numbers and of sheets of links on their way in."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Query, Status, UploadedFile

from haitang.alliances import actions, queries
from haitang.alliances.api.base import RowId, actor_of, router, said, today
from haitang.alliances.queries import LinkFilter
from haitang.alliances.schemas import LineOut, LinkFileOut, LinkTallyOut, link_file_out
from haitang.alliances.values import Permission
from haitang.core.access import SIGNED_IN, allow
from haitang.core.brought import BYTES_MAX
from haitang.core.errors import Invalid
from haitang.core.schemas import NO_NUL, REFUSALS
from haitang.territory.queries import territory

_YEAR = Query(None, ge=2000, le=2200)


@router.get(
    "/joint-catalogue", operation_id="list_joint_lines", summary="共建职责和考评项目",
    response={200: list[LineOut], **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def list_joint_lines(request: HttpRequest) -> Any:
    """List the duties and the criteria in use, by whose codes agreements and evaluations speak."""
    return [line for line in queries.rules().lines if line.is_active]


@router.get(
    "/link-figures", operation_id="tally_links", summary="结对情况统计", response={200: LinkTallyOut, **REFUSALS}
)
@allow(Permission.VIEW)
def tally_links(
    request: HttpRequest, area: str = Query("", max_length=40, pattern=NO_NUL), year: int | None = _YEAR
) -> Any:
    """Count the links within reach by how they stand in a year; of an area, also of each area directly below it."""
    day, place = today(), territory().by_code(area)
    wanted = LinkFilter(year or day.year, day, place.path if place else "")
    below = queries.tally_links_by_area(viewer=actor_of(request), area=place, wanted=wanted) if place else []
    return {
        "year": wanted.year,
        "counts": _named(queries.tally_links(viewer=actor_of(request), wanted=wanted)),
        "areas": [{"code": each.area.code, "name": each.area.name, "counts": _named(each.counts)} for each in below],
    }


def _named(counts: dict[str, int]) -> dict[str, int]:
    return {standing or "all": n for standing, n in counts.items()}


@router.post(
    "/link-files", operation_id="bring_link_file", summary="上传结对表", response={201: LinkFileOut, **REFUSALS}
)
@allow(Permission.KEEP)
def bring_link_file(
    request: HttpRequest, file: Annotated[UploadedFile, File()], year: Annotated[int, Form(ge=2000, le=2200)]
) -> Any:
    """Bring a sheet of links and agreements; it is looked through, and taken in once that is confirmed."""
    if file.size is None or file.size > BYTES_MAX:
        raise Invalid("文件过大", {"file": "文件过大"})
    row = actions.bring_link_file(year=year, file_name=file.name or "", data=file.read(), **said(request))
    return Status(201, link_file_out(row))


@router.get(
    "/link-files/{file_id}", operation_id="get_link_file", summary="一份结对表",
    response={200: LinkFileOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def get_link_file(request: HttpRequest, file_id: RowId) -> Any:
    """Tell what was found in a sheet of one's own."""
    return link_file_out(queries.get_link_file(viewer=actor_of(request), file_id=file_id))


@router.post(
    "/link-files/{file_id}/take-in", operation_id="take_in_link_file", summary="导入结对表",
    response={200: LinkFileOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def take_in_link_file(request: HttpRequest, file_id: RowId) -> Any:
    """Enter the sound rows of a sheet, once."""
    return link_file_out(actions.take_in_link_file(file_id=file_id, **said(request)))
