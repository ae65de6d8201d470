"""The desk that answers requests about personal data, and its rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.privacy import actions, forms, queries
from haitang.privacy.values import OPEN, Kind, Permission, State
from haitang.privacy.views.own import COLOURS


@require_safe
@allow(Permission.DECIDE)
def queue(request: Request) -> HttpResponse:
    """List the requests that wait for an answer, or those that are over."""
    is_open = request.GET.get("over") != "1"
    page = queries.list_requests(viewer=request.actor, is_open=is_open, cursor=request.GET.get("cursor", ""))
    tabs = [
        {"label": _("待办"), "url": "?", "current": is_open},
        {"label": _("已办结"), "url": "?over=1", "current": not is_open},
    ]
    context = {"page": page, "lines": [_line(row) for row in page.rows], "tabs": tabs}
    return respond(request, "privacy/queue.html", None, context)


@require_safe
@allow(Permission.DECIDE)
def request_page(request: Request, request_id: int) -> HttpResponse:
    """Show one request, and what can be answered."""
    return _page(request, request_id)


@require_POST
@allow(Permission.DECIDE)
def grant(request: Request, request_id: int) -> HttpResponse:
    """Agree: erase, or say that it was corrected."""
    form = forms.GrantForm(request.POST)
    status = attempt(
        form, lambda: actions.grant_rights(request_id=request_id, answer=form.cleaned_data["answer"], **said(request))
    )
    if status:
        return _page(request, request_id, status, grant_form=form)
    messages.success(request, _("已办理"))
    return redirect("privacy:request", request_id)


@require_POST
@allow(Permission.DECIDE)
def refuse(request: Request, request_id: int) -> HttpResponse:
    """Say no, for a reason that the law allows."""
    form = forms.RefuseForm(request.POST)
    status = attempt(form, lambda: actions.refuse_rights(request_id=request_id, **form.cleaned_data, **said(request)))
    if status:
        return _page(request, request_id, status, refuse_form=form)
    messages.success(request, _("已答复"))
    return redirect("privacy:request", request_id)


@form_page
@allow(Permission.SETTINGS)
def settings(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    lines = [*queries.list_privacy_settings(viewer=request.actor), *queries.list_month_settings(viewer=request.actor)]
    form = forms.SettingsForm(sent(request), lines=lines)
    return settings_page(request, form, _change, "privacy/settings.html", "privacy:settings")


def _change(*, key: str, **more: Any) -> None:
    """Write a rule for requests, or for how many months something is kept."""
    write = actions.change_privacy_setting if key in queries.RULES.get() else actions.change_retention_months
    write(key=key, **more)


@require_safe
@allow(Permission.REPORT)
def retention(request: Request) -> HttpResponse:
    """Show how long every table with personal data is kept, what is due, and what was erased."""
    context = {
        "lines": queries.retention_report(viewer=request.actor, now=clock.now()),
        "runs": queries.list_runs(viewer=request.actor),
    }  # fmt: skip
    return respond(request, "privacy/retention.html", None, context)


def _page(request: Request, request_id: int, status: int = 200, **given: Any) -> HttpResponse:
    row = queries.get_request(viewer=request.actor, request_id=request_id)
    names = queries.part_names()
    context = {
        "line": _line(row), "row": row,
        "parts": [part for part in queries.find_parts(queries.asker_of(row)) if part.code in row.parts],
        "outcome": [(names.get(code, code), told) for code, told in row.outcome.items()],
        "refusal": queries.refusal_words(row.refusal), "is_waiting": row.state == State.WAITING,
        "is_erasure": row.kind == Kind.ERASE,
        "grant_form": forms.GrantForm(), "refuse_form": forms.RefuseForm(), **given,
    }  # fmt: skip
    return respond(request, "privacy/request.html", None, context, status)


def _line(row: Any) -> dict[str, Any]:
    names = queries.part_names()
    return {
        "row": row, "kind": Kind(row.kind).label, "state": State(row.state).label, "colour": COLOURS[State(row.state)],
        "parts": "、".join(names[code] for code in row.parts if code in names),
        "is_late": row.state in OPEN and row.answered_at is None and row.due_on < clock.local_date(clock.now()),
    }  # fmt: skip
