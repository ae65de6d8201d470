"""The API of links: parse, one call, print."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Status

from haitang.alliances import actions, queries
from haitang.alliances.api.base import Code, Cursor, RowId, Text, actor_of, path_of, router, said, today
from haitang.alliances.lifecycle import Standing
from haitang.alliances.queries import LinkFilter
from haitang.alliances.schemas import (
    AgreementIn,
    ConfirmIn,
    ContactIn,
    EvaluationIn,
    LinkDetailOut,
    LinkIn,
    LinkListOut,
    LinkOut,
    ReasonIn,
    ReleaseIn,
    ReturnIn,
    link_detail_out,
    link_out,
)
from haitang.alliances.values import NewContact, NewEvaluation, Permission
from haitang.core.access import SIGNED_IN, allow
from haitang.core.schemas import REFUSALS

Year = Annotated[int, Path(ge=2000, le=2200)]
_STANDINGS = ("", *Standing.values)
_THIS = Query(None, ge=2000, le=2200)


def _shown(request: HttpRequest, link_id: int, year: int | None = None) -> dict[str, Any]:
    day = today()
    year = year or day.year
    page = queries.get_link_page(viewer=actor_of(request), link_id=link_id, year=year, today=day)
    return link_detail_out(page, year)


def _agreement_id(request: HttpRequest, link_id: int, year: int) -> int:
    return queries.get_agreement_of(viewer=actor_of(request), link_id=link_id, year=year).pk


@router.get("/links", operation_id="list_links", summary="挂钩结对", response={200: LinkListOut, **REFUSALS})
@allow(SIGNED_IN)
def list_links(
    request: HttpRequest, year: int | None = _THIS, standing: Literal[_STANDINGS] = "", area: str = Code,  # type: ignore[valid-type]  # choices come from an enum
    unit_id: int | None = Query(None, ge=1), q: str = Text, ended: bool = False, cursor: str = Cursor,
) -> Any:  # fmt: skip
    """List the links within reach, and how each stands in a year, this one by default."""
    day = today()
    wanted = LinkFilter(year or day.year, day, path_of(area), unit_id, q, standing, ended=ended)
    page = queries.list_links(viewer=actor_of(request), wanted=wanted, cursor=cursor)
    views = queries.describe_links(page.rows, year=wanted.year, today=day)
    items = [link_out(view, wanted.year) for view in views]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.post("/links", operation_id="link_unit", summary="结对", response={201: LinkOut, **REFUSALS})
@allow(Permission.KEEP)
def link_unit(request: HttpRequest, given: LinkIn) -> Any:
    """Link a unit to a community or a street."""
    row = actions.link_unit(**given.model_dump(), **said(request))
    return Status(201, _shown(request, row.pk))


@router.get("/links/{link_id}", operation_id="get_link", summary="一个结对", response={200: LinkDetailOut, **REFUSALS})
@allow(SIGNED_IN)
def get_link(request: HttpRequest, link_id: RowId, year: int | None = _THIS) -> Any:
    """Show one link in a year: duties, contacts, evaluations that the viewer may see, and what may be done now."""
    return _shown(request, link_id, year)


@router.post(
    "/links/{link_id}/release", operation_id="release_link", summary="解除结对",
    response={200: LinkDetailOut, **REFUSALS},
)  # fmt: skip
@allow(Permission.KEEP)
def release_link(request: HttpRequest, link_id: RowId, given: ReleaseIn) -> Any:
    """End a link on a day."""
    actions.release_link(link_id=link_id, **given.model_dump(), **said(request))
    return _shown(request, link_id)


@router.put(
    "/links/{link_id}/agreements/{year}", operation_id="propose_agreement", summary="拟定共建协议",
    response={200: LinkDetailOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def propose_agreement(request: HttpRequest, link_id: RowId, year: Year, given: AgreementIn) -> Any:
    """Draw a year's agreement up for one side, or change it before both have said yes."""
    new = given.new(link_id, year)
    actions.propose_agreement(new=new, side=given.side, version=given.version, **said(request))
    return _shown(request, link_id, year)


@router.post(
    "/links/{link_id}/agreements/{year}/confirm", operation_id="agree_year", summary="确认共建协议",
    response={200: LinkDetailOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def agree_year(request: HttpRequest, link_id: RowId, year: Year, given: ConfirmIn) -> Any:
    """Say yes for the side that is asked."""
    agreement_id = _agreement_id(request, link_id, year)
    actions.agree_year(agreement_id=agreement_id, **given.model_dump(), **said(request))
    return _shown(request, link_id, year)


@router.post(
    "/links/{link_id}/agreements/{year}/return", operation_id="return_agreement", summary="退回共建协议",
    response={200: LinkDetailOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def return_agreement(request: HttpRequest, link_id: RowId, year: Year, given: ReturnIn) -> Any:
    """Send it back to the side that drew it up, with what is to be changed."""
    agreement_id = _agreement_id(request, link_id, year)
    actions.return_agreement(agreement_id=agreement_id, **given.model_dump(), **said(request))
    return _shown(request, link_id, year)


@router.post(
    "/links/{link_id}/agreements/{year}/evaluations", operation_id="judge_year", summary="年度双向考评",
    response={201: LinkDetailOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def judge_year(request: HttpRequest, link_id: RowId, year: Year, given: EvaluationIn) -> Any:
    """Say for one side what the other was like in the year, once."""
    agreement_id = _agreement_id(request, link_id, year)
    new = NewEvaluation(agreement_id, given.side, given.marks, given.words)
    actions.judge_year(new=new, **said(request))
    return Status(201, _shown(request, link_id, year))


@router.post(
    "/links/{link_id}/contacts", operation_id="make_contact", summary="登记联系",
    response={201: LinkDetailOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def make_contact(request: HttpRequest, link_id: RowId, given: ContactIn) -> Any:
    """Take down that the two were in contact."""
    new = NewContact(link_id, given.on, given.who, given.what, given.duty)
    actions.make_contact(new=new, side=given.side, **said(request))
    return Status(201, _shown(request, link_id, given.on.year))


@router.post(
    "/links/{link_id}/contacts/{contact_id}/strike", operation_id="strike_contact", summary="划去联系",
    response={200: LinkDetailOut, **REFUSALS},
)  # fmt: skip
@allow(SIGNED_IN)
def strike_contact(request: HttpRequest, link_id: RowId, contact_id: RowId, given: ReasonIn) -> Any:
    """Strike a contact out that was entered by mistake."""
    row = actions.strike_contact(contact_id=contact_id, reason=given.reason, **said(request))
    return _shown(request, row.link_id, row.on.year)
