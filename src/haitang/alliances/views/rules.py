"""Administration of duties, criteria and settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from haitang.alliances import actions, forms, queries
from haitang.alliances.values import Kind, Permission
from haitang.core.access import allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page


@form_page
@allow(Permission.MANAGE)
def settings(request: Request) -> HttpResponse:
    """Show duties and criteria, and change the settings."""
    form = forms.SettingsForm(sent(request), lines=queries.list_alliance_settings(viewer=request.actor))

    def beside() -> dict[str, Any]:
        known = queries.rules().lines
        return {
            "kinds": [
                {"kind": kind.value, "label": kind.label, "lines": [line for line in known if line.kind == kind]}
                for kind in Kind
            ]
        }

    return settings_page(
        request, form, actions.change_alliance_setting, "alliances/settings.html", "alliances:settings", beside
    )


@form_page
@allow(Permission.MANAGE)
def line(request: Request, kind: str, code: str = "") -> HttpResponse:
    """Enter a duty or a criterion, or change one."""
    known = next((each for each in queries.rules().lines if each.code == code and each.kind == kind), None)
    if kind not in Kind.values or (code and known is None):
        raise NotFound(_("没有这一项"))
    form, status = forms.LineForm(sent(request), kind=kind, known=known), 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: actions.change_joint_line(
                line=form.line(), is_active=form.cleaned_data["is_active"], **said(request)
            ),
        )
        if not status:
            messages.success(request, _("已保存"))
            return redirect("alliances:settings")
    title = known.name if known else _("新增：%(kind)s") % {"kind": Kind(kind).label}
    return respond(request, "alliances/line.html", None, {"form": form, "title": title}, status)
