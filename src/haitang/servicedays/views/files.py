"""Sheets: plans of service days taken in, the list and the names of a shift given out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.servicedays import actions, forms, queries
from haitang.servicedays.values import Permission


@never_cache
@form_page
@allow(Permission.MANAGE)
def bring(request: Request) -> HttpResponse:
    """Plan the days of a sheet, or say of every row that cannot stand why."""
    form, status, read = forms.UploadForm(sent(request), request.FILES or None), 200, None
    if request.method == "POST":
        found: list[Any] = []
        status = attempt(
            form, lambda: found.append(actions.bring_days(data=form.cleaned_data["file"].read(), **said(request)))
        )
        if not status:
            read = found[0]
            if not read.reasons:
                planned = ngettext("已安排 %(n)d 个服务日", "已安排 %(n)d 个服务日", len(read.days))
                messages.success(request, planned % {"n": len(read.days)})
                if read.there:
                    messages.info(request, _("%(n)d 个原来就有，没有重复安排") % {"n": read.there})
                return redirect("servicedays:days")
            form, status = forms.UploadForm(), 422
    return respond(request, "servicedays/bring.html", None, {"form": form, "read": read}, status)


@require_safe
@allow(Permission.MANAGE)
def template(request: Request) -> HttpResponse:
    """Give an empty sheet with its filling notes."""
    return workbook(_("服务日安排模板"), queries.day_columns(), [], notes=queries.day_notes())


@require_safe
@allow(Permission.VIEW)
def export(request: Request) -> HttpResponse:
    """Give what the list shows, with every shift, as a workbook in which nobody is named."""
    past = request.GET.get("past") == "1"
    today = clock.local_date(clock.now())
    views = queries.list_days_for_export(viewer=request.actor, today=today, past=past)
    return workbook(_("服务日"), queries.day_export_columns(), queries.day_export_rows(views))


@never_cache
@require_safe
@allow(Permission.MANAGE)
def roster(request: Request, shift_id: int) -> HttpResponse:
    """Give the names of those signed up for a shift as a workbook; that it was taken is recorded."""
    page = actions.take_roster(shift_id=shift_id, **said(request))
    return workbook(_("班次名单"), queries.roster_columns(), queries.roster_rows(page), scope=page.view.shift.task)
