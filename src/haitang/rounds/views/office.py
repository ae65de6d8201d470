"""The settings of rounds and the lists."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.rounds import actions, forms, queries
from haitang.rounds.values import ClauseKind, Permission


@form_page
@allow(Permission.SETTINGS)
def settings(request: Request) -> HttpResponse:
    """Show and change the rules for all rounds, and the lists; only what was changed is written."""
    form = forms.SettingsForm(sent(request), lines=queries.list_round_settings(viewer=request.actor))
    return settings_page(
        request, form, actions.change_round_setting, "rounds/settings.html", "rounds:settings", _beside
    )


def _beside() -> dict[str, Any]:
    lines = [(line, ClauseKind(line.clause.kind).label) for line in queries.list_clause_lines()]
    return {"clause": forms.ClauseForm(auto_id="clause_%s"), "lines": lines}


@require_POST
@allow(Permission.SETTINGS)
def clause(request: Request) -> HttpResponse:
    """Add a clause, or change or retire the one with its code."""
    form = forms.ClauseForm(request.POST, auto_id="clause_%s")
    status = attempt(form, lambda: actions.keep_clause(**form.given(), **said(request)))
    if status:
        settings_form = forms.SettingsForm(lines=queries.list_round_settings(viewer=request.actor))
        context = {"form": settings_form, **_beside(), "clause": form}
        return respond(request, "rounds/settings.html", None, context, status)
    messages.success(request, _("已保存。以前引用的条目仍按当时的文字显示"))
    return redirect("rounds:settings")
