"""The history, to the audit administrator."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.people import forms
from haitang.people.queries.audit import HistoryFilter, list_history
from haitang.people.values import HISTORY_AUDIT


@require_safe
@allow(HISTORY_AUDIT)
def history(request: Request) -> HttpResponse:
    """List everything recorded: who did what to what, when, for which organization, in which request."""
    form = forms.HistorySearch(request.GET)
    wanted = HistoryFilter(**form.cleaned_data) if form.is_valid() else HistoryFilter()
    page = list_history(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    return respond(request, "people/history.html", "people/_history.html", {"form": form, "page": page})
