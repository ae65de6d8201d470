"""What every form page of this app does alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from haitang.core.errors import Conflict, Invalid
from haitang.core.http import Request
from haitang.core.ui.pages import respond


def form_page(
    request: Request,
    form: Form,
    *,
    deed: Callable[[dict[str, Any]], Any],
    title: str,
    submit: str,
    back: str,
    done: str = "",
    after: Callable[[Any], str] | None = None,
    lead: str = "",
    confirm: str = "",
    then: Callable[[Any], HttpResponse] | None = None,
) -> HttpResponse:
    """Show the form; on POST do the deed with what was typed, and go on, or show the form again with what was refused.

    deed: takes the cleaned data. back: where "cancel" leads. done: the sentence said afterwards.
    after: given what the deed returned, the address to go to; `back` by default. then: answers instead of a redirect.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = deed(form.cleaned_data)
            except (Invalid, Conflict) as refusal:
                put_on(form, refusal)
            else:
                if then is not None:
                    return then(made)
                messages.success(request, done)
                return redirect(after(made) if after else back)
    context = {"form": form, "title": title, "submit": submit, "back": back, "lead": lead, "confirm": confirm}
    return respond(request, "people/form.html", None, context, status)


def put_on(form: Form, refusal: Invalid | Conflict) -> None:
    """Show a refusal where it belongs: at its fields, else above the form."""
    fields = getattr(refusal, "fields", {})
    known = {name: sentence for name, sentence in fields.items() if name in form.fields}
    for name, sentence in known.items():
        form.add_error(name, sentence)
    if not known:
        form.add_error(None, refusal.message)
