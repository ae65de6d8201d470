"""Permissions for some hours: asking, agreeing, what was done under them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request, said
from haitang.core.ui.pages import respond
from haitang.people import actions, forms, queries
from haitang.people.values import Permission
from haitang.people.views.shared import form_page


@require_safe
@allow(SIGNED_IN)
def elevation_list(request: Request) -> HttpResponse:
    """List what the viewer has asked for; to security administrators, what anybody has."""
    may_grant = request.actor.holds(Permission.GRANT_MANAGE)
    listed = queries.list_elevations if may_grant else queries.list_own_elevations
    context = {
        "elevations": listed(viewer=request.actor, now=clock.now()),
        "may_grant": may_grant,
        "may_ask": bool(queries.may_ask_for(request.actor)),
    }
    return respond(request, "people/elevations.html", None, context)


@require_http_methods(["GET", "POST"])
@allow(SIGNED_IN)
def elevation_ask(request: Request) -> HttpResponse:
    """Ask for a permission for some hours."""
    return form_page(
        request,
        forms.ElevationForm(request.POST or None, permissions=queries.may_ask_for(request.actor)),
        deed=lambda given: actions.ask_elevation(**said(request), **given),
        title=_("申请临时权限"),
        lead=_("在您现有的授权范围内有效，到时自动失效。申请、使用和结束都会告知安全管理员。"),
        submit=_("申请"),
        back=reverse("people:elevations"),
        done=_("申请已提交"),
        after=lambda made: reverse("people:elevation", args=[made.pk]),
    )


@require_safe
@allow(SIGNED_IN)
def elevation(request: Request, elevation_id: int) -> HttpResponse:
    """Show one, with what was done under it."""
    page = queries.get_elevation_page(viewer=request.actor, elevation_id=elevation_id, now=clock.now())
    return respond(request, "people/elevation.html", None, {"page": page})


@require_POST
@allow(Permission.GRANT_MANAGE)
def elevation_grant(request: Request, elevation_id: int) -> HttpResponse:
    """Agree."""
    actions.grant_elevation(elevation_id=elevation_id, **said(request))
    messages.success(request, _("已批准，权限立即生效"))
    return redirect("people:elevation", elevation_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def elevation_refuse(request: Request, elevation_id: int) -> HttpResponse:
    """Do not agree."""
    return form_page(
        request,
        forms.ReasonForm(request.POST or None),
        deed=lambda given: actions.refuse_elevation(elevation_id=elevation_id, answer=given["reason"], **said(request)),
        title=_("不予批准"),
        submit=_("确定"),
        back=reverse("people:elevation", args=[elevation_id]),
        done=_("已答复申请人"),
    )


@require_POST
@allow(SIGNED_IN)
def elevation_end(request: Request, elevation_id: int) -> HttpResponse:
    """End it before its time, or take the request back."""
    actions.end_elevation(elevation_id=elevation_id, **said(request))
    messages.success(request, _("临时权限已结束"))
    return redirect("people:elevation", elevation_id)
