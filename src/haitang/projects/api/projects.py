"""The API of projects: parse, one call, print."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Path, Query, Router, UploadedFile
from ninja import Status as Answer

from haitang.core import clock
from haitang.core.access import ANYONE, allow
from haitang.core.clock import local_date
from haitang.core.http import actor_of, said
from haitang.core.photos import PhotoRefused
from haitang.core.schemas import ID_MAX, NO_NUL, REFUSALS, Id
from haitang.projects import actions, queries
from haitang.projects.lifecycle import Status
from haitang.projects.queries import ProjectFilter
from haitang.projects.schemas.projects import (
    AcceptIn,
    CodesOut,
    CountIn,
    EvaluatedOut,
    EvaluationIn,
    PhotoOut,
    ProgressIn,
    ProjectDetailOut,
    ProjectIn,
    ProjectPageOut,
    PublicPageOut,
    PublishIn,
    ReachIn,
    StepIn,
    WordsIn,
    detail_out,
    project_out,
    public_out,
)
from haitang.projects.values import Origin, Permission
from haitang.territory.queries import territory

router = Router(tags=["项目"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
Code = Query("", max_length=40, pattern=NO_NUL)
Text = Query("", max_length=60, pattern=NO_NUL)
ProjectId = Annotated[Id, Path()]
_STATUSES = ("", "open", *Status.values)
_ORIGINS = ("", *Origin.values)


def _today() -> date:
    return local_date(clock.now())


def _path(code: str) -> str:
    area = territory().by_code(code)
    return area.path if area else ""


def _detail(request: HttpRequest, project_id: int) -> dict[str, Any]:
    return detail_out(queries.get_project_page(viewer=actor_of(request), project_id=project_id, today=_today()))


@router.get("/projects", operation_id="list_projects", summary="项目", response={200: ProjectPageOut, **REFUSALS})
@allow(Permission.VIEW)
def list_projects(
    request: HttpRequest,
    status: Literal[_STATUSES] = "",  # type: ignore[valid-type]  # choices come from an enum
    origin: Literal[_ORIGINS] = "",  # type: ignore[valid-type]  # choices come from an enum
    kind: str = Text,
    area: str = Code,
    organization_id: int | None = Query(None, ge=1, le=ID_MAX),
    late: bool = False,
    q: str = Text,
    cursor: str = Cursor,
) -> Any:
    """List the projects within reach, newest first. status `open`: not accepted yet. late: something was missed."""
    wanted = ProjectFilter(status, origin, kind, _path(area), late, organization_id, q)
    page = queries.list_projects(viewer=actor_of(request), wanted=wanted, today=_today(), cursor=cursor)
    items = [project_out(view) for view in queries.describe_projects(page.rows, _today())]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.get(
    "/projects/public", operation_id="list_public_projects", summary="公开的项目",
    response={200: PublicPageOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def list_public_projects(request: HttpRequest, area: str = Code, kind: str = Text, cursor: str = Cursor) -> Any:
    """List the published projects, the latest first; open to every token."""
    page = queries.list_public_projects(area_path=_path(area), kind=kind, cursor=cursor)
    items = [public_out(view) for view in queries.describe_projects(page.rows, _today())]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.post(
    "/projects/evaluations", operation_id="evaluate_project", summary="服务对象评价",
    response={200: EvaluatedOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def evaluate_project(request: HttpRequest, given: EvaluationIn) -> Any:
    """Take the judgement of somebody served, once for each code; open to every token, guessing is limited."""
    party = str(get_adapter().get_client_ip(request))
    row = actions.evaluate_project(code=given.code, score=given.score, words=given.words, party=party, **said(request))
    return {"project": row.number, "evaluations": row.evaluations}


@router.post("/projects", operation_id="start_project", summary="立项", response={200: ProjectDetailOut, **REFUSALS})
@allow(Permission.LEAD)
def start_project(request: HttpRequest, given: ProjectIn) -> Any:
    """Begin a project; sent again with the same origin, the one there is comes back."""
    return _detail(request, actions.start_project(plan=given.plan(), **said(request)).pk)


@router.get(
    "/projects/{project_id}", operation_id="get_project", summary="一个项目",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.VIEW)
def get_project(request: HttpRequest, project_id: ProjectId) -> Any:
    """Show one project."""
    return _detail(request, project_id)


def _move(request: HttpRequest, project_id: int, deed: Callable[..., Any], **given: Any) -> dict[str, Any]:
    deed(project_id=project_id, **given, **said(request))
    return _detail(request, project_id)


@router.post(
    "/projects/{project_id}/launch", operation_id="launch_project", summary="启动",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def launch_project(request: HttpRequest, project_id: ProjectId, given: WordsIn) -> Any:
    """Say that the work has begun."""
    return _move(request, project_id, actions.launch_project, words=given.words)


@router.post(
    "/projects/{project_id}/deliver", operation_id="deliver_project", summary="申请验收",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def deliver_project(request: HttpRequest, project_id: ProjectId, given: WordsIn) -> Any:
    """Say that the work is done."""
    return _move(request, project_id, actions.deliver_project, words=given.words)


@router.post(
    "/projects/{project_id}/accept", operation_id="accept_project", summary="验收",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.ACCEPT)
def accept_project(request: HttpRequest, project_id: ProjectId, given: AcceptIn) -> Any:
    """Accept what was delivered, or have it done over."""
    return _move(request, project_id, actions.accept_project, passed=given.passed, words=given.words)


@router.post(
    "/projects/{project_id}/archive", operation_id="archive_project", summary="归档",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.ACCEPT)
def archive_project(request: HttpRequest, project_id: ProjectId, given: WordsIn) -> Any:
    """Close the books on an accepted project."""
    return _move(request, project_id, actions.archive_project, words=given.words)


@router.post(
    "/projects/{project_id}/give-up", operation_id="give_up_project", summary="终止",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.ACCEPT)
def give_up_project(request: HttpRequest, project_id: ProjectId, given: WordsIn) -> Any:
    """End a project that comes to nothing."""
    return _move(request, project_id, actions.give_up_project, words=given.words)


@router.post(
    "/projects/{project_id}/milestones", operation_id="set_milestone", summary="设定节点",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def set_milestone(request: HttpRequest, project_id: ProjectId, given: StepIn) -> Any:
    """Add a milestone."""
    return _move(request, project_id, actions.set_milestone, title=given.title, due_on=given.due_on)


@router.post(
    "/projects/{project_id}/milestones/{milestone_id}/reach", operation_id="reach_milestone", summary="完成节点",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def reach_milestone(
    request: HttpRequest, project_id: ProjectId, milestone_id: Annotated[Id, Path()], given: ReachIn
) -> Any:
    """Say that a milestone was reached."""
    return _move(
        request, project_id, actions.reach_milestone, milestone_id=milestone_id, words=given.words,
        done_on=given.done_on,
    )  # fmt: skip


@router.post(
    "/projects/{project_id}/progress", operation_id="tell_progress", summary="登记进展",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def tell_progress(request: HttpRequest, project_id: ProjectId, given: ProgressIn) -> Any:
    """Tell how far the work is."""
    return _move(request, project_id, actions.tell_progress, words=given.words, is_public=given.is_public)


@router.post(
    "/projects/{project_id}/progress/{progress_id}/photos", operation_id="add_progress_photo", summary="添加进展照片",
    response={201: PhotoOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.LEAD)
def add_progress_photo(
    request: HttpRequest, project_id: ProjectId, progress_id: Annotated[Id, Path()],
    file: Annotated[UploadedFile, File()],
) -> Any:  # fmt: skip
    """Add a photo to what was told (multipart field `file`); it is written anew without metadata."""
    if file.size is None or file.size > settings.PHOTO_BYTES_MAX:
        raise PhotoRefused(_("照片不能超过 10 MB"))
    row = actions.add_progress_photo(project_id=project_id, progress_id=progress_id, data=file.read(), **said(request))
    return Answer(201, {"id": row.pk, "size": row.size})


@router.post(
    "/projects/{project_id}/publish", operation_id="publish_project", summary="公开",
    response={200: ProjectDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.PUBLISH)
def publish_project(request: HttpRequest, project_id: ProjectId, given: PublishIn) -> Any:
    """Let everybody read of the project."""
    return _move(request, project_id, actions.publish_project, summary=given.summary)


@router.post(
    "/projects/{project_id}/codes", operation_id="issue_codes", summary="发放评价码",
    response={200: CodesOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.PUBLISH)
def issue_codes(request: HttpRequest, project_id: ProjectId, given: CountIn) -> Any:
    """Make codes by which those served judge the project."""
    return {"codes": actions.issue_codes(project_id=project_id, count=given.count, **said(request))}
