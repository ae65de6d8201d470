"""A whistle before it is blown: drafted on a case, decided on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from haitang.cases.queries import get_case
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.whistles import actions, forms, queries
from haitang.whistles.values import Permission
from haitang.whistles.views.page import called_codes, put_on, show

DECIDE: dict[str, tuple[Callable[..., Any], str]] = {
    "approve": (actions.approve_whistle, gettext_noop("已批准并吹哨")),
    "decline": (actions.decline_whistle, gettext_noop("已退回，不予吹哨")),
    "withdraw": (actions.withdraw_whistle, gettext_noop("哨单已撤回")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.DRAFT)
def draft(request: Request, case_id: int) -> HttpResponse:
    """Draft a whistle on the case; where the drafter may approve it as well, its page offers that next."""
    case = get_case(viewer=request.actor, case_id=case_id)
    form = forms.DraftForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.draft_whistle(actor=request.actor, now=clock.now(), case_id=case_id, **form.given())
            except NotFound:
                raise
            except Refusal as refusal:
                put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("哨单 %(number)s 已提交审批") % {"number": made.number})
                return redirect("whistles:whistle", made.pk)
    context = {"form": form, "case": case, "back": reverse("cases:case", args=[case_id])}
    return respond(request, "whistles/draft.html", None, context, status)


@require_POST
@allow(SIGNED_IN)
def decide(request: Request, whistle_id: int, name: str) -> HttpResponse:
    """Approve, decline or take back a drafted whistle."""
    if name not in DECIDE:
        raise NotFound(_("没有这项操作"))
    held = queries.get_whistle(viewer=request.actor, whistle_id=whistle_id)
    form = forms.OpinionForm(name, queries.rules_of(held.rules_id), request.POST)
    status = 422
    if form.is_valid():
        action, done = DECIDE[name]
        try:
            action(actor=request.actor, now=clock.now(), whistle_id=whistle_id, **form.cleaned_data)
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _(done))
            return redirect("whistles:whistle", whistle_id)
    return show(request, whistle_id, sent=form, status=status)


@require_POST
@allow(Permission.APPROVE)
def add(request: Request, whistle_id: int) -> HttpResponse:
    """Call more departments after the whistle was blown."""
    page = queries.get_whistle_page(viewer=request.actor, whistle_id=whistle_id)
    rules = queries.rules_of(page.view.whistle.rules_id)
    form = forms.AddForm(rules, called_codes(page), request.POST)
    status = 422
    if form.is_valid():
        try:
            actions.add_departments(actor=request.actor, now=clock.now(), whistle_id=whistle_id, **form.given())
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已增加协同单位"))
            return redirect("whistles:whistle", whistle_id)
    return show(request, whistle_id, sent=form, status=status)
