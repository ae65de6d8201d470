"""The pages of points: one's own, handing out, the switch and the rules. Off, the switch alone is there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.clock import local_date
from haitang.core.errors import Conflict
from haitang.core.http import Request
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.points import actions, forms, queries
from haitang.points.values import Permission


@never_cache
@require_safe
@allow(SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """Show the viewer their own account, with why each entry came about, and what they can have."""
    page = queries.get_statement(viewer=request.actor, now=clock.now())
    base = "ui/staff.html" if request.actor.grants else "ui/public.html"
    return respond(request, "points/mine.html", None, {"page": page, "base": base})


@never_cache
@require_safe
@allow(SIGNED_IN)
def statement(request: Request) -> HttpResponse:
    """Give the viewer every entry of their own account as a workbook."""
    columns = [
        Column("on", _("日期"), kind=Cell.DATE), Column("kind", _("种类")),
        Column("change", _("增减"), kind=Cell.INTEGER), Column("balance", _("余额"), kind=Cell.INTEGER),
        Column("why", _("为什么"), width=40),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for line in queries.list_postings(viewer=request.actor):
        balance = line.change + (rows[-1][3] if rows else 0)
        rows.append([line.posting.on, line.posting.get_kind_display(), line.change, balance, line.why])
    return workbook(_("积分明细"), columns, rows)


@require_POST
@never_cache
@allow(SIGNED_IN)
def agree(request: Request) -> HttpResponse:
    """Open the viewer's account."""
    actions.agree_to_points(**said(request))
    messages.success(request, _("已同意。以前记录的服务已经补记"))
    return redirect("points:mine")


@require_POST
@never_cache
@allow(SIGNED_IN)
def leave(request: Request) -> HttpResponse:
    """Close the viewer's account."""
    actions.leave_points(**said(request))
    messages.success(request, _("已退出积分，服务记录和时长不受影响"))
    return redirect("points:mine")


@require_POST
@never_cache
@allow(SIGNED_IN)
def order(request: Request, reward_id: int) -> HttpResponse:
    """Spend points; what does not work is said in a sentence."""
    try:
        actions.order_reward(reward_id=reward_id, **said(request))
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已兑换，请凭领取码领取"))
    return redirect("points:mine")


@require_POST
@never_cache
@allow(SIGNED_IN)
def cancel(request: Request, redemption_id: int) -> HttpResponse:
    """Cancel an exchange; points and thing are back."""
    try:
        actions.cancel_redemption(redemption_id=redemption_id, **said(request))
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已取消，积分已退回"))
    return redirect("points:mine" if queries.holder_id_of(request.actor) is not None else "points:hand")


@never_cache
@form_page
@allow(Permission.HAND)
def hand(request: Request) -> HttpResponse:
    """Hand out for a code, and show what waits and what is noted."""
    form, status = forms.CodeForm(sent(request)), 200
    if request.method == "POST":
        done: list[Any] = []
        status = attempt(form, lambda: done.append(actions.hand_out_reward(**form.cleaned_data, **said(request))))
        if not status:
            messages.success(request, _("已发放：%(title)s") % {"title": done[0].reward.title})
            return redirect("points:hand")
    lines = queries.list_to_hand(viewer=request.actor)
    return respond(request, "points/hand.html", None, {"form": form, "lines": lines}, status)


def _admin(request: Request, *, switch: Any = None, rule: Any = None, status: int = 200) -> HttpResponse:
    known = queries.rules()
    now = known.on(local_date(clock.now()))
    begun = {
        "per_hour": now.per_hour, "month_most": now.month_most, "keep_months": now.keep_months,
        "kinds": "\n".join(f"{source} {percent}" for source, percent in now.kinds.items()),
        "from_date": local_date(clock.now()),
    }  # fmt: skip
    context = {
        "switch": switch or forms.SwitchForm(None, known=known, auto_id="switch_%s"), "known": known, "now": now,
        "rule": rule or forms.RuleForm(None, initial=begun, auto_id="rule_%s"),
        "rewards": queries.list_kept_rewards(viewer=request.actor),
    }  # fmt: skip
    return respond(request, "points/admin.html", None, context, status)


@form_page
@allow(Permission.MANAGE)
def admin(request: Request) -> HttpResponse:
    """Show the switch, the rules and the rewards; turn points on or off."""
    form = forms.SwitchForm(sent(request), known=queries.rules(), auto_id="switch_%s")
    if request.method == "POST":
        status = attempt(form, lambda: actions.turn_points(**form.cleaned_data, **said(request)))
        if status:
            return _admin(request, switch=form, status=status)
        messages.success(request, _("已保存"))
        return redirect("points:admin")
    return _admin(request)


@require_POST
@allow(Permission.MANAGE)
def rule(request: Request) -> HttpResponse:
    """Give rules that hold from a day on."""
    form = forms.RuleForm(request.POST, auto_id="rule_%s")
    status = attempt(form, lambda: actions.give_point_rules(rule=form.rule(), **said(request)))
    if status:
        return _admin(request, rule=form, status=status)
    messages.success(request, _("规则已保存"))
    return redirect("points:admin")


@form_page
@allow(Permission.MANAGE)
def reward(request: Request, reward_id: int | None = None) -> HttpResponse:
    """Enter a reward, or change one."""
    known = queries.get_kept_reward(viewer=request.actor, reward_id=reward_id) if reward_id is not None else None
    form, status = forms.RewardForm(sent(request), known=known), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.keep_reward(new=form.new(), reward_id=reward_id, **said(request)))
        if not status:
            messages.success(request, _("已保存"))
            return redirect("points:admin")
    return respond(request, "points/reward.html", None, {"form": form, "known": known}, status)
