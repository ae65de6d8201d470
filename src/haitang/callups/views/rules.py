"""Administration of the settings of call-ups."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from haitang.callups import actions, forms, queries
from haitang.callups.values import Permission
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond


@form_page
@allow(Permission.SETTINGS)
def callup_settings(request: Request) -> HttpResponse:
    """Show and change the rules for call-ups."""
    form, status = forms.SettingsForm(sent(request), lines=queries.list_callup_settings(viewer=request.actor)), 200
    if request.method == "POST":
        status = attempt(form, lambda: _write(request, form))
        if not status:
            messages.success(request, _("设置已保存"))
            return redirect("callups:settings")
    return respond(request, "callups/settings.html", None, {"form": form}, status)


@transaction.atomic
def _write(request: Request, form: forms.SettingsForm) -> None:
    for key, value in form.changed().items():
        actions.change_callup_setting(key=key, value=value, **said(request))
