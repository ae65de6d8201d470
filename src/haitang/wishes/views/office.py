"""A sheet of wishes taken in, and the rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.core.ui.sheets import workbook
from haitang.wishes import actions, forms, queries
from haitang.wishes.values import Permission


@never_cache
@form_page
@allow(Permission.ENTER)
def bring(request: Request) -> HttpResponse:
    """Take a sheet in, and say of every row that was not taken in why."""
    form, status, read = forms.UploadForm(sent(request), request.FILES or None), 200, None
    if request.method == "POST":
        found: list[Any] = []
        status = attempt(
            form, lambda: found.append(actions.import_wishes(data=form.cleaned_data["file"].read(), **said(request)))
        )
        if not status:
            read = found[0]
            if not read.reasons:
                messages.success(request, _("已导入 %(n)d 个心愿，审核发布后可以认领") % {"n": len(read.drafts)})
                return redirect("wishes:desk")
            form, status = forms.UploadForm(), 200
    return respond(request, "wishes/bring.html", None, {"form": form, "read": read}, status)


@require_safe
@allow(Permission.ENTER)
def template(request: Request) -> HttpResponse:
    """Give an empty sheet with its filling notes."""
    return workbook(_("微心愿登记模板"), queries.wish_columns(), [], notes=queries.wish_notes())


@form_page
@allow(Permission.SETTINGS)
def settings(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    form = forms.SettingsForm(sent(request), lines=queries.list_wish_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_wish_setting, "wishes/settings.html", "wishes:settings")
