"""Many cases at once: choose, say what is to be done, read what became of each."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from haitang.cases.lifecycle import Deed
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.office import actions, queries
from haitang.office.forms import BatchForm
from haitang.office.queries import Choice
from haitang.office.values import BATCH_FROM, BATCH_MAX, Line
from haitang.office.views.telling import category_name

_ID_DIGITS_MAX = 18


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.VIEW)
def batch(request: Request) -> HttpResponse:
    """Show the cases chosen in a list and do one deed to those that wait for it; refused ones stay chosen."""
    given = request.POST if request.method == "POST" else request.GET
    case_ids = [int(each) for each in given.getlist("case") if each.isdecimal() and len(each) <= _ID_DIGITS_MAX]
    choice = queries.choose(viewer=request.actor, case_ids=case_ids)
    deed = _deed(given.get("deed", ""), choice)
    form = BatchForm(deed, request.POST if request.method == "POST" else None, viewer=request.actor)
    lines: list[Line] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                lines = actions.do_batch(
                    actor=request.actor, deed=deed, case_ids=case_ids, now=clock.now(), **form.cleaned_data
                )
            except Invalid as refusal:
                form.add_error(None, refusal.message)
            else:
                status = 200
                choice = queries.choose(viewer=request.actor, case_ids=case_ids)
    return _show(request, choice, deed, form, lines, status, chosen_more=len(case_ids) > BATCH_MAX)


def _deed(name: str, choice: Choice) -> Deed:
    if name in {deed.value for deed in BATCH_FROM}:
        return Deed(name)
    return max(choice.by_deed, key=lambda deed: len(choice.by_deed[deed]), default=Deed.DISPATCH)


def _show(
    request: Request, choice: Choice, deed: Deed, form: BatchForm, lines: list[Line], status: int, *, chosen_more: bool
) -> HttpResponse:
    told = {line.case_id: line for line in lines}
    waiting = set(choice.by_deed.get(deed, ()))
    listed = [
        {
            "view": view, "category": category_name(view), "line": told.get(view.case.pk),
            "may": view.case.pk in waiting,
        }
        for view in choice.views
    ]  # fmt: skip
    seen = [view.case.pk for view in choice.views]
    context: dict[str, Any] = {
        "deed": deed, "form": form, "listed": listed, "lines": lines, "waiting": len(waiting),
        "gone": [line for line in lines if line.case_id not in seen],
        "done": sum(line.is_done for line in lines), "refused": sum(not line.is_done for line in lines),
        "tabs": _tabs(choice, deed, seen), "chosen_more": chosen_more, "max": BATCH_MAX,
    }  # fmt: skip
    return respond(request, "office/batch.html", None, context, status)


def _tabs(choice: Choice, deed: Deed, case_ids: Iterable[int]) -> list[dict[str, Any]]:
    asked = [("case", case_id) for case_id in case_ids]
    return [
        {
            "label": each.label, "current": each is deed, "count": len(found),
            "url": f"{reverse('office:batch')}?{urlencode([*asked, ('deed', each.value)])}",
        }
        for each, found in choice.by_deed.items()
    ]  # fmt: skip
