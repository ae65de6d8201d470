"""Administration: the catalogue, the types of service, the settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.orders import actions, forms, queries
from haitang.orders.values import Acceptor, Dispatcher, Orderer, Permission, variants


@require_safe
@allow(Permission.MANAGE)
def services(request: Request) -> HttpResponse:
    """Show the services that the viewer looks after."""
    lines = [
        (view, forms.hours_text(view.service.hour_list).splitlines())
        for view in queries.list_kept_services(viewer=request.actor)
    ]
    return respond(request, "orders/services.html", None, {"lines": lines})


@form_page
@allow(Permission.MANAGE)
def service_new(request: Request) -> HttpResponse:
    """Put a service into the catalogue."""
    form, status = forms.ServiceForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.open_service(change=form.change(), **said(request)))
        if not status:
            messages.success(request, _("服务已上架"))
            return redirect("orders:services")
    return respond(request, "orders/service.html", None, {"form": form, "title": _("新增服务")}, status)


@form_page
@allow(Permission.MANAGE)
def service(request: Request, service_id: int) -> HttpResponse:
    """Change a service."""
    known = queries.get_kept_service(viewer=request.actor, service_id=service_id)
    form, status = forms.ServiceForm(sent(request), viewer=request.actor, known=known), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_service(service_id=service_id, change=form.change(), **said(request))
        )
        if not status:
            messages.success(request, _("服务已保存"))
            return redirect("orders:services")
    return respond(request, "orders/service.html", None, {"form": form, "title": known.service.name}, status)


@require_safe
@allow(Permission.SETTINGS)
def types(request: Request) -> HttpResponse:
    """Show the types of service with who orders, hands out and accepts."""
    names = variants()
    lines = [
        {
            "type": kind, "variant": names.get(kind.variant, {}).get("name", kind.variant),
            "orderers": [Orderer(each).label for each in kind.orderers],
            "dispatcher": Dispatcher(kind.dispatcher).label,
            "acceptors": [Acceptor(each).label for each in kind.acceptors],
        }
        for kind in queries.order_rules().types
    ]  # fmt: skip
    return respond(request, "orders/types.html", None, {"lines": lines})


@form_page
@allow(Permission.SETTINGS)
def type_new(request: Request) -> HttpResponse:
    """Make a type of service."""
    form, status = forms.TypeForm(sent(request)), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_service_type(
                code=form.cleaned_data["code"], change=form.change(), **said(request)
            )
        )  # fmt: skip
        if not status:
            messages.success(request, _("服务类型已建立"))
            return redirect("orders:types")
    return respond(request, "orders/type.html", None, {"form": form, "title": _("新增服务类型")}, status)


@form_page
@allow(Permission.SETTINGS)
def service_type(request: Request, code: str) -> HttpResponse:
    """Change a type of service."""
    known = queries.order_rules().type_of(code)
    form, status = forms.TypeForm(sent(request), known=known), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_service_type(code=code, change=form.change(), **said(request)))
        if not status:
            messages.success(request, _("服务类型已保存"))
            return redirect("orders:types")
    return respond(request, "orders/type.html", None, {"form": form, "title": known.name}, status)


@form_page
@allow(Permission.SETTINGS)
def order_settings(request: Request) -> HttpResponse:
    """Show and change the rules for orders."""
    form = forms.SettingsForm(sent(request), lines=queries.list_order_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_order_setting, "orders/settings.html", "orders:settings")
