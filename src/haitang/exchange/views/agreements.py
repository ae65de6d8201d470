"""Pages of orders and agreements, and a unit's own page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow, require
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, said
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.exchange import actions, forms, queries
from haitang.exchange.lifecycle import AgreementDeed
from haitang.exchange.queries import AgreementFilter, ListFilter
from haitang.exchange.values import NewOrder, Permission, Side
from haitang.exchange.views.listed import show_resource
from haitang.exchange.views.shared import agreement_line, entry_line, steps_of

_PROPOSED_ON_A_UNITS_PAGE = 5


def _check_may_look(request: Request) -> None:
    if not request.actor.holds(Permission.OFFER):
        require(request.actor, Permission.VIEW)


@require_safe
@allow(SIGNED_IN)
def agreements(request: Request) -> HttpResponse:
    """Show the agreements within the viewer's reach, the latest ordered first."""
    _check_may_look(request)
    form = forms.AgreementFilterForm(request.GET)
    page = queries.list_agreements(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    lines = [agreement_line(view) for view in queries.describe_agreements(page.rows, viewer=request.actor)]
    context = {"form": form, "page": page, "lines": lines, "may_order": request.actor.holds(Permission.ORDER)}
    return respond(request, "exchange/agreements.html", "exchange/_agreements.html", context)


@require_safe
@allow(SIGNED_IN)
def agreements_export(request: Request) -> HttpResponse:
    """Give what the list shows as a workbook."""
    _check_may_look(request)
    wanted = forms.AgreementFilterForm(request.GET).wanted()
    rows = queries.filter_agreements(viewer=request.actor, wanted=wanted).order_by("pk")
    views = queries.describe_agreements(rows, viewer=request.actor)
    return workbook(_("项目清单"), queries.agreement_columns(), queries.agreement_rows(views))


@require_POST
@allow(SIGNED_IN)
def order(request: Request, resource_id: int) -> HttpResponse:
    """Order with one press, for a need (`need`), as the community or, taking a need up, as the unit (`side`)."""
    side = Side.UNIT if request.POST.get("side") == Side.UNIT else Side.COMMUNITY
    need = request.POST.get("need", "")
    if need:
        need_id = int(need) if need.isascii() and need.isdigit() and len(need) < 18 else 0
        row = actions.order_resource(order=NewOrder(resource_id, need_id), side=side, **said(request))
        messages.success(request, _("已下单，名额已锁定，等待对方确认"))
        return redirect("exchange:agreement", row.pk)
    form = forms.DirectOrderForm(request.POST, viewer=request.actor, auto_id="order_%s")
    made: list[int] = []

    def write() -> None:
        wanted = NewOrder(resource_id, None, form.cleaned_data["area"], form.terms())
        made.append(actions.order_resource(order=wanted, **said(request)).pk)

    status = attempt(form, write)
    if status:
        return show_resource(request, resource_id, order=form, status=status)
    messages.success(request, _("已下单，名额已锁定，等待对方确认"))
    return redirect("exchange:agreement", made[0])


def _agreement(
    request: Request, agreement_id: int, *, form: Any = None, named: str = "", status: int = 200
) -> HttpResponse:
    page = queries.get_agreement_page(viewer=request.actor, agreement_id=agreement_id)
    row = page.view.row
    may: dict[str, str] = {}
    for deed, side in page.deeds:
        may.setdefault(deed.value, side.value)
    shown: dict[str, Any] = {}
    if AgreementDeed.CONFIRM in may:
        initial = {"on": row.on, "people": row.people, "words": row.words, "version": row.version}
        shown["confirm"] = forms.TermsForm(initial=initial, auto_id="confirm_%s")
        shown["decline"] = forms.ReasonForm(auto_id="decline_%s")
    if AgreementDeed.WITHDRAW in may:
        shown["withdraw"] = forms.WordsForm(auto_id="withdraw_%s")
    if AgreementDeed.DELIVER in may:
        shown["deliver"] = forms.WordsForm(auto_id="deliver_%s")
    if AgreementDeed.EVALUATE in may:
        shown["evaluate"] = forms.EvaluateForm(auto_id="evaluate_%s")
    if named in shown and form is not None:
        shown[named] = form
    said_by = [
        {"side": Side(side).label, "stars": each.stars, "blank": 5 - each.stars, "words": each.words, "at": each.at}
        for side, each in sorted(page.evaluations.items())
    ]
    context = {
        "page": page, **agreement_line(page.view), "may": may, "forms": shown, "said_by": said_by,
        "sides": {key: Side(value).label for key, value in may.items()}, "steps": steps_of(page.entries),
    }  # fmt: skip
    return respond(request, "exchange/agreement.html", None, context, status)


@require_safe
@allow(SIGNED_IN)
def agreement(request: Request, agreement_id: int) -> HttpResponse:
    """Show one agreement, and what is to be done about it."""
    return _agreement(request, agreement_id)


@require_POST
@allow(SIGNED_IN)
def agreement_deed(request: Request, agreement_id: int, name: str) -> HttpResponse:
    """Say yes or no, take back, deliver or evaluate; refused, the form stands there as it was filled in."""
    if name not in AgreementDeed.values:
        raise NotFound(_("没有这项操作"))
    deed, auto_id = AgreementDeed(name), f"{name}_%s"
    side = _side(request, agreement_id, deed)
    what: dict[str, Any] = {"agreement_id": agreement_id, "side": side, **said(request)}
    form: Any = {
        AgreementDeed.CONFIRM: forms.TermsForm, AgreementDeed.DECLINE: forms.ReasonForm,
        AgreementDeed.WITHDRAW: forms.WordsForm, AgreementDeed.DELIVER: forms.WordsForm,
        AgreementDeed.EVALUATE: forms.EvaluateForm,
    }[deed](request.POST, auto_id=auto_id)  # fmt: skip

    def write() -> None:
        given = form.cleaned_data
        if deed is AgreementDeed.CONFIRM:
            actions.confirm_agreement(terms=form.terms(), version=given["version"], **what)
        elif deed is AgreementDeed.DECLINE:
            actions.decline_agreement(reason=given["reason"], **what)
        elif deed is AgreementDeed.WITHDRAW:
            actions.withdraw_agreement(reason=given["words"], **what)
        elif deed is AgreementDeed.DELIVER:
            actions.deliver_agreement(words=given["words"], **what)
        else:
            actions.evaluate_agreement(stars=given["stars"], words=given["words"], **what)

    status = attempt(form, write)
    if status:
        return _agreement(request, agreement_id, form=form, named=name, status=status)
    messages.success(request, _("已%(deed)s") % {"deed": deed.label})
    return redirect("exchange:agreement", agreement_id)


def _side(request: Request, agreement_id: int, deed: AgreementDeed) -> str:
    """Return the side for which the viewer may do the deed now; of nobody who may, any, so that the action says why."""
    page = queries.get_agreement_page(viewer=request.actor, agreement_id=agreement_id)
    default = Side.COMMUNITY if request.actor.holds(Permission.ORDER) else Side.UNIT
    return next((side.value for each, side in page.deeds if each is deed), default.value)


@require_safe
@allow(Permission.OFFER)
def unit(request: Request) -> HttpResponse:
    """Show a unit what waits for its answer, what it offers, and which needs that would fit."""
    viewer, today = request.actor, local_date(clock.now())
    waiting = queries.list_agreements(viewer=viewer, wanted=AgreementFilter(for_me=True))
    own = [
        row
        for organization_id in sorted(viewer.organizations(Permission.OFFER))
        for row in queries.list_resources(viewer=viewer, wanted=ListFilter(organization_id=organization_id)).rows
    ]
    proposals = []
    for row in own[:_PROPOSED_ON_A_UNITS_PAGE]:
        proposals += queries.propose_needs(viewer=viewer, resource_id=row.pk, today=today)
    proposals.sort(key=lambda each: (-each.fit.total, each.need.pk))
    context = {
        "waiting": [agreement_line(view) for view in queries.describe_agreements(waiting.rows)],
        "lines": [entry_line(view) for view in queries.describe_entries(own)],
        "proposals": proposals[:_PROPOSED_ON_A_UNITS_PAGE],
        "standings": queries.list_standings(organization_ids=viewer.organizations(Permission.OFFER)),
    }  # fmt: skip
    return respond(request, "exchange/unit.html", None, context)
