"""Administration of the catalogues and settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.volunteers import actions, forms, queries
from haitang.volunteers.values import ItemKind, Permission


@require_safe
@allow(Permission.SETTINGS)
def catalogue(request: Request, kind: str = ItemKind.SKILL.value) -> HttpResponse:
    """Show the lines of a catalogue."""
    _check(kind)
    tabs = [
        {"label": each.label, "url": reverse("volunteers:catalogue", args=[each.value]), "current": each == kind}
        for each in ItemKind
    ]
    items = queries.list_catalogue(viewer=request.actor, kind=kind)
    return respond(request, "volunteers/catalogue.html", None, {"items": items, "tabs": tabs, "kind": kind})


@form_page
@allow(Permission.SETTINGS)
def catalogue_item(request: Request, kind: str, code: str = "") -> HttpResponse:
    """Add a line to a catalogue, or change one."""
    _check(kind)
    known = queries.rules().by_code.get((kind, code))
    if code and known is None:
        raise NotFound(_("目录中没有这一项"))
    form, status = forms.ItemForm(sent(request), known=known), 200
    if request.method == "POST":

        def write() -> None:
            given: dict[str, Any] = {"code": code, **form.cleaned_data}
            actions.change_catalogue_item(kind=kind, **given, **said(request))

        status = attempt(form, write)
        if not status:
            messages.success(request, _("目录已保存"))
            return redirect("volunteers:catalogue", kind)
    context = {"form": form, "kind": kind, "label": ItemKind(kind).label, "known": known}
    return respond(request, "volunteers/catalogue_item.html", None, context, status)


def _check(kind: str) -> None:
    if kind not in ItemKind.values:
        raise NotFound(_("没有这个目录"))


@form_page
@allow(Permission.SETTINGS)
def consent(request: Request) -> HttpResponse:
    """Show the text to which people agree, change it under a new version, and show who agreed to which."""
    lines = queries.list_consents(viewer=request.actor)
    form, status = forms.ConsentForm(sent(request), known=lines[0].consent), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_consent(**form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("说明已保存，此后登记的人同意的是这一版"))
            return redirect("volunteers:consent")
    return respond(request, "volunteers/consent.html", None, {"form": form, "lines": lines}, status)


@form_page
@allow(Permission.SETTINGS)
def volunteer_settings(request: Request) -> HttpResponse:
    """Show and change the rules for the register."""
    form = forms.SettingsForm(sent(request), lines=queries.list_volunteer_settings(viewer=request.actor))
    return settings_page(
        request, form, actions.change_volunteer_setting, "volunteers/settings.html", "volunteers:settings"
    )
