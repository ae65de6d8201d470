"""Sheets of projects: the list as it is narrowed, an empty one, and one brought and looked through before it counts."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.projects import actions, forms, queries
from haitang.projects.values import Permission
from haitang.projects.views.projects import today


@require_safe
@allow(Permission.VIEW)
def export(request: Request) -> HttpResponse:
    """Return the list as it is narrowed, as a workbook."""
    wanted = forms.ProjectFilterForm(request.GET, viewer=request.actor).wanted()
    rows = queries.export_rows(viewer=request.actor, wanted=wanted, today=today())
    return workbook(_("项目清单"), queries.export_columns(), rows)


@require_safe
@allow(Permission.LEAD)
def template(request: Request) -> HttpResponse:
    """Return an empty sheet with its filling notes."""
    return workbook(_("项目清单模板"), queries.project_columns(), [], notes=queries.project_notes())


@form_page
@allow(Permission.LEAD)
def files(request: Request) -> HttpResponse:
    """Show the viewer's sheets, and bring another one."""
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            file = form.cleaned_data["file"]
            made.append(actions.bring_project_file(file_name=file.name, data=file.read(), **said(request)).pk)

        status = attempt(form, write)
        if not status:
            return redirect("projects:file", made[0])
    context: dict[str, Any] = {"form": form, "files": queries.list_project_files(viewer=request.actor)}
    return respond(request, "projects/files.html", None, context, status)


@require_safe
@allow(Permission.LEAD)
def file(request: Request, file_id: int) -> HttpResponse:
    """Show what was found in a sheet, row by row."""
    row = queries.get_project_file(viewer=request.actor, file_id=file_id)
    return respond(request, "projects/file.html", None, {"file": row})


@require_POST
@allow(Permission.LEAD)
def file_take_in(request: Request, file_id: int) -> HttpResponse:
    """Begin the projects of the sound rows."""
    row = actions.take_in_project_file(file_id=file_id, **said(request))
    messages.success(request, _("已立项 %(n)d 个") % {"n": row.sound})
    return redirect("projects:file", file_id)
