"""The rules of oversight: settings and ladders."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haitang.cases.values import Level
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.organizations.values import Kind as OrganizationKind
from haitang.organizations.values import PostKind
from haitang.oversight import actions, forms, queries
from haitang.oversight.values import Permission
from haitang.oversight.views.panel import put_on
from haitang.people.values import permission_names
from haitang.territory.queries import territory


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.MANAGE_RULES)
def rules(request: Request) -> HttpResponse:
    """Show and change the settings, and the rungs of the ladders."""
    rows = queries.list_oversight_settings(viewer=request.actor)
    values = {row.key: row.value for row in rows}
    of_ladder = request.method == "POST" and "step" in request.POST
    sent = request.POST if request.method == "POST" else None
    settings = forms.Settings(None if of_ladder else sent, values=values)
    rung = forms.NewRung(sent if of_ladder else None)
    status = 200
    if sent is not None:
        form: Any = rung if of_ladder else settings
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    _write(request, form, of_ladder)
            except Refusal as refusal:
                put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("督查设置已保存"))
                return redirect("oversight:rules")
    names, tree = permission_names(), territory()
    ladder = [
        {
            "rung": each,
            "area": tree.full_name(each.area_id) if each.area_id else _("全市"),
            "level": Level(each.level).label,
            "who": _(names.get(each.permission, each.permission)) if each.permission
            else f"{OrganizationKind(each.serving).label} {PostKind(each.post_kind).label}",
        }
        for each in queries.list_rungs(viewer=request.actor)
    ]  # fmt: skip
    fields = [(row, settings[row.key]) for row in rows]
    return respond(
        request, "oversight/rules.html", None, {"settings": fields, "form": settings, "rung": rung, "ladder": ladder},
        status,
    )  # fmt: skip


def _write(request: Request, form: Any, of_ladder: bool) -> None:
    said: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    if not of_ladder:
        for key, value in form.changed().items():
            actions.change_oversight_setting(key=key, value=value, **said)
        return
    area = None
    if code := form.cleaned_data["area"].strip():
        area = territory().by_code(code)
        if area is None:
            raise Invalid(_("没有这个区域编码"), {"area": _("没有这个区域编码")})
    actions.set_rung(area_id=area.id if area else None, **form.given(), **said)


@require_POST
@allow(Permission.MANAGE_RULES)
def rung_remove(request: Request, rung_id: int) -> HttpResponse:
    """Take the uppermost rung from its ladder."""
    actions.remove_rung(actor=request.actor, rung_id=rung_id, now=clock.now())
    messages.success(request, _("已删除该级次"))
    return redirect("oversight:rules")
