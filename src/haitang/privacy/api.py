"""The API of privacy: who looked at what is masked."""

from typing import Any

from ninja import Query, Router

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS
from haitang.privacy import queries
from haitang.privacy.schemas import LookPageOut, LookQuery
from haitang.privacy.values import Permission
from haitang.territory.queries import get_area_by_code

router = Router(tags=["privacy"])


@router.get("/privacy/looks", response={200: LookPageOut, **REFUSALS}, operation_id="list_looks", summary="查看记录")
@allow(Permission.LOOKS)
def list_looks(request: Request, asked: Query[LookQuery]) -> dict[str, Any]:
    """List who looked at masked names, telephones and addresses: of which office, at what, why."""
    path = get_area_by_code(asked.area).path if asked.area else ""
    wanted = queries.LookFilter(asked.who, asked.fact, path, asked.from_at, asked.to_at)
    page = queries.list_looks(viewer=request.actor, wanted=wanted, cursor=asked.cursor)
    return {"rows": list(page.rows), "previous": page.previous, "next": page.next}
