"""What residents see: the three lists without who asked, and their own needs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.exchange import actions, forms, queries
from haitang.exchange.queries import NEEDS, RESOURCES, AgreementFilter
from haitang.exchange.views.shared import agreement_line, entry_line

AGREEMENTS = "agreements"


@require_safe
@allow(ANYONE)
def lists(request: Request, kind: str = NEEDS) -> HttpResponse:
    """Show anybody one of the three lists."""
    if kind not in (NEEDS, RESOURCES, AGREEMENTS):
        raise NotFound(_("没有这个清单"))
    form = forms.PublicFilterForm(request.GET)
    wanted, cursor = form.wanted(), request.GET.get("cursor", "")
    if kind == AGREEMENTS:
        del form.fields["q"], form.fields["category"]
        page = queries.list_public_agreements(wanted=AgreementFilter(area_path=wanted.area_path), cursor=cursor)
        lines = [agreement_line(view) for view in queries.describe_agreements(page.rows, viewer=request.actor)]
    else:
        page = queries.list_public(kind=kind, wanted=wanted, cursor=cursor)
        lines = [entry_line(view) for view in queries.describe_entries(page.rows)]
    named = ((NEEDS, _("需求清单")), (RESOURCES, _("资源清单")), (AGREEMENTS, _("项目清单")))
    context = {
        "kind": kind, "form": form, "page": page, "lines": lines,
        "tabs": [
            {"label": label, "url": reverse("exchange:lists", args=[each]), "current": each == kind, "count": ""}
            for each, label in named
        ],
    }  # fmt: skip
    return respond(request, "exchange/lists.html", "exchange/_lists.html", context)


@form_page
@allow(SIGNED_IN)
def ask(request: Request) -> HttpResponse:
    """Let a resident say what is needed."""
    form, status = forms.AskForm(sent(request)), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.ask_need(new=form.new(), **said(request)))
        if not status:
            messages.success(request, _("已收到。社区看过以后发布，或告诉您不发布的理由"))
            return redirect("exchange:asked")
    return respond(request, "exchange/ask.html", None, {"form": form}, status)


@require_safe
@allow(SIGNED_IN)
def asked(request: Request) -> HttpResponse:
    """Show residents what they have asked for, and what became of it."""
    rows = queries.list_own_needs(viewer=request.actor)
    lines = [entry_line(view) for view in queries.describe_entries(rows)]
    return respond(request, "exchange/asked.html", None, {"lines": lines})
