"""The office's pages: days planned, one day with its shifts, one shift with who has signed up, settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock, qr
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Conflict, NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.servicedays import actions, forms, queries
from haitang.servicedays.queries import ShiftPage
from haitang.servicedays.values import NewDay, Permission, State
from haitang.servicedays.views.shared import told


@require_safe
@allow(Permission.VIEW)
def days(request: Request) -> HttpResponse:
    """Show the service days within reach, to come or past, and those that come again."""
    past = request.GET.get("past") == "1"
    address = reverse("servicedays:days")
    tabs = [
        {"label": _("今后"), "url": address, "current": not past},
        {"label": _("过去"), "url": f"{address}?past=1", "current": past},
    ]
    context = {
        "days": queries.list_days(viewer=request.actor, today=clock.local_date(clock.now()), past=past), "tabs": tabs,
        "rules": queries.list_rules(viewer=request.actor) if not past else [],
        "may_plan": request.actor.holds(Permission.MANAGE),
    }  # fmt: skip
    return respond(request, "servicedays/days.html", "servicedays/_days.html", context)


@form_page
@never_cache
@allow(Permission.MANAGE)
def day_new(request: Request) -> HttpResponse:
    """Plan a service day, once or again and again."""
    form, status = forms.DayForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            new = form.new()
            if isinstance(new, NewDay):
                made.append(actions.plan_day(new=new, **said(request)).pk)
            else:
                actions.plan_rule(new=new, **said(request))

        status = attempt(form, write)
        if not status:
            messages.success(request, _("服务日已安排，居民可以报名了"))
            return redirect("servicedays:day", made[0]) if made else redirect("servicedays:days")
    return respond(request, "servicedays/day_new.html", None, {"form": form}, status)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def rule_end(request: Request, rule_id: int) -> HttpResponse:
    """Let no more days come of a rule."""
    actions.end_rule(rule_id=rule_id, **said(request))
    messages.success(request, _("已停止重复，已安排的服务日不变"))
    return redirect("servicedays:days")


@form_page
@never_cache
@allow(SIGNED_IN)
def day(request: Request, day_id: int) -> HttpResponse:
    """Show one day with its shifts; call it off."""
    view = queries.get_day(viewer=request.actor, day_id=day_id)
    form, status = forms.ReasonForm(sent(request)), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.cancel_day(day_id=day_id, **form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("已取消，正在通知报名的人"))
            return redirect("servicedays:day", day_id)
    context = {"view": view, "day": view.day, "form": form, "may_cancel": view.may_lead and not view.day.cancelled_at}
    return respond(request, "servicedays/day.html", "servicedays/_day.html", context, status)


def _shift(
    request: Request, shift_id: int, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    page, now = queries.get_shift_page(viewer=request.actor, shift_id=shift_id), clock.now()
    row, view = page.view.shift, page.day
    goes_on = row.closed_at is None and view.day.cancelled_at is None
    shown: dict[str, Any] = {}
    if goes_on and view.may_lead:
        if row.begins_at > now:
            shown["phone"] = forms.PhoneForm(auto_id="phone_%s")
            shown["places"] = forms.PlacesForm(initial={"places": row.places}, auto_id="places_%s")
        if row.ends_at <= now:
            shown["close"] = forms.CloseForm(page=page, auto_id="close_%s")
    context = {
        "page": page, "shift": row, "day": view.day, "forms": {**shown, **(refused or {})},
        "lines": [(line, *told(line.signup)) for line in page.lines], "may_lead": goes_on and view.may_lead,
        "may_take_off": row.begins_at > now, "signed": State.SIGNED.value,
    }  # fmt: skip
    return respond(request, "servicedays/office_shift.html", "servicedays/_signups.html", context, status)


@never_cache
@require_safe
@allow(SIGNED_IN)
def office_shift(request: Request, shift_id: int) -> HttpResponse:
    """Show one shift with who has signed up."""
    return _shift(request, shift_id)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def shift_deed(request: Request, shift_id: int, name: str) -> HttpResponse:
    """Sign somebody up, change the places, settle the shift, or take one line down."""
    given, typed = {"shift_id": shift_id, **said(request)}, sent(request)
    if name == "line":
        return _line(request, shift_id)
    page = queries.get_shift_page(viewer=request.actor, shift_id=shift_id)
    known: dict[str, tuple[Any, Any, str]] = {
        "phone": (forms.PhoneForm(typed, auto_id="phone_%s"), actions.sign_up_for, _("已代为报名")),
        "places": (forms.PlacesForm(typed, auto_id="places_%s"), actions.change_shift, _("已修改")),
        "close": (
            forms.CloseForm(typed, page=page, auto_id="close_%s"), actions.close_shift,
            _("已结束，服务时长已记到本人名下"),
        ),
    }  # fmt: skip
    if name not in known:
        raise NotFound(_("没有这个页面"))
    form, action, done = known[name]
    status = attempt(form, lambda: action(**form.cleaned_data, **given))
    if status:
        return _shift(request, shift_id, refused={name: form}, status=status)
    messages.success(request, done)
    return redirect("servicedays:office_shift", shift_id)


def _line(request: Request, shift_id: int) -> HttpResponse:
    number = request.POST.get("signup", "")
    signup_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    given = {"shift_id": shift_id, "signup_id": signup_id, **said(request)}
    try:
        if request.POST.get("deed") == "here":
            actions.take_down_at_shift(**given)
        else:
            actions.take_off(reason=_("电话告知不能来"), **given)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已记录"))
    return redirect("servicedays:office_shift", shift_id)


def _led(request: Request, shift_id: int) -> tuple[ShiftPage, str]:
    page = queries.get_shift_page(viewer=request.actor, shift_id=shift_id)
    if not page.day.may_lead:
        raise NotFound(_("没有这个页面"))
    code = page.view.shift.code
    return page, request.build_absolute_uri(reverse("servicedays:here", args=[shift_id, code]))


@never_cache
@require_safe
@allow(Permission.MANAGE)
def poster(request: Request, shift_id: int) -> HttpResponse:
    """Show the QR code for reporting at a shift, for the screen or to be printed."""
    page, address = _led(request, shift_id)
    context = {"shift": page.view.shift, "day": page.day.day, "address": address}
    return respond(request, "servicedays/poster.html", None, context)


@never_cache
@require_safe
@allow(Permission.MANAGE)
def code_image(request: Request, shift_id: int) -> HttpResponse:
    """Give the QR code for reporting as a picture."""
    return HttpResponse(qr.as_svg(_led(request, shift_id)[1]), content_type="image/svg+xml")


@form_page
@allow(Permission.SETTINGS)
def serviceday_settings(request: Request) -> HttpResponse:
    """Show and change the rules for service days."""
    form = forms.SettingsForm(sent(request), lines=queries.list_serviceday_settings(viewer=request.actor))
    return settings_page(
        request, form, actions.change_serviceday_setting, "servicedays/settings.html", "servicedays:settings"
    )
