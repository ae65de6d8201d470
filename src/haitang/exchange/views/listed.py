"""Pages of needs and resources."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow, require
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.money import format_yuan
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.exchange import actions, forms, queries
from haitang.exchange.lifecycle import EntryDeed
from haitang.exchange.queries import NEEDS, RESOURCES
from haitang.exchange.values import Permission
from haitang.exchange.views.shared import agreement_line, entry_line, may_order_for, steps_of


@require_safe
@allow(Permission.VIEW)
def needs(request: Request) -> HttpResponse:
    """Show the needs within the viewer's reach, the latest first."""
    form = forms.EntryFilterForm(request.GET)
    page = queries.list_needs(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    context = {
        "form": form, "page": page, "lines": [entry_line(view) for view in queries.describe_entries(page.rows)],
        "may_enter": bool(request.actor.areas(Permission.ENTER)),
    }  # fmt: skip
    return respond(request, "exchange/needs.html", "exchange/_needs.html", context)


@require_safe
@allow(SIGNED_IN)
def resources(request: Request) -> HttpResponse:
    """Show the resources within the viewer's reach, the latest first."""
    _check_may_look(request)
    form = forms.EntryFilterForm(request.GET)
    page = queries.list_resources(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    may_offer = request.actor.holds(Permission.OFFER) or bool(request.actor.areas(Permission.ENTER))
    context = {
        "form": form, "page": page, "lines": [entry_line(view) for view in queries.describe_entries(page.rows)],
        "may_enter": may_offer,
    }  # fmt: skip
    return respond(request, "exchange/resources.html", "exchange/_resources.html", context)


def _check_may_look(request: Request) -> None:
    if not request.actor.holds(Permission.OFFER):
        require(request.actor, Permission.VIEW)


@require_safe
@allow(Permission.VIEW)
def export(request: Request, kind: str) -> HttpResponse:
    """Give what the list shows as a workbook."""
    if kind not in (NEEDS, RESOURCES):
        raise NotFound(_("没有这个清单"))
    wanted = forms.EntryFilterForm(request.GET).wanted()
    read = queries.filter_needs if kind == NEEDS else queries.filter_resources
    views = queries.describe_entries(read(viewer=request.actor, wanted=wanted).order_by("pk"))
    title = _("需求清单") if kind == NEEDS else _("资源清单")
    return workbook(title, queries.export_columns(kind), queries.export_rows(kind, views))


@form_page
@allow(Permission.ENTER)
def need_new(request: Request) -> HttpResponse:
    """Enter a need."""
    form, status = forms.NeedForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            news = [form.new()]
            made.extend(
                row.pk for row in actions.enter_needs(news=news, channel=form.cleaned_data["channel"], **said(request))
            )

        status = attempt(form, write)
        if not status:
            messages.success(request, _("需求已登记，发布后可以对接"))
            return redirect("exchange:need", made[0])
    return respond(request, "exchange/need_new.html", None, {"form": form}, status)


@form_page
@allow(SIGNED_IN)
def resource_new(request: Request) -> HttpResponse:
    """Offer a resource."""
    if not request.actor.holds(Permission.OFFER):
        require(request.actor, Permission.ENTER)
    form, status = forms.ResourceForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(
            form,
            lambda: made.extend(row.pk for row in actions.offer_resources(news=[form.new()], **said(request))),
        )
        if not status:
            messages.success(request, _("资源已登记，社区或街道发布后可以对接"))
            return redirect("exchange:resource", made[0])
    return respond(request, "exchange/resource_new.html", None, {"form": form}, status)


def _need(
    request: Request, need_id: int, *, reason: Any = None, unmask: Any = None, full: Any = None, status: int = 200
) -> HttpResponse:
    viewer, today = request.actor, local_date(clock.now())
    page = queries.get_need_page(viewer=viewer, need_id=need_id)
    proposals = queries.propose_resources(viewer=viewer, need_id=need_id, today=today)
    agreements = queries.list_agreements_of(viewer=viewer, need_id=need_id)
    context = {
        "page": page, **entry_line(page.view), "is_late": queries.is_late(page.view.row, today),
        "proposals": [each for each in proposals if page.may_order or each.resource.organization_id in page.may_claim],
        "agreements": [agreement_line(view) for view in queries.describe_agreements(agreements)],
        "may_publish": EntryDeed.PUBLISH in page.deeds, "may_deny": EntryDeed.DENY in page.deeds,
        "may_close": EntryDeed.CLOSE in page.deeds, "reason": reason or forms.ReasonForm(auto_id="reason_%s"),
        "unmask": unmask or forms.ReasonForm(auto_id="unmask_%s"), "full": full, "steps": steps_of(page.entries),
    }  # fmt: skip
    return respond(request, "exchange/need.html", None, context, status)


@require_safe
@never_cache
@allow(SIGNED_IN)
def need(request: Request, need_id: int) -> HttpResponse:
    """Show one need with the resources that fit it, and what became of it."""
    return _need(request, need_id)


@require_POST
@allow(Permission.PUBLISH)
def need_deed(request: Request, need_id: int, name: str) -> HttpResponse:
    """Publish, deny or close a need."""
    form = forms.ReasonForm(request.POST, auto_id="reason_%s")
    if name == EntryDeed.PUBLISH:
        actions.publish_needs(need_ids=[need_id], **said(request))
        messages.success(request, _("需求已发布"))
        return redirect("exchange:need", need_id)
    run = {EntryDeed.DENY: actions.deny_need, EntryDeed.CLOSE: actions.close_need}.get(_deed(name))
    if run is None:
        raise NotFound(_("没有这项操作"))
    status = attempt(form, lambda: run(need_id=need_id, reason=form.cleaned_data["reason"], **said(request)))
    if status:
        return _need(request, need_id, reason=form, status=status)
    messages.success(request, _("已登记"))
    return redirect("exchange:need", need_id)


def _deed(name: str) -> EntryDeed:
    if name not in EntryDeed.values:
        raise NotFound(_("没有这项操作"))
    return EntryDeed(name)


@require_POST
@never_cache
@allow(Permission.ENTER)
def need_unmask(request: Request, need_id: int) -> HttpResponse:
    """Show who asks in full, this once, for the reason given."""
    form, full = forms.ReasonForm(request.POST, auto_id="unmask_%s"), None
    if form.is_valid():
        full = actions.unmask_need(need_id=need_id, reason=form.cleaned_data["reason"], **said(request))
    return _need(request, need_id, unmask=form, full=full, status=200 if full else 422)


def show_resource(
    request: Request, resource_id: int, *, reason: Any = None, order: Any = None, status: int = 200
) -> HttpResponse:
    """Answer with a resource's page, a form as it was filled in where one was refused."""
    viewer, today = request.actor, local_date(clock.now())
    page = queries.get_resource_page(viewer=viewer, resource_id=resource_id)
    row = page.view.row
    own = viewer.holds(Permission.OFFER, organization_id=row.organization_id)
    proposals = []
    if own or page.may_order:
        proposals = queries.propose_needs(viewer=viewer, resource_id=resource_id, today=today)
    if not own:
        proposals = [each for each in proposals if may_order_for(request, each.need)]
    agreements = queries.list_agreements_of(viewer=viewer, resource_id=resource_id)
    context = {
        "page": page, **entry_line(page.view), "cost": format_yuan(row.cost_fen), "own": own, "proposals": proposals,
        "agreements": [agreement_line(view) for view in queries.describe_agreements(agreements)],
        "may_publish": EntryDeed.PUBLISH in page.deeds, "may_deny": EntryDeed.DENY in page.deeds,
        "may_close": EntryDeed.CLOSE in page.deeds, "reason": reason or forms.ReasonForm(auto_id="reason_%s"),
        "order": order or (forms.DirectOrderForm(viewer=viewer, auto_id="order_%s") if page.may_order else None),
        "steps": steps_of(page.entries),
    }  # fmt: skip
    return respond(request, "exchange/resource.html", None, context, status)


@require_safe
@allow(SIGNED_IN)
def resource(request: Request, resource_id: int) -> HttpResponse:
    """Show one resource with the needs that it fits, and what became of it."""
    return show_resource(request, resource_id)


@require_POST
@allow(SIGNED_IN)
def resource_deed(request: Request, resource_id: int, name: str) -> HttpResponse:
    """Publish, deny or close a resource."""
    form = forms.ReasonForm(request.POST, auto_id="reason_%s")
    if name == EntryDeed.PUBLISH:
        actions.publish_resources(resource_ids=[resource_id], **said(request))
        messages.success(request, _("资源已发布"))
        return redirect("exchange:resource", resource_id)
    run = {EntryDeed.DENY: actions.deny_resource, EntryDeed.CLOSE: actions.close_resource}[_deed(name)]
    status = attempt(form, lambda: run(resource_id=resource_id, reason=form.cleaned_data["reason"], **said(request)))
    if status:
        return show_resource(request, resource_id, reason=form, status=status)
    messages.success(request, _("已登记"))
    return redirect("exchange:resource", resource_id)
