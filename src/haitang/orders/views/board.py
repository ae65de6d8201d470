"""The office's board: orders by state, one order with whom it can be offered to."""

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
from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, said, sent
from haitang.core.ui.pages import respond
from haitang.orders import actions, forms, queries
from haitang.orders.lifecycle import MOVES, PENDING, Deed, Status
from haitang.orders.values import HelperRef, Permission
from haitang.orders.views.shared import COLOURS
from haitang.volunteers.queries import names_of


@require_safe
@allow(Permission.VIEW)
def board(request: Request) -> HttpResponse:
    """Show the orders within reach, newest first, and how many stand at each state."""
    form = forms.BoardForm(request.GET, viewer=request.actor)
    wanted = form.wanted()
    page = queries.list_orders(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    counted = queries.count_orders(viewer=request.actor, area_path=wanted.area_path)
    context = {
        "form": form, "page": page,
        "lines": [(view, COLOURS[Status(view.order.status)]) for view in queries.describe_orders(page.rows)],
        "counted": [(status, Status(status).label, n) for status, n in counted.items() if n],
        "may_place": request.actor.holds(Permission.PLACE),
        "may_plan": request.actor.holds(Permission.DISPATCH) or request.actor.holds(Permission.HUB),
    }  # fmt: skip
    return respond(request, "orders/board.html", "orders/_board.html", context)


def _show(
    request: Request, order_id: int, *, refused: dict[str, Any] | None = None, full: Any = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    page = queries.get_order_page(viewer=request.actor, order_id=order_id, now=now)
    order = page.view.order
    steps = [
        {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
         "organization": entry.organization_name, "text": _said(entry.data)}
        for entry in page.entries
    ]  # fmt: skip
    context = {
        "page": page, "order": order, "colour": COLOURS[Status(order.status)], "steps": steps, "full": full,
        "languages": names_of("language", order.languages),
        "forms": {**_forms(page, now), **(refused or {})},
        "may_withdraw": order.status == Status.OFFERED and "hand_out" in page.may,
        "may_answer": "hand_out" in page.may,
        "may_confirm": order.status == Status.DONE and "speak" in page.may,
    }  # fmt: skip
    return respond(request, "orders/order.html", None, context, status)


def _said(data: dict[str, Any]) -> str:
    """Return what a step says in words."""
    return data.get("reason") or data.get("words") or "，".join(data.get("why") or [])


def _forms(page: Any, now: Any) -> dict[str, Any]:
    order = page.view.order
    shown: dict[str, Any] = {}
    status, begun = order.status, order.begins_at <= now
    if page.possible:
        shown["offer"] = forms.HandOutForm(possible=page.possible)
    if "hand_out" in page.may and status == Status.ACCEPTED and not begun:
        shown["back"] = forms.ReasonForm(auto_id="back_%s")
    if "hand_out" in page.may and status == Status.ACCEPTED and begun:
        shown["finish"] = forms.FinishForm(auto_id="finish_%s", initial={"minutes": page.view.type.minutes})
        shown["missed"] = forms.MissedForm(auto_id="missed_%s")
    if "speak" in page.may:
        if status in (*PENDING, Status.ACCEPTED):
            shown["cancel"] = forms.ReasonForm(auto_id="cancel_%s")
        if status == Status.DONE:
            shown["contest"] = forms.ReasonForm(auto_id="contest_%s")
        if status in MOVES[Deed.REVIEW].sources:
            shown["review"] = forms.ReviewForm(auto_id="review_%s", by_staff=True)
    if "unmask" in page.may:
        shown["unmask"] = forms.ReasonForm(auto_id="unmask_%s")
    return shown


@never_cache
@require_safe
@allow(SIGNED_IN)
def order(request: Request, order_id: int) -> HttpResponse:
    """Show one order to staff; whoever ordered it themselves is led to their own page."""
    row = queries.get_order(viewer=request.actor, order_id=order_id)
    if row.account_id is not None and row.account_id == request.actor.id and not request.actor.grants:
        return redirect("orders:my_order", order_id)
    return _show(request, order_id)


@require_POST
@never_cache
@allow(Permission.UNMASK)
def unmask(request: Request, order_id: int) -> HttpResponse:
    """Show who ordered in full, this once, for the reason given."""
    form = forms.ReasonForm(request.POST, auto_id="unmask_%s")
    full: list[str] = []
    status = attempt(
        form, lambda: full.extend(actions.unmask_orderer(order_id=order_id, **form.cleaned_data, **said(request)))
    )
    refused = {"unmask": form} if status else None
    return _show(request, order_id, refused=refused, full=full or None, status=status or 200)


@require_POST
@never_cache
@allow(SIGNED_IN)
def deed(request: Request, order_id: int, name: str) -> HttpResponse:
    """Do what staff do with an order: hand it out, take offers back, and say what the two sides tell them."""
    given, typed = {"order_id": order_id, **said(request)}, sent(request)
    plain: dict[str, tuple[Any, str]] = {
        "withdraw": (actions.withdraw_offers, _("已收回派单")),
        "assure": (actions.assure_order, _("已代为确认能到")), "confirm": (actions.confirm_order, _("已代为确认")),
    }  # fmt: skip
    if name in plain:
        action, done = plain[name]
        action(**given)
        messages.success(request, done)
        return redirect("orders:order", order_id)
    if name == "offer":
        return _offer(request, order_id)
    known: dict[str, tuple[Any, Any, str]] = {
        "cancel": (forms.ReasonForm(typed, auto_id="cancel_%s"), actions.cancel_order, _("订单已取消")),
        "back": (forms.ReasonForm(typed, auto_id="back_%s"), actions.give_back_order, _("已代为退回")),
        "finish": (forms.FinishForm(typed, auto_id="finish_%s"), actions.finish_order, _("已代为报告完成")),
        "missed": (forms.MissedForm(typed, auto_id="missed_%s"), actions.report_missed, _("已登记")),
        "contest": (forms.ReasonForm(typed, auto_id="contest_%s"), actions.contest_order, _("已退回接单方")),
        "review": (
            forms.ReviewForm(typed, auto_id="review_%s", by_staff=True), actions.review_order, _("已代为评价"),
        ),
    }  # fmt: skip
    if name not in known:
        raise NotFound(_("没有这个页面"))
    form, action, done = known[name]
    status = attempt(form, lambda: action(**form.cleaned_data, **given))
    if status:
        return _show(request, order_id, refused={name: form}, status=status)
    messages.success(request, done)
    return redirect("orders:order", order_id)


@require_POST
@never_cache
@allow(SIGNED_IN)
def answer(request: Request, order_id: int, offer_id: int, name: str) -> HttpResponse:
    """Answer an offer for a helper who has telephoned."""
    if name == "accept":
        try:
            actions.accept_offer(offer_id=offer_id, **said(request))
        except Conflict as refusal:
            messages.error(request, refusal.message)
            return redirect("orders:order", order_id)
        messages.success(request, _("已代为接单"))
    elif name == "decline":
        actions.decline_offer(offer_id=offer_id, reason=_("电话答复：这次不能去"), **said(request))
        messages.success(request, _("已代为婉拒"))
    else:
        raise NotFound(_("没有这个页面"))
    return redirect("orders:order", order_id)


def _offer(request: Request, order_id: int) -> HttpResponse:
    page = queries.get_order_page(viewer=request.actor, order_id=order_id, now=clock.now())
    form = forms.HandOutForm(request.POST, possible=page.possible)

    def write() -> None:
        chosen = [form.possible[key] for key in form.cleaned_data["helpers"]]
        helpers = [
            HelperRef(volunteer_id=int(each.key[1:]), why=each.why) if each.key[0] == "v"
            else HelperRef(organization_id=int(each.key[1:]), why=each.why)
            for each in chosen
        ]  # fmt: skip
        actions.offer(order_id=order_id, helpers=helpers, **said(request))

    status = attempt(form, write)
    if status:
        return _show(request, order_id, refused={"offer": form}, status=status)
    messages.success(request, _("已派单"))
    return redirect("orders:order", order_id)
