"""The history, to the audit administrator, in the words of an office."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.clock import LOCAL
from haitang.core.facts import Fact, fact_named, label_of
from haitang.core.history import NOTICE
from haitang.core.http import Request
from haitang.core.templatetags.ui import duration
from haitang.core.ui.pages import respond
from haitang.organizations.queries import organizations
from haitang.people import forms
from haitang.people.queries.audit import HistoryFilter, list_history
from haitang.people.values import HISTORY_AUDIT
from haitang.territory.queries import territory

_LABELS = {NOTICE: gettext_lazy("告知版本")}
"""Of what the entrance adds to an entry, whatever the fact."""
_AREAS = frozenset({"area_id", "new_area_id", "replaced_by_id"})
_ORGANIZATIONS = frozenset({"organization_id"})


@require_safe
@allow(HISTORY_AUDIT)
def history(request: Request) -> HttpResponse:
    """List everything recorded: who did what to what, when, for which organization, in which request."""
    form = forms.HistorySearch(request.GET)
    wanted = HistoryFilter(**form.cleaned_data) if form.is_valid() else HistoryFilter()
    page = list_history(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    lines = [_line(entry, fact_named(entry.fact)) for entry in page.rows]
    return respond(request, "people/history.html", "people/_history.html", {"form": form, "page": page, "lines": lines})


def _line(entry: Any, fact: type[Fact]) -> dict[str, Any]:
    """Return an entry as it reads: a fact, a field or a word that this release does not know stays as it was written.

    The fact's first field is the thing that it happened to: it gives the name of that, and is not told again.
    """
    names = [field.name for field in fields(fact)]
    subject = names[0] if names else ""
    keys = [key for key in dict.fromkeys([*names, *entry.data]) if key in entry.data]
    told = [(key, _told(fact, key, entry.data[key])) for key in keys]
    return {
        "entry": entry,
        "label": label_of(entry.fact),
        "subject": _subject(fact, subject or entry.subject_type, entry.subject_id),
        "told": [
            (_LABELS.get(key) or fact.field_labels.get(key, key), value)
            for key, value in told
            if value and key != subject
        ],
    }


def _subject(fact: type[Fact], key: str, subject_id: int) -> str:
    """Return what it happened to. Id 0 stands for all of its sort."""
    label = fact.field_labels.get(key, key)
    return f"{label} {_name(key, subject_id) or subject_id}" if subject_id else str(label)


def _name(key: str, value: Any) -> str | None:
    """Return what the area or organization of that id is called today; None where the field names neither."""
    if key in _AREAS and (area := territory().get(value)):
        return area.name
    if key in _ORGANIZATIONS and (organization := organizations().by_id(value)):
        return organization.name
    return None


def _told(fact: type[Fact], key: str, value: Any) -> str:
    if isinstance(value, bool) or value in ("True", "False"):
        return _("是") if str(value) == "True" else _("否")
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        labels = fact.field_labels
        return "；".join(f"{labels.get(name, name)}：{_told(fact, name, one)}" for name, one in value.items())
    if isinstance(value, list):
        return "、".join(_told(fact, key, one) for one in value)
    if isinstance(value, int) and key.endswith("_s"):
        return duration(value)
    if isinstance(value, str) and key.endswith("_at"):
        return f"{datetime.fromisoformat(value).astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    word = fact.field_words.get(key, {}).get(value) if isinstance(value, str) else None
    return str(_(word) if isinstance(word, str) else word or _name(key, value) or value)
