"""Handing a desk over: look at what is on it, name who takes it, read what became of each case."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.office import actions, queries
from haitang.office.forms import HandOverForm
from haitang.office.values import Line
from haitang.people.values import Permission as PeoplePermission


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.VIEW)
def handover(request: Request) -> HttpResponse:
    """Show what the viewer, or for a manager somebody of the office, has in hand, and give it to another."""
    viewer = request.actor
    others = viewer.holds(PeoplePermission.DELEGATION_MANAGE)
    form = HandOverForm(request.POST if request.method == "POST" else None, viewer=viewer, others=others)
    chosen = form.chosen(request.GET.get("account", "")) if others else None
    account_id, status = chosen or viewer.id or 0, 200
    lines: list[Line] = []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {"account_id": viewer.id, **form.cleaned_data}
            account_id = given["account_id"]
            try:
                lines = list(actions.hand_desk_over(actor=viewer, now=clock.now(), **given))
                status = 200
            except Refusal as refusal:
                fields = getattr(refusal, "fields", {}) or {"": refusal.message}
                for field, text in fields.items():
                    form.add_error(field if field in form.fields else None, text)
                status = refusal.status
    context: dict[str, Any] = {
        "form": form, "lines": lines, "done": sum(line.is_done for line in lines),
        "refused": sum(not line.is_done for line in lines),
        "things": queries.list_handovers(viewer=viewer, account_id=account_id),
        "whose": form.name_of(account_id) or _("我"), "others": others,
    }  # fmt: skip
    return respond(request, "office/handover.html", None, context, status)
