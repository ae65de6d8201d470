"""Plans of the matching: drawn for an area, looked at beside the greedy one, followed as a whole or one by one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.orders import actions, forms, queries
from haitang.orders.lifecycle import ProposalStatus
from haitang.orders.views.shared import base_for

COLOURS = {
    ProposalStatus.OPEN: "blue", ProposalStatus.OFFERED: "green", ProposalStatus.CHANGED: "green",
    ProposalStatus.REFUSED: "grey", ProposalStatus.STALE: "orange", ProposalStatus.REPLACED: "grey",
}  # fmt: skip


@form_page
@never_cache
@allow(SIGNED_IN)
def plans(request: Request) -> HttpResponse:
    """Show the latest plans, and draw one for an area."""
    form, made = forms.PlanForm(sent(request), viewer=request.actor), []
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda: made.append(actions.propose_helpers(area_id=form.cleaned_data["area"], **said(request)))
        )
        if not status:
            return redirect("orders:plan", made[0].pk)
    lines = [
        (line, [(ProposalStatus(name).label, n) for name, n in line.counted.items()])
        for line in queries.list_dispatches(viewer=request.actor)
    ]
    return respond(request, "orders/plans.html", None, {"form": form, "lines": lines}, status)


@require_safe
@never_cache
@allow(SIGNED_IN)
def plan(request: Request, dispatch_id: int) -> HttpResponse:
    """Show a plan: the comparison, whom it proposes and why, or which orders it leaves without anybody."""
    unmet, cursor = request.GET.get("show") == "unmet", request.GET.get("cursor", "")
    page = queries.get_dispatch(
        viewer=request.actor, dispatch_id=dispatch_id, cursor="" if unmet else cursor,
        missing_cursor=cursor if unmet else "",
    )  # fmt: skip
    best, greedy = page.dispatch.figures, page.dispatch.greedy
    compared = [
        (_("安排上的订单"), best["assigned"], greedy["assigned"]),
        (_("未能安排的订单"), best["missing"], greedy["missing"]),
        (_("路程合计（米）"), best["metres"], greedy["metres"]),
        (_("个人最多负担（近期小时数加本次单数）"), best["busiest"], greedy["busiest"]),
        (_("总成本（分，越低越好）"), best["cost"], greedy["cost"]),
    ]
    context = {
        "page": page, "compared": compared, "decided": page.proposed - page.left, "unmet": unmet,
        "lines": [(line, COLOURS[ProposalStatus(line.proposal.status)]) for line in page.lines.rows],
        "shown": page.missing if unmet else page.lines,
        "tabs": [
            {"label": _("推荐"), "url": request.path, "current": not unmet, "count": page.proposed},
            {"label": _("未能安排"), "url": f"{request.path}?show=unmet", "current": unmet, "count": page.unmet},
        ],
    }  # fmt: skip
    return respond(request, "orders/plan.html", "orders/_plan.html", context)


@require_POST
@never_cache
@allow(SIGNED_IN)
def plan_confirm(request: Request, dispatch_id: int) -> HttpResponse:
    """Offer every order of the plan, or the one whose button was pressed, to whom it proposes."""
    one = request.POST.get("proposal", "")
    chosen = None if not one else [int(one) if one.isascii() and one.isdigit() and len(one) < 19 else 0]
    if chosen is None and queries.is_for_job(viewer=request.actor, dispatch_id=dispatch_id):
        actions.start_following(dispatch_id=dispatch_id, **said(request))
        messages.success(request, _("正在后台派出，进度见下"))
        return redirect("orders:plan", dispatch_id)
    done = actions.confirm_proposals(dispatch_id=dispatch_id, proposal_ids=chosen, **said(request))
    if done.offered:
        messages.success(request, _("已派出 %(n)d 单") % {"n": done.offered})
    elif not done.stale:
        messages.info(request, _("没有待确认的推荐"))
    for each in done.stale[:10]:
        messages.warning(request, each)
    if len(done.stale) > 10:
        messages.warning(request, _("另有 %(n)d 单也已失效，见下表") % {"n": len(done.stale) - 10})
    return redirect("orders:plan", dispatch_id)


@form_page
@never_cache
@allow(SIGNED_IN)
def proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Show one proposal with who else could do it; offer the order to another, or do not follow it."""
    line = queries.get_proposal(viewer=request.actor, proposal_id=proposal_id)
    possible = queries.list_possible(line.order, clock.now())
    deed = request.POST.get("deed", "")
    row = line.proposal
    change = forms.ChangeForm(
        sent(request) if deed == "change" else None, possible=possible, auto_id="change_%s",
        but=f"v{row.volunteer_id}" if row.volunteer_id is not None else f"o{row.organization_id}",
    )  # fmt: skip
    refuse = forms.ReasonForm(sent(request) if deed == "refuse" else None, auto_id="refuse_%s")
    status = 200
    given: dict[str, Any] = {"proposal_id": proposal_id, **said(request)}
    if deed == "change":
        status = attempt(change, lambda: actions.change_proposal(**change.chosen(), **given))
    elif deed == "refuse":
        status = attempt(refuse, lambda: actions.refuse_proposal(reason=refuse.cleaned_data["reason"], **given))
    if not status:
        messages.success(request, _("已改派") if deed == "change" else _("已记录，订单仍待派单"))
        return redirect("orders:plan", line.proposal.dispatch_id)
    context = {
        "line": line, "change": change, "refuse": refuse, "is_open": line.proposal.status == ProposalStatus.OPEN,
        "colour": COLOURS[ProposalStatus(line.proposal.status)],
    }  # fmt: skip
    return respond(request, "orders/proposal.html", None, context, status)


@form_page
@never_cache
@allow(SIGNED_IN)
def wishes(request: Request) -> HttpResponse:
    """Let a volunteer say which kinds of services they like and which they do not do."""
    lines = queries.list_my_wishes(viewer=request.actor)
    form, status = forms.WishForm(sent(request), lines=lines), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.say_wishes(wishes=form.wishes(), **said(request)))
        if not status:
            messages.success(request, _("已保存，以后派单照此安排"))
            return redirect("orders:offers")
    context = {"form": form, "lines": lines, "base": base_for(request.actor)}
    return respond(request, "orders/wishes.html", None, context, status)
