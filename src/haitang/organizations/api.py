"""`/api/v1/organizations`: the registry, open to every known caller."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS, text
from haitang.organizations import queries, schemas
from haitang.organizations.values import PAGE_ROWS, PAGE_ROWS_MAX, Kind
from haitang.territory.queries import get_area_by_code

router = Router(tags=["organizations"])


@router.get(
    "", response={200: schemas.OrganizationList, **REFUSALS}, operation_id="list_organizations", summary="单位列表"
)
@allow(SIGNED_IN)
def list_organizations(
    request: Request,
    kind: schemas.Code = "",
    q: Annotated[str, text(50)] = "",
    area: Annotated[str, text(40)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_ROWS_MAX)] = PAGE_ROWS,
    cursor: Annotated[str, text(500)] = "",
) -> dict[str, Any]:
    """List the organizations that exist today, by code.

    q: part of the name, the short name or the code. area: code of an area; only those tied to it or to one below.
    """
    if kind and kind not in Kind.values:
        raise Invalid(_("没有这种单位类别"), {"kind": "、".join(Kind.values)})
    page = queries.list_organizations(
        viewer=request.actor, on=clock.local_date(clock.now()), kind=kind, q=q,
        area_id=get_area_by_code(area).pk if area else None, limit=limit, cursor=cursor,
    )  # fmt: skip
    items = [
        {
            **_base(row.organization),
            "serves": [_area(link.area) for link in row.serves],
            "above": row.above.code if row.above else None,
        }
        for row in page.rows
    ]
    return {"items": items, "total": page.total, "next_cursor": page.next or None}


@router.get(
    "/{code}", response={200: schemas.OrganizationDetail, **REFUSALS}, operation_id="get_organization",
    summary="单位详情",
)  # fmt: skip
@allow(SIGNED_IN)
def get_organization(request: Request, code: schemas.Code) -> dict[str, Any]:
    """Describe one organization, also a closed one: hierarchies, areas, links and posts with their periods."""
    page = queries.get_organization_page(
        viewer=request.actor, key=code, on=clock.local_date(clock.now())
    )  # fmt: skip
    me = page.organization
    return {
        **_base(me),
        "places": [
            {"hierarchy": place.hierarchy, "parent": place.parent.code, **_period(place)} for place in page.places
        ],
        "areas": [{"relation": link.relation, "area": _area(link.area), **_period(link)} for link in page.areas],
        "links": [
            {
                "relation": link.relation,
                "organization": link.other.code if link.one_id == me.pk else link.one.code,
                **_period(link),
            }
            for link in page.links
        ],
        "posts": [
            {"kind": post.kind, "title": post.title, "area": _area(post.area) if post.area else None, **_period(post)}
            for post in page.posts
        ],
    }


def _base(organization: Any) -> dict[str, Any]:
    names = ("code", "name", "short_name", "kind", "credit_code", "phone", "valid_from", "valid_to")
    return {name: getattr(organization, name) for name in names} | {"kind_name": organization.get_kind_display()}


def _area(area: Any) -> dict[str, str]:
    return {"code": area.code, "name": area.name}


def _period(row: Any) -> dict[str, Any]:
    return {"from_date": row.from_date, "to_date": row.to_date}
