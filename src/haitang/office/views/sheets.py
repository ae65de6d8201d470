"""Sheets to print, and the same as a file for Word or WPS."""

from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.documents import DOCX, Sheet, write_docx
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.office import queries
from haitang.whistles.values import Permission as WhistlePermission

KINDS = (queries.CASE, queries.SUPERVISION)


@require_safe
@allow(Permission.VIEW)
def sheet(request: Request, case_id: int, kind: str) -> HttpResponse:
    """Show a sheet of the case as it will be printed."""
    context = {"sheet": _sheet(request, case_id, kind), "case_id": case_id, "kind": kind}
    return respond(request, "office/sheet.html", None, context)


@require_safe
@allow(Permission.VIEW)
def sheet_docx(request: Request, case_id: int, kind: str) -> HttpResponse:
    """Hand out a sheet of the case as docx."""
    drawn = _sheet(request, case_id, kind)
    number = drawn.number.rpartition("：")[2] or str(case_id)
    return as_file(drawn, f"{drawn.title}_{number}_{clock.local_date(clock.now()):%Y%m%d}.docx")


def as_file(drawn: Sheet, name: str) -> HttpResponse:
    """Return the sheet as a docx to be saved."""
    response = HttpResponse(write_docx(drawn), content_type=DOCX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _sheet(request: Request, case_id: int, kind: str) -> Sheet:
    if kind not in KINDS:
        raise NotFound(_("没有这种单据"))
    return queries.get_sheet(viewer=request.actor, kind=kind, case_id=case_id, now=clock.now())


@require_safe
@allow(WhistlePermission.VIEW)
def whistle_sheet(request: Request, whistle_id: int) -> HttpResponse:
    """Show the sheet of a whistle as it will be printed."""
    drawn = queries.get_whistle_sheet(viewer=request.actor, whistle_id=whistle_id, now=clock.now())
    return respond(request, "office/sheet.html", None, {"sheet": drawn, "whistle_id": whistle_id})


@require_safe
@allow(WhistlePermission.VIEW)
def whistle_docx(request: Request, whistle_id: int) -> HttpResponse:
    """Hand out the sheet of a whistle as docx."""
    drawn = queries.get_whistle_sheet(viewer=request.actor, whistle_id=whistle_id, now=clock.now())
    return as_file(drawn, f"{drawn.title}_{whistle_id}_{clock.local_date(clock.now()):%Y%m%d}.docx")
