"""Administration of categories, rounds and settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from haitang.core.access import allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.exchange import actions, forms, queries
from haitang.exchange.values import Permission
from haitang.territory.queries import territory


@form_page
@allow(Permission.MANAGE)
def settings(request: Request) -> HttpResponse:
    """Show categories and rounds, and change the settings."""
    form = forms.SettingsForm(sent(request), lines=queries.list_exchange_settings(viewer=request.actor))

    def beside() -> dict[str, Any]:
        known, tree = queries.rules(), territory()
        return {
            "categories": known.categories,
            "rounds": [{"each": each, "area": tree.area(each.area_id).name} for each in known.rounds],
        }

    return settings_page(
        request, form, actions.change_exchange_setting, "exchange/settings.html", "exchange:settings", beside
    )


@form_page
@allow(Permission.MANAGE)
def category(request: Request, code: str = "") -> HttpResponse:
    """Enter a category, or change one."""
    known = next((each for each in queries.rules().categories if each.code == code), None)
    if code and known is None:
        raise NotFound(_("没有这个类别"))
    form, status = forms.CategoryForm(sent(request), known=known), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_list_category(**form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("已保存"))
            return redirect("exchange:settings")
    title = known.name if known else _("新增类别")
    return respond(request, "exchange/rule.html", None, {"form": form, "title": title}, status)


@form_page
@allow(Permission.MANAGE)
def batch(request: Request, code: str = "") -> HttpResponse:
    """Enter a round of collecting, or change one."""
    known = next((each for each in queries.rules().rounds if each.code == code), None)
    if code and known is None:
        raise NotFound(_("没有这个征集批次"))
    form, status = forms.RoundForm(sent(request), known=known), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_round(**form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("已保存"))
            return redirect("exchange:settings")
    title = known.name if known else _("新增征集批次")
    return respond(request, "exchange/rule.html", None, {"form": form, "title": title}, status)
