"""Pages of home visits: the door, one entry, what came of it, wishes, the monitor."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import WISH_ENTRY, WISHES, draw_tabs
from haitang.core.ui.settings import settings_page
from haitang.patrols import actions, forms, queries
from haitang.patrols.values import Permission
from haitang.patrols.views.hazards import line_of

_DAYS_A_MONTH = 30.44


@require_safe
@allow(Permission.VISIT)
def visits(request: Request) -> HttpResponse:
    """Show the visits within the viewer's reach, newest first."""
    page = queries.list_visits(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    return respond(request, "patrols/visits.html", None, {"page": page})


@form_page
@allow(Permission.VISIT)
def door(request: Request) -> HttpResponse:
    """Ask which home is visited; addresses never stand in a URL."""
    form, status = forms.DoorForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        opened: list[int] = []

        def open_() -> None:
            area, room = form.cleaned_data["area"], form.cleaned_data["room"]
            opened.append(actions.open_household(area_code=area, room=room, **said(request)).pk)

        status = attempt(form, open_)
        if not status:
            return redirect("patrols:visit_new", opened[0])
    return respond(request, "patrols/door.html", None, {"form": form}, status)


@form_page
@never_cache
@allow(Permission.VISIT)
def visit_new(request: Request, household_id: int) -> HttpResponse:
    """Take down a visit in one entry; of what is known is only asked whether it still holds."""
    page = queries.get_household_page(viewer=request.actor, household_id=household_id)
    form, status = forms.VisitForm(sent(request), known=page.fields), 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            made.append(actions.record_visit(household_id=household_id, **form.given(), **said(request)).pk)

        status = attempt(form, write, {"need": "need1"})
        if not status:
            messages.success(request, _("走访已登记，相关记录已自动生成"))
            return redirect("patrols:visit", made[0])
    return respond(request, "patrols/visit_new.html", None, {"form": form, "page": page}, status)


@require_safe
@never_cache
@allow(Permission.VISIT)
def visit(request: Request, visit_id: int) -> HttpResponse:
    """Show what came of one entry."""
    page = queries.get_visit_page(viewer=request.actor, visit_id=visit_id)
    hazards = [line_of(view) for view in queries.describe_hazards(page.hazards)]
    return respond(request, "patrols/visit.html", None, {"page": page, "hazards": hazards})


def _household(
    request: Request, household_id: int, *, form: Any = None, full: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    page = queries.get_household_page(viewer=request.actor, household_id=household_id)
    lines = [(view, (full or {}).get(view.field.key, view.value)) for view in page.fields if view.is_known]
    context = {"page": page, "lines": lines, "form": form or forms.ReasonForm(), "is_full": full is not None}
    return respond(request, "patrols/household.html", None, context, status)


@require_safe
@never_cache
@allow(Permission.VISIT)
def household(request: Request, household_id: int) -> HttpResponse:
    """Show what a household has left, with where it was said and until when it is kept."""
    return _household(request, household_id)


@require_POST
@never_cache
@allow(Permission.UNMASK)
def household_unmask(request: Request, household_id: int) -> HttpResponse:
    """Show what is known in full, this once, for the reason given."""
    form, full = forms.ReasonForm(request.POST), None
    if form.is_valid():
        full = actions.unmask_household(household_id=household_id, **form.cleaned_data, **said(request))
    return _household(request, household_id, form=form, full=full, status=200 if full is not None else 422)


@require_POST
@allow(Permission.VISIT)
def household_withdraw(request: Request, household_id: int) -> HttpResponse:
    """Delete what a household had left, because it says so."""
    actions.withdraw_consent(household_id=household_id, **said(request))
    messages.success(request, _("住户留下的信息已删除"))
    return redirect("patrols:household", household_id)


@require_safe
@allow(Permission.VISIT)
def wishes(request: Request) -> HttpResponse:
    """Show the wishes that wait to be granted."""
    return _wishes(request)


def _wishes(request: Request, *, refused: dict[int, forms.GrantForm] | None = None, status: int = 200) -> HttpResponse:
    lines = [
        (need, name, (refused or {}).get(need.pk) or forms.GrantForm(auto_id=f"wish{need.pk}_%s"))
        for need, name in queries.list_wishes(viewer=request.actor)
    ]
    enter = next((url for ask in WISH_ENTRY if (url := ask(request.actor))), "")
    context = {"lines": lines, "enter_url": enter, "tabs": draw_tabs(WISHES, request.actor, "patrols:wishes")}
    return respond(request, "patrols/wishes.html", None, context, status)


@require_POST
@allow(Permission.VISIT)
def wish(request: Request, need_id: int) -> HttpResponse:
    """Say how a wish was granted."""
    form = forms.GrantForm(request.POST, auto_id=f"wish{need_id}_%s")
    status = attempt(form, lambda: actions.grant_wish(need_id=need_id, **form.cleaned_data, **said(request)))
    if status:
        return _wishes(request, refused={need_id: form}, status=status)
    messages.success(request, _("微心愿已实现"))
    return redirect("patrols:wishes")


@require_safe
@allow(Permission.MONITOR)
def monitor(request: Request) -> HttpResponse:
    """Show what households were asked more than once, by form and organization; never by person."""
    today = local_date(clock.now())
    start = today - timedelta(days=round(queries.rules().setting("repeats_months") * _DAYS_A_MONTH))
    form = forms.PeriodForm(request.GET or {"from_day": start, "to_day": today})
    from_day, to_day = form.days(start, today)
    lines = queries.list_repeats(viewer=request.actor, from_day=from_day, to_day=to_day)
    context = {"form": form, "lines": lines, "repeated": sum(line.repeated for line in lines)}
    return respond(request, "patrols/monitor.html", None, context)


@form_page
@allow(Permission.MANAGE)
def patrol_settings(request: Request) -> HttpResponse:
    """Show and change the rules for patrols and visits."""
    form = forms.SettingsForm(sent(request), lines=queries.list_patrol_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_patrol_setting, "patrols/settings.html", "patrols:settings")
