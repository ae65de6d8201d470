"""The helper's pages: offers to me, what I have promised, and how it went."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Conflict, NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, said, sent
from haitang.core.ui.pages import respond
from haitang.orders import actions, forms, queries
from haitang.orders.lifecycle import Status
from haitang.orders.views.shared import COLOURS, base_for


def _show(request: Request, refused: dict[int, Any] | None = None, status: int = 200) -> HttpResponse:
    now, viewer = clock.now(), request.actor
    offers = [
        (view, (refused or {}).get(view.offer_id) or forms.ReasonForm(auto_id=f"o{view.offer_id}_%s"))
        for view in queries.list_my_offers(viewer=viewer, now=now)
    ]
    tasks = [(view, COLOURS[Status(view.order.status)]) for view in queries.list_my_tasks(viewer=viewer)]
    context = {
        "offers": offers, "to_pick": queries.list_to_pick(viewer=viewer, now=now),
        "to_come": [pair for pair in tasks if pair[0].order.status in (Status.ACCEPTED, Status.DONE)],
        "past": [pair for pair in tasks if pair[0].order.status not in (Status.ACCEPTED, Status.DONE)],
        "base": base_for(viewer), "is_helper": queries.is_helper(viewer),
        "is_volunteer": queries.volunteer_id_of(viewer) is not None,
    }  # fmt: skip
    return respond(request, "orders/offers.html", "orders/_offers.html", context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def offers(request: Request) -> HttpResponse:
    """Show the offers to the viewer, the orders they could pick, and what they have promised."""
    return _show(request)


@require_POST
@allow(SIGNED_IN)
def accept(request: Request, offer_id: int) -> HttpResponse:
    """Accept an offer; somebody faster is told of in a sentence."""
    try:
        order = actions.accept_offer(offer_id=offer_id, **said(request))
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("orders:offers")
    messages.success(request, _("已接单，谢谢您"))
    return redirect("orders:task", order.pk)


@require_POST
@allow(SIGNED_IN)
def decline(request: Request, offer_id: int) -> HttpResponse:
    """Decline an offer, with the reason."""
    form = forms.ReasonForm(request.POST, auto_id=f"o{offer_id}_%s")
    status = attempt(form, lambda: actions.decline_offer(offer_id=offer_id, **form.cleaned_data, **said(request)))
    if status:
        return _show(request, {offer_id: form}, status)
    messages.success(request, _("已婉拒，谢谢您的答复"))
    return redirect("orders:offers")


@require_POST
@allow(SIGNED_IN)
def pick(request: Request, order_id: int) -> HttpResponse:
    """Pick an order that nobody hands out."""
    try:
        actions.pick_order(order_id=order_id, **said(request))
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("orders:offers")
    messages.success(request, _("已接单，谢谢您"))
    return redirect("orders:task", order_id)


def _task(
    request: Request, order_id: int, *, refused: dict[str, Any] | None = None, full: Any = None, status: int = 200
) -> HttpResponse:
    view, now = queries.get_my_task(viewer=request.actor, order_id=order_id), clock.now()
    order = view.order
    begun = order.begins_at <= now
    shown: dict[str, Any] = {}
    if order.status == Status.ACCEPTED:
        if begun:
            minutes = view.type.minutes
            people = queries.people_to_send(order, now)
            shown["finish"] = forms.FinishForm(auto_id="finish_%s", initial={"minutes": minutes}, people=people)
            shown["missed"] = forms.MissedForm(side="orderer", auto_id="missed_%s")
        else:
            shown["back"] = forms.ReasonForm(auto_id="back_%s")
    context = {
        "view": view, "order": order, "colour": COLOURS[Status(order.status)], "base": base_for(request.actor),
        "forms": {**shown, **(refused or {})}, "full": full, "begun": begun,
        "may_see": order.status in (Status.ACCEPTED, Status.DONE),
        "needs_assurance": order.status == Status.ACCEPTED and order.assured_at is None and not begun,
    }  # fmt: skip
    return respond(request, "orders/task.html", None, context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def task(request: Request, order_id: int) -> HttpResponse:
    """Show one order that the viewer has accepted."""
    return _task(request, order_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def task_contact(request: Request, order_id: int) -> HttpResponse:
    """Show who ordered, their telephone and address, this once; that it was looked at is recorded."""
    return _task(request, order_id, full=actions.see_contact(order_id=order_id, **said(request)))


def _finish_form(request: Request, order_id: int) -> forms.FinishForm:
    order = queries.get_my_task(viewer=request.actor, order_id=order_id).order
    people = queries.people_to_send(order, clock.now())
    return forms.FinishForm(sent(request), auto_id="finish_%s", people=people)


@require_POST
@never_cache
@allow(SIGNED_IN)
def task_deed(request: Request, order_id: int, deed: str) -> HttpResponse:
    """Do what the helper can do: confirm to come, give back, report it done, say that nobody was there."""
    given, typed = {"order_id": order_id, **said(request)}, sent(request)
    if deed == "assure":
        actions.assure_order(**given)
        messages.success(request, _("已确认，届时见"))
        return redirect("orders:task", order_id)
    known: dict[str, tuple[Any, Any, str]] = {
        "back": (forms.ReasonForm(typed, auto_id="back_%s"), actions.give_back_order, _("已退回，社区会另派他人")),
        "finish": (_finish_form(request, order_id), actions.finish_order, _("已报告完成，等点单人确认")),
        "missed": (
            forms.MissedForm(typed, side="orderer", auto_id="missed_%s"), actions.report_missed, _("已登记"),
        ),
    }  # fmt: skip
    if deed not in known:
        raise NotFound(_("没有这个页面"))
    form, action, done = known[deed]
    status = attempt(form, lambda: action(**form.cleaned_data, **given))
    if status:
        return _task(request, order_id, refused={deed: form}, status=status)
    messages.success(request, done)
    return redirect("orders:offers" if deed == "back" else "orders:task", *([] if deed == "back" else [order_id]))
