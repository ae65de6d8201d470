"""The pages of those who manage what other systems are told."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import EVERYWHERE, allow
from haitang.core.errors import Conflict
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.webhooks import actions, forms, queries
from haitang.webhooks.queries import DeliveryLine, SubscriptionView
from haitang.webhooks.values import (
    Level,
    Permission,
    Standing,
    State,
    Why,
    label_of_kind,
)

_COLOURS = {State.ACTIVE: "green", State.PAUSED: "orange", State.ENDED: "grey"}
_STANDING_COLOURS = {
    Standing.WAITING: "blue", Standing.DELIVERED: "green", Standing.DEAD: "red", Standing.DROPPED: "grey",
    Standing.WITHHELD: "grey",
}  # fmt: skip


@require_safe
@allow(Permission.MANAGE)
def subscriptions(request: Request) -> HttpResponse:
    """Show which other systems are told of what, and how it goes."""
    views = queries.list_subscriptions(viewer=request.actor)
    context = {
        "lines": [_line(view) for view in views],
        "may_rule": request.actor.holds(Permission.MANAGE, area_path=EVERYWHERE),
    }
    return respond(request, "webhooks/list.html", None, context)


@form_page
@allow(Permission.MANAGE)
@never_cache
def new(request: Request) -> HttpResponse:
    """Have another system told; its secret is shown once, on the page that answers."""
    form = forms.SubscriptionForm(sent(request), viewer=request.actor)
    made: list[Any] = []
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: made.extend(actions.make_subscription(**said(request), **form.cleaned_data)))
        if not status:
            return _show_secret(request, made[0].pk, made[0].name, made[1])
    return _form(request, form, _("新建事件订阅"), reverse("webhooks:list"), status)


@form_page
@allow(Permission.MANAGE)
def edit(request: Request, subscription_id: int) -> HttpResponse:
    """Change what a subscription says."""
    view = queries.get_subscription(viewer=request.actor, subscription_id=subscription_id)
    form = forms.SubscriptionForm(sent(request), viewer=request.actor, view=view)
    back = reverse("webhooks:one", args=[subscription_id])
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_subscription(
            **said(request), subscription_id=subscription_id, **form.cleaned_data
        ))  # fmt: skip
        if not status:
            messages.success(request, _("已保存"))
            return redirect(back)
    return _form(request, form, _("修改事件订阅"), back, status)


@require_safe
@allow(Permission.MANAGE)
def one(request: Request, subscription_id: int) -> HttpResponse:
    """Show a subscription, and what came of its deliveries."""
    view = queries.get_subscription(viewer=request.actor, subscription_id=subscription_id)
    standing = request.GET.get("standing", "")
    standing = standing if standing in Standing.values else ""
    page = queries.list_deliveries(
        viewer=request.actor, subscription_id=subscription_id, standing=standing, cursor=request.GET.get("cursor", "")
    )
    here = reverse("webhooks:one", args=[subscription_id])
    shown = [("", _("全部")), *((word.value, word.label) for word in (Standing.WAITING, Standing.DEAD))]
    counts = {Standing.WAITING.value: view.waiting, Standing.DEAD.value: view.dead}
    tabs = [
        {
            "label": label, "url": f"{here}?standing={word}" if word else here, "current": word == standing,
            "count": counts.get(word),
        }
        for word, label in shown
    ]  # fmt: skip
    context = {
        "line": _line(view), "tabs": tabs, "page": page, "standing": standing,
        "deliveries": [_delivery(line) for line in page.rows],
    }  # fmt: skip
    return respond(request, "webhooks/one.html", "webhooks/_deliveries.html", context)


@require_POST
@allow(Permission.MANAGE)
def test(request: Request, subscription_id: int) -> HttpResponse:
    """Send a test, and say what came of it."""
    row = actions.try_subscription(**said(request), subscription_id=subscription_id)
    if row.error:
        messages.error(request, _("测试没有送到：%(error)s") % {"error": row.error})
    else:
        messages.success(request, _("测试已送到，用时 %(n)d 毫秒") % {"n": row.took_ms})
    return _back(subscription_id)


@require_POST
@allow(Permission.MANAGE)
@never_cache
def secret(request: Request, subscription_id: int) -> HttpResponse:
    """Sign with another secret, which is shown this once."""
    view = queries.get_subscription(viewer=request.actor, subscription_id=subscription_id)
    made = actions.rotate_secret(**said(request), subscription_id=subscription_id)
    return _show_secret(request, subscription_id, view.row.name, made, is_new=False)


@require_POST
@allow(Permission.MANAGE)
def pause(request: Request, subscription_id: int) -> HttpResponse:
    """Send nothing until it is resumed."""
    actions.pause_subscription(**said(request), subscription_id=subscription_id)
    messages.success(request, _("推送已暂停，恢复后从暂停处继续"))
    return _back(subscription_id)


@require_POST
@allow(Permission.MANAGE)
def resume(request: Request, subscription_id: int) -> HttpResponse:
    """Go on from where it stood, or from now."""
    skip = request.POST.get("skip") == "1"
    actions.resume_subscription(**said(request), subscription_id=subscription_id, skip=skip)
    messages.success(request, _("推送已恢复，从现在开始") if skip else _("推送已恢复，从暂停处继续"))
    return _back(subscription_id)


@require_POST
@allow(Permission.MANAGE)
def end(request: Request, subscription_id: int) -> HttpResponse:
    """End a subscription for good."""
    actions.end_subscription(**said(request), subscription_id=subscription_id)
    messages.success(request, _("订阅已停用，地址和密钥已清除"))
    return redirect("webhooks:list")


@require_POST
@allow(Permission.MANAGE)
def dead(request: Request, subscription_id: int) -> HttpResponse:
    """Send again, or give up, what failed for good: one delivery, or all."""
    named = request.POST.get("delivery", "")
    ids = [int(named)] if named.isascii() and named.isdecimal() and len(named) < 19 else None
    drop = request.POST.get("deed") == "drop"
    deed = actions.drop_deliveries if drop else actions.resend_deliveries
    try:
        count = deed(**said(request), subscription_id=subscription_id, delivery_ids=ids)
    except Conflict as refusal:
        messages.warning(request, refusal.message)
    else:
        told = (
            ngettext("已放弃 %(n)d 件，同一案件其后的继续推送", "已放弃 %(n)d 件，同一案件其后的继续推送", count)
            if drop
            else ngettext("%(n)d 件将重新推送", "%(n)d 件将重新推送", count)
        )
        messages.success(request, told % {"n": count})
    return redirect(f"{reverse('webhooks:one', args=[subscription_id])}?standing=dead")


@form_page
@allow(Permission.MANAGE)
def rules(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    form = forms.WebhookRulesForm(sent(request), lines=queries.list_webhook_rules(viewer=request.actor))
    return settings_page(request, form, actions.change_webhook_rule, "webhooks/rules.html", "webhooks:rules")


def _form(request: Request, form: forms.SubscriptionForm, title: str, back: str, status: int) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return respond(request, "webhooks/form.html", None, context, status)


def _show_secret(
    request: Request, subscription_id: int, name: str, made: str, *, is_new: bool = True
) -> HttpResponse:  # fmt: skip
    context = {
        "secret": made, "name": name, "back": reverse("webhooks:one", args=[subscription_id]), "is_new": is_new,
        "hours": queries.webhook_rules()["old_secret_hours"],
    }  # fmt: skip
    return respond(request, "webhooks/secret.html", None, context)


def _back(subscription_id: int) -> HttpResponse:
    return redirect("webhooks:one", subscription_id)


def _line(view: SubscriptionView) -> dict[str, Any]:
    row, state = view.row, State(view.row.state)
    return {
        "id": row.pk, "name": row.name, "url": view.url, "area": view.area.name if view.area else _("全市"),
        "level": Level(row.level).label, "kinds": [label_of_kind(kind) for kind in row.kinds], "state": state,
        "state_label": state.label, "colour": _COLOURS[state], "why": Why(row.why).label if row.why else "",
        "owner": row.owner.name, "made_at": row.made_at, "delivered_at": row.delivered_at,
        "failing_since": row.failing_since, "failures": row.failures, "old_until": row.old_until,
        "waiting": view.waiting, "dead": view.dead, "is_active": state == State.ACTIVE,
        "is_paused": state == State.PAUSED, "is_ended": state == State.ENDED,
    }  # fmt: skip


def _delivery(line: DeliveryLine) -> dict[str, Any]:
    row, standing = line.row, Standing(line.row.standing)
    return {
        "id": row.pk, "kind": row.kind, "label": label_of_kind(row.kind), "number": line.number,
        "standing": standing.label, "colour": _STANDING_COLOURS[standing], "made_at": row.made_at,
        "next_at": row.next_at if standing == Standing.WAITING and row.attempts else None, "attempts": row.attempts,
        "status_code": row.status_code, "error": row.error, "took_ms": row.took_ms,
        "is_dead": standing == Standing.DEAD,
    }  # fmt: skip
