"""The orderer's pages: what I have ordered, and what I say to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, said, sent
from haitang.core.ui.pages import respond
from haitang.orders import actions, forms, queries
from haitang.orders.lifecycle import MOVES, Deed, Status
from haitang.orders.views.shared import COLOURS, base_for
from haitang.volunteers.queries import names_of


@never_cache
@require_safe
@allow(SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """Show what the viewer has ordered."""
    lines = [(view, COLOURS[Status(view.order.status)]) for view in queries.list_mine(viewer=request.actor)]
    context = {"lines": lines, "base": base_for(request.actor), "is_helper": queries.is_helper(request.actor)}
    return respond(request, "orders/mine.html", None, context)


def _forms(page: Any, now: Any) -> dict[str, Any]:
    """Return the forms of what the orderer may do now."""
    status, begun = page.view.order.status, page.view.order.begins_at <= now
    shown: dict[str, Any] = {}
    if status in MOVES[Deed.CANCEL].sources and not (status == Status.ACCEPTED and begun):
        shown["cancel"] = forms.ReasonForm(auto_id="cancel_%s")
    if status == Status.ACCEPTED and begun:
        shown["missed"] = forms.MissedForm(side="helper", auto_id="missed_%s")
    if status == Status.DONE:
        shown["contest"] = forms.ReasonForm(auto_id="contest_%s")
    if status == Status.CONFIRMED:
        shown["review"] = forms.ReviewForm(auto_id="review_%s")
    return shown


def _show(request: Request, order_id: int, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    now = clock.now()
    page = queries.get_order_page(viewer=request.actor, order_id=order_id, now=now)
    order = page.view.order
    context = {
        "page": page, "order": order, "colour": COLOURS[Status(order.status)], "base": base_for(request.actor),
        "forms": {**_forms(page, now), **(refused or {})}, "may_confirm": order.status == Status.DONE,
        "is_new": "new" in request.GET, "languages": names_of("language", order.languages), "full_name": order.name,
    }  # fmt: skip
    return respond(request, "orders/my_order.html", None, context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def my_order(request: Request, order_id: int) -> HttpResponse:
    """Show one order of the viewer's own; staff have a page of their own."""
    order = queries.get_order(viewer=request.actor, order_id=order_id)
    if order.account_id != request.actor.id:
        return redirect("orders:order", order_id)
    return _show(request, order_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def my_deed(request: Request, order_id: int, deed: str) -> HttpResponse:
    """Do what the orderer can do: cancel, confirm, contest, review, say that nobody came."""
    given, known = {"order_id": order_id, **said(request)}, _deeds(request)
    if deed == "confirm":
        actions.confirm_order(**given)
        messages.success(request, _("谢谢您的确认，请评价"))
        return redirect("orders:my_order", order_id)
    if deed not in known:
        raise NotFound(_("没有这个页面"))
    form, action, done = known[deed]
    status = attempt(form, lambda: action(**form.cleaned_data, **given))
    if status:
        return _show(request, order_id, {deed: form}, status)
    messages.success(request, done)
    return redirect("orders:my_order", order_id)


def _deeds(request: Request) -> dict[str, tuple[Any, Callable[..., Any], str]]:
    given = sent(request)
    return {
        "cancel": (forms.ReasonForm(given, auto_id="cancel_%s"), actions.cancel_order, _("订单已取消")),
        "contest": (forms.ReasonForm(given, auto_id="contest_%s"), actions.contest_order, _("已告诉社区和服务人员")),
        "review": (forms.ReviewForm(given, auto_id="review_%s"), actions.review_order, _("谢谢您的评价")),
        "missed": (
            forms.MissedForm(given, side="helper", auto_id="missed_%s"), actions.report_missed,
            _("已登记，社区会与您联系"),
        ),
    }  # fmt: skip
