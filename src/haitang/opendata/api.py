"""The API of open data: one list; the files themselves are below /open-data/."""

from typing import Any

from django.urls import reverse
from ninja import Router

from haitang.core.access import ANYONE, allow
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS
from haitang.opendata import queries, schemas

router = Router(tags=["opendata"])


@router.get(
    "/open-data", response={200: schemas.OpenDataOut, **REFUSALS}, operation_id="list_open_data", summary="开放数据"
)
@allow(ANYONE)
def list_open_data(request: Request) -> dict[str, Any]:
    """List the files that anybody may take, the newest month first, with licence and columns."""
    return schemas.open_data_out(queries.list_files(), request.build_absolute_uri(reverse("opendata:front")))
