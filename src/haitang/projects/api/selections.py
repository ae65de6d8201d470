"""The API of selections of exemplary projects: parse, one call, print."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from haitang.core.access import ANYONE, allow
from haitang.core.http import actor_of, said
from haitang.core.paging import Page
from haitang.core.schemas import NO_NUL, REFUSALS, Id
from haitang.projects import actions, queries
from haitang.projects.schemas.together import (
    MarksIn,
    NominationIn,
    ScoringIn,
    SelectionDetailOut,
    SelectionIn,
    SelectionPageOut,
    selection_detail_out,
    selection_out,
)
from haitang.projects.values import Permission

router = Router(tags=["项目"])
Cursor = Query("", max_length=500, pattern=NO_NUL)
SelectionId = Annotated[Id, Path()]
_SHOWN = {200: SelectionDetailOut, **REFUSALS}


def _shown(request: HttpRequest, selection_id: int) -> dict[str, Any]:
    return selection_detail_out(queries.get_selection_page(viewer=actor_of(request), selection_id=selection_id))


def _listed(page: Page) -> dict[str, Any]:
    return {"items": [selection_out(row) for row in page.rows], "total": page.total, "next_cursor": page.next or None}


@router.get(
    "/project-selections", operation_id="list_selections", summary="示范项目评选",
    response={200: SelectionPageOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.VIEW)
def list_selections(request: HttpRequest, cursor: str = Cursor) -> Any:
    """List the selections, newest first."""
    return _listed(queries.list_selections(viewer=actor_of(request), cursor=cursor))


@router.get(
    "/project-selections/public", operation_id="list_public_selections", summary="公布的评选结果",
    response={200: SelectionPageOut, **REFUSALS},
)  # fmt: skip
@allow(ANYONE)
def list_public_selections(request: HttpRequest, cursor: str = Cursor) -> Any:
    """List the selections whose result is published; open to every token."""
    return _listed(queries.list_public_selections(cursor=cursor))


@router.get(
    "/project-selections/public/{selection_id}", operation_id="get_public_selection", summary="一次公布的评选结果",
    response=_SHOWN,
)  # fmt: skip
@allow(ANYONE)
def get_public_selection(request: HttpRequest, selection_id: SelectionId) -> Any:
    """Show a published result with its arithmetic; open to every token."""
    return selection_detail_out(queries.get_public_selection(selection_id=selection_id))


@router.post(
    "/project-selections", operation_id="open_selection", summary="开始评选",
    response={201: SelectionDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.SELECT)
def open_selection(request: HttpRequest, given: SelectionIn) -> Any:
    """Begin a selection: from now projects of the area are put forward, until that day."""
    criteria = None if given.criteria is None else [each.line() for each in given.criteria]
    row = actions.open_selection(**given.model_dump(exclude={"criteria"}), criteria=criteria, **said(request))
    return Status(201, _shown(request, row.pk))


@router.get("/project-selections/{selection_id}", operation_id="get_selection", summary="一次评选", response=_SHOWN)
@allow(Permission.VIEW)
def get_selection(request: HttpRequest, selection_id: SelectionId) -> Any:
    """Show a selection as far as it is: reviewers see their own marks, nobody those of others."""
    return _shown(request, selection_id)


@router.post(
    "/project-selections/{selection_id}/nominations", operation_id="nominate_project", summary="推荐项目",
    response=_SHOWN,
)  # fmt: skip
@allow(Permission.LEAD)
def nominate_project(request: HttpRequest, selection_id: SelectionId, given: NominationIn) -> Any:
    """Put an accepted project forward."""
    actions.nominate_project(selection_id=selection_id, project_id=given.project_id, words=given.words, **said(request))
    return _shown(request, selection_id)


@router.post(
    "/project-selections/{selection_id}/scoring", operation_id="begin_scoring", summary="开始评审", response=_SHOWN
)
@allow(Permission.SELECT)
def begin_scoring(request: HttpRequest, selection_id: SelectionId, given: ScoringIn) -> Any:
    """Close nominations and name the reviewers."""
    actions.begin_scoring(selection_id=selection_id, account_ids=given.account_ids, **said(request))
    return _shown(request, selection_id)


@router.put(
    "/project-selections/{selection_id}/nominations/{nomination_id}/score", operation_id="score_project",
    summary="打分", response=_SHOWN,
)  # fmt: skip
@allow(Permission.REVIEW)
def score_project(
    request: HttpRequest, selection_id: SelectionId, nomination_id: Annotated[Id, Path()], given: MarksIn
) -> Any:
    """Mark a project, as one of the reviewers; marked again, the marks are written anew."""
    actions.score_project(
        selection_id=selection_id, nomination_id=nomination_id, marks=given.marks, words=given.words, **said(request)
    )
    return _shown(request, selection_id)


@router.post(
    "/project-selections/{selection_id}/publish", operation_id="publish_selection", summary="公布结果", response=_SHOWN
)
@allow(Permission.SELECT)
def publish_selection(request: HttpRequest, selection_id: SelectionId) -> Any:
    """Work out the result from the marks, exactly, and publish it with the arithmetic."""
    actions.publish_selection(selection_id=selection_id, **said(request))
    return _shown(request, selection_id)
