"""The pages of those who keep connected systems."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.sso import actions, forms, queries
from haitang.sso.values import SCOPES, Permission
from haitang.sso.views.admitting import issuer_of


@require_safe
@allow(Permission.MANAGE)
def systems(request: Request) -> HttpResponse:
    """Show which systems let in whoever is signed in here."""
    context = {
        "rows": queries.list_systems(viewer=request.actor),
        "issuer": issuer_of(request),
        "keys": queries.published_keys(clock.now()),
    }
    return respond(request, "sso/systems.html", None, context)


@form_page
@allow(Permission.MANAGE)
@never_cache
def system_new(request: Request) -> HttpResponse:
    """Connect a system; its secret is shown once, on the page that answers."""
    form = forms.SystemForm(sent(request))
    status = 200
    if request.method == "POST":
        made: list[Any] = []
        status = attempt(form, lambda: made.extend(actions.connect_system(**said(request), **form.cleaned_data)))
        if not status:
            return _show_secret(request, made[0], made[1])
    context = {"form": form, "title": _("新建接入系统"), "back": reverse("sso:systems")}
    return respond(request, "sso/system_form.html", None, context, status)


@require_safe
@allow(Permission.MANAGE)
def system(request: Request, system_id: int) -> HttpResponse:
    """Show a connected system."""
    row = queries.get_system(viewer=request.actor, system_id=system_id)
    context = {"row": row, "issuer": issuer_of(request), "scopes": [SCOPES[scope] for scope in row.scopes]}
    return respond(request, "sso/system.html", None, context)


@form_page
@allow(Permission.MANAGE)
def system_change(request: Request, system_id: int) -> HttpResponse:
    """Change a connected system, or disconnect it."""
    row = queries.get_system(viewer=request.actor, system_id=system_id)
    form = forms.SystemChangeForm(sent(request), row=row)
    back = reverse("sso:system", args=[system_id])
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_system(**said(request), system_id=system_id, **form.cleaned_data)
        )  # fmt: skip
        if not status:
            messages.success(request, _("已保存"))
            return redirect(back)
    context = {"form": form, "title": _("修改接入系统"), "back": back}
    return respond(request, "sso/system_form.html", None, context, status)


@require_POST
@allow(Permission.MANAGE)
@never_cache
def system_secret(request: Request, system_id: int) -> HttpResponse:
    """Give a system another secret, which is shown this once."""
    row = queries.get_system(viewer=request.actor, system_id=system_id)
    return _show_secret(request, row, actions.rotate_system_secret(**said(request), system_id=system_id))


@require_POST
@allow(Permission.MANAGE)
def key_rotate(request: Request) -> HttpResponse:
    """Sign with a new key."""
    actions.rotate_signing_key(**said(request))
    messages.success(request, _("已更换签名密钥，旧公钥继续公布一段时间"))
    return redirect("sso:systems")


def _show_secret(request: Request, row: Any, secret: str) -> HttpResponse:
    return respond(request, "sso/system_secret.html", None, {"row": row, "secret": secret})
