"""The API of the office: parse, one call, print."""

from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router

from haitang.cases.lifecycle import Deed
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.documents import DOCX, write_docx
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS, Id, answer
from haitang.office import actions, queries
from haitang.office.schemas import BatchIn, BatchOut

router = Router(tags=["office"])


@router.post("/cases/batch", response={200: BatchOut, **REFUSALS}, operation_id="do_batch")
@allow(Permission.VIEW)
def do_batch(request: Request, body: BatchIn) -> HttpResponse:
    """Do one deed to many cases, each by itself; asked again, what was done is refused and nothing is done twice."""
    lines = actions.do_batch(
        actor=request.actor, deed=Deed(body.deed), case_ids=body.case_ids, opinion=body.opinion, now=clock.now(),
        organization_code=body.organization_code or "",
    )  # fmt: skip
    items: list[dict[str, Any]] = [
        {"case_id": line.case_id, "number": line.number, "done": line.is_done, "reason": line.reason} for line in lines
    ]
    done = sum(item["done"] for item in items)
    return answer({"done": done, "refused": len(items) - done, "items": items})


@router.get("/cases/{case_id}/sheets/{kind}.docx", response={200: None, **REFUSALS}, operation_id="get_sheet")
@allow(Permission.VIEW)
def get_sheet(request: Request, case_id: Id, kind: Literal["case", "supervision"]) -> HttpResponse:
    """Return a sheet of a case as docx: `case` (办理单) or `supervision` (督办单)."""
    drawn = queries.get_sheet(viewer=request.actor, kind=kind, case_id=case_id, now=clock.now())
    return HttpResponse(write_docx(drawn), content_type=DOCX)
