"""Files of cases: bring one, look at what the check found, confirm, take the result away."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.cases import queries as case_queries
from haitang.cases.values import Permission
from haitang.core import clock, files
from haitang.core.access import EVERYWHERE, allow, require
from haitang.core.errors import Invalid, NotFound
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.office import actions, queries
from haitang.office.forms import FeedbackForm, UploadForm
from haitang.office.values import RowsRefused, UploadState

_WORKED_ON = (UploadState.CHECKING, UploadState.IMPORTING)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.REPORT)
def uploads(request: Request) -> HttpResponse:
    """Show the viewer's files of late, and take a new one in to be checked."""
    require(request.actor, Permission.REPORT, area_path=EVERYWHERE)
    form, status = UploadForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                made = actions.upload_cases(
                    actor=request.actor, file_name=file.name, data=file.read(), now=clock.now(), **form.given()
                )
            except Invalid as refusal:
                form.add_error("file", refusal.message)
            else:
                return redirect("office:upload", made.pk)
    return _show(request, form, _feedback_form(request), status)


def _feedback_form(request: Request) -> FeedbackForm | None:
    if EVERYWHERE not in request.actor.areas(Permission.EXPORT):
        return None
    today = clock.local_date(clock.now())
    return FeedbackForm(initial={"from_date": today - timedelta(days=30), "to_date": today})


def _show(request: Request, form: UploadForm, feedback_form: FeedbackForm | None, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form, "uploads": queries.list_uploads(viewer=request.actor), "feedback_form": feedback_form,
    }  # fmt: skip
    return respond(request, "office/uploads.html", None, context, status)


@require_safe
@allow(Permission.REPORT)
def upload_template(request: Request) -> HttpResponse:
    """Hand out an empty table of cases, with a note on each column that must be filled."""
    columns = case_queries.case_columns()
    notes = [_("填写说明：带“必填”的列不能为空")]
    notes += [_("必填") if column.required else "" for column in columns[1:]]
    return workbook(_("案件导入模板"), columns, [], notes=notes)


@require_safe
@allow(Permission.REPORT)
def upload(request: Request, upload_id: int) -> HttpResponse:
    """Show how far a file has come and what was found in it."""
    row = queries.get_upload(request.actor.id, upload_id)
    context = {
        "upload": row,
        "is_worked_on": row.state in _WORKED_ON,
        "more": row.refused + row.repeated - len(row.reasons),
    }
    return respond(request, "office/upload.html", "office/_upload.html", context)


@require_POST
@allow(Permission.REPORT)
def upload_confirm(request: Request, upload_id: int) -> HttpResponse:
    """Have the sound rows taken in."""
    try:
        actions.confirm_upload(
            actor=request.actor, upload_id=upload_id, does_overwrite=request.POST.get("repeated") == "overwrite",
            is_whole="whole" in request.POST, now=clock.now(),
        )  # fmt: skip
    except RowsRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已开始导入"))
    return redirect("office:upload", upload_id)


@require_safe
@allow(Permission.REPORT)
@never_cache
def upload_result(request: Request, upload_id: int) -> HttpResponse:
    """Hand out every row with what became of it."""
    row = queries.get_upload(request.actor.id, upload_id)
    if not row.result_digest:
        raise NotFound(_("还没有结果文件"))
    name = f"{Path(row.file_name).stem}_{_('导入结果')}.csv"
    return _file(files.read(row.result_digest), "text/csv; charset=utf-8", name)


@require_POST
@allow(Permission.EXPORT)
def feedback(request: Request) -> HttpResponse:
    """Hand out the file that tells the hotline how its tickets stand."""
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _show(request, UploadForm(), form, 422)
    first, last = form.cleaned_data["from_date"], form.cleaned_data["to_date"]
    now = clock.now()
    columns, rows = actions.feed_tickets_back(
        actor=request.actor, now=now,
        from_at=datetime.combine(first, time(), clock.LOCAL),
        to_at=datetime.combine(last + timedelta(days=1), time(), clock.LOCAL),
        layout=form.cleaned_data["layout"], source=form.cleaned_data["source"],
    )  # fmt: skip
    return workbook(_("热线工单反馈"), columns, rows)


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
