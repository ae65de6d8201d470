"""The whole catalogue out as a workbook, and in again: upload, look at what would come of it, confirm."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.cases import actions, forms, queries
from haitang.cases.values import Permission
from haitang.core import clock, files
from haitang.core.access import allow
from haitang.core.errors import Invalid, Refusal
from haitang.core.http import Request
from haitang.core.tables import file_name, write_sheets
from haitang.core.ui.pages import respond

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_MAX = 200


@require_safe
@allow(Permission.MANAGE_CATALOG)
def catalog_export(request: Request) -> FileResponse:
    """Hand out the catalogue: categories, limits, conditions, questions, phrases."""
    with tempfile.TemporaryDirectory(prefix="haitang-catalog-") as folder:
        path = Path(folder) / "catalog.xlsx"
        write_sheets(queries.catalog_sheets(viewer=request.actor), path)
        file = path.open("rb")  # it outlives its name
    name = file_name("案件类别", request.actor.organization_name, clock.local_date(clock.now()), "xlsx")
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.MANAGE_CATALOG)
def catalog_import(request: Request) -> HttpResponse:
    """Take a workbook: first what would come of it, row by row; when that is confirmed, the whole of it or nothing."""
    form = forms.CatalogFile(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found, digest, status = None, "", 200
    if request.method == "POST":
        status = 422
        try:
            digest, name, data = _sent(request, form)
            if data:
                found = _taken(request, name, data, check_only="confirm" not in request.POST)
                if "confirm" in request.POST and not found.refused:
                    said = {"made": len(found.made), "changed": len(found.changed)}
                    messages.success(request, _("目录已导入：新增 %(made)d 项，更改 %(changed)d 项") % said)
                    return redirect("cases:categories")
                status = 422 if found.refused else 200
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    context = {
        "form": form, "found": found, "digest": digest, "shown_max": _SHOWN_MAX,
        "refused": found.refused[:_SHOWN_MAX] if found else (),
    }  # fmt: skip
    return respond(request, "cases/catalog_import.html", None, context, status)


def _sent(request: Request, form: Any) -> tuple[str, str, bytes]:
    """Return the file's digest, name and content: as uploaded now, or as kept since it was checked."""
    kept = request.POST.get("digest", "")
    if kept:
        form.fields["file"].required = False
        form.is_valid()
        return kept, request.POST.get("name", "")[:100] or "catalog.xlsx", files.read(kept)
    if not form.is_valid():
        return "", "", b""
    upload = form.cleaned_data["file"]
    if upload.size > forms.CATALOG_BYTES_MAX:
        raise Invalid(_("文件不能超过 10 MB"))
    data = upload.read()
    return files.store_for_now(data), upload.name, data


def _taken(request: Request, name: str, data: bytes, *, check_only: bool) -> Any:
    with tempfile.TemporaryDirectory(prefix="haitang-catalog-") as folder:
        path = Path(folder) / (Path(name).name or "catalog.xlsx")
        path.write_bytes(data)
        return actions.import_any_catalog(actor=request.actor, path=path, now=clock.now(), check_only=check_only)
