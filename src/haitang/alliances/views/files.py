"""Sheets of links and agreements: a template to take away, a sheet to bring, looked through before it is taken in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.alliances import actions, forms, queries
from haitang.alliances.values import Permission
from haitang.alliances.views.shared import today
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook


@form_page
@allow(Permission.KEEP)
def link_files(request: Request) -> HttpResponse:
    """Show the viewer's files, and bring another one."""
    form = forms.UploadForm(request.POST or None, request.FILES or None, today=today())
    status, made = 200, []

    def write() -> None:
        given = form.cleaned_data
        row = actions.bring_link_file(
            year=given["year"], file_name=given["file"].name, data=given["file"].read(), **said(request)
        )
        made.append(row.pk)

    if request.method == "POST":
        status = attempt(form, write)
        if not status:
            return redirect("alliances:link_file", made[0])
    context = {"form": form, "files": queries.list_link_files(viewer=request.actor)}
    return respond(request, "alliances/files.html", None, context, status)


@require_safe
@allow(Permission.KEEP)
def link_file(request: Request, file_id: int) -> HttpResponse:
    """Show what was found in a file, row by row."""
    row = queries.get_link_file(viewer=request.actor, file_id=file_id)
    return respond(request, "alliances/file.html", None, {"file": row})


@require_POST
@allow(Permission.KEEP)
def link_file_take_in(request: Request, file_id: int) -> HttpResponse:
    """Take the sound rows in."""
    row = actions.take_in_link_file(file_id=file_id, **said(request))
    messages.success(request, _("已导入 %(n)d 条，协议等待单位确认") % {"n": row.sound})
    return redirect("alliances:link_file", file_id)


@require_safe
@allow(Permission.KEEP)
def link_template(request: Request) -> HttpResponse:
    """Give an empty sheet with its filling notes."""
    return workbook(_("结对模板"), queries.link_columns(), [], notes=queries.link_notes())
