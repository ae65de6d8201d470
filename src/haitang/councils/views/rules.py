"""Administration of kinds and settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.councils import actions, forms, queries
from haitang.councils.values import Permission


@form_page
@allow(Permission.MANAGE)
def settings(request: Request) -> HttpResponse:
    """Show kinds of councils, and change the settings."""
    form = forms.SettingsForm(sent(request), lines=queries.list_council_settings(viewer=request.actor))
    return settings_page(
        request,
        form,
        actions.change_council_setting,
        "councils/settings.html",
        "councils:settings",
        lambda: {"kinds": queries.rules().kinds},
    )


@form_page
@allow(Permission.MANAGE)
def kind(request: Request, code: str = "") -> HttpResponse:
    """Enter a kind of council, or change one."""
    known = queries.rules().kind(code) if code else None
    form, status = forms.KindForm(sent(request), known=known), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_council_kind(kind=form.kind(), **said(request)))
        if not status:
            messages.success(request, _("已保存"))
            return redirect("councils:settings")
    return respond(request, "councils/kind.html", None, {"form": form, "known": known}, status)
