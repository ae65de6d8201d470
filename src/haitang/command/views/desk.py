"""The staff's home after sign-in."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.cases.queries import describe, list_todo
from haitang.cases.queries.boxes import OVERDUE_COUNT_MAX, TODO_COUNT_MAX, count_todo_overdue
from haitang.cases.values import Permission
from haitang.command import queries, values
from haitang.command.views.links import OPEN, bounded, cases_url
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.replicas import from_replica
from haitang.core.templatetags.ui import wan
from haitang.core.ui.pages import respond

TODO_ROWS = 8
DEEDS = (
    Permission.VERIFY, Permission.ACCEPT, Permission.DISPATCH, Permission.HANDLE, Permission.CHECK, Permission.CLOSE,
)  # fmt: skip
"""Who holds one of these has a box of what waits; others see their figures in its place."""


@require_safe
@allow(SIGNED_IN)
@from_replica
def desk(request: Request) -> HttpResponse:
    """Show what waits for the viewer, the figures of the viewer's area, and what an administrator should see to.

    Whoever holds nothing is a resident and is sent on to the front page.
    """
    viewer, now = request.actor, clock.now()
    if not viewer.grants:
        return redirect("/")
    asks_figures = request.GET.get("part") == "figures"
    context: dict[str, Any] = {"now": now, "works_cases": viewer.holds(Permission.VIEW)}
    context["has_todo"] = context["works_cases"] and any(viewer.holds(permission) for permission in DEEDS)
    if context["works_cases"] and (asks_figures or not request.htmx):
        context |= _figures(request, now)
    if context.get("overview") and not context["has_todo"]:
        area = context["overview"].area
        context["below"] = [
            {"area": child, "count": count, "url": f"{reverse('command:map')}?area={child.code}",
             "list_url": cases_url(area=child.code, status=OPEN)}
            for child, count in queries.count_open_below(viewer=viewer, area=area, now=now)
        ]  # fmt: skip
    if context["has_todo"] and not (asks_figures and request.htmx):
        context |= _todo(request, now)
    if not request.htmx:
        context["warnings"] = [
            {"text": text, "url": reverse(url_name)} for text, url_name in queries.list_warnings(viewer=viewer, now=now)
        ]
        context["notices"] = queries.list_latest_notices(viewer)
    fragment = "command/_desk_figures.html" if asks_figures else "command/_desk_todo.html"
    return respond(request, "command/desk.html", fragment, context)


def _todo(request: Request, now: datetime) -> dict[str, Any]:
    page = list_todo(viewer=request.actor, limit=TODO_ROWS)
    return {
        "todo": page,
        "todo_rows": [
            {"view": view, "text": values.shorten(view.case.description),
             "category": queries.name_of(view.category) if view.category else "",
             "area": queries.near_name(view.case.area_id),
             "colour": values.colour_of(
                 view.case.stage, view.case.due_at, now, is_due_soon=view.case.is_due_soon)}
            for view in describe(list(page.rows))
        ],
        "todo_count": bounded(page.total or 0, TODO_COUNT_MAX, is_more=page.total_is_more),
        "todo_overdue": bounded(count_todo_overdue(viewer=request.actor, now=now), TODO_COUNT_MAX),
    }  # fmt: skip


def _figures(request: Request, now: datetime) -> dict[str, Any]:
    viewer = request.actor
    homes = queries.list_home_areas(viewer)
    if not homes:
        return {"overview": None}
    wanted = request.GET.get("area", "")
    area = next((home for home in homes if home.code == wanted), homes[0])
    overview = queries.get_overview(viewer=viewer, area=area, now=now)
    today, month = overview.today, overview.month
    day = clock.local_date(now)
    days = {"area": area.code, "to_date": day}
    of_month = {**days, "from_date": day.replace(day=1)}
    judged = _("%(n)s 次评价") % {"n": f"{month.judged:,}"}
    in_time = _("%(part)s / %(whole)s 件") % {
        "part": f"{month.handling.in_time:,}",
        "whole": f"{month.handling.in_time + month.handling.late:,}",
    }
    return {
        "overview": overview,
        "chart": values.daily_chart([(row.period.first, row.figures) for row in overview.days]),
        "may_figures": viewer.holds(values.Permission.VIEW_DASHBOARD, area_path=area.path),
        "area_tabs": [
            {"label": home.name, "url": f"{reverse('command:desk')}?area={home.code}", "current": home is area}
            for home in homes[1:] and homes
        ],
        "tiles_today": [
            _tile(_("今日上报"), wan(today.reported), url=cases_url(**days, from_date=day)),
            _tile(_("今日受理"), wan(today.accepted)),
            _tile(_("今日结案"), wan(today.closed)),
            _tile(
                _("当前超期"), bounded(overview.overdue, OVERDUE_COUNT_MAX),
                url=cases_url(area=area.code, overdue="1"), colour="red" if overview.overdue else "green",
            ),
        ],
        "tiles_month": [
            _tile(_("本月上报"), wan(month.reported), url=cases_url(**of_month)),
            _tile(_("本月受理"), wan(month.accepted)),
            _tile(_("本月结案"), wan(month.closed)),
            _tile(_("按时处置率"), month.handling.rate, hint=in_time),
            _tile(_("群众评价解决率"), month.solved_rate, hint=judged),
            _tile(_("平均评分"), month.average_score, hint=_("满分 5 分")),
        ],
    }  # fmt: skip


def _tile(label: str, value: str, *, hint: str = "", url: str = "", colour: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "hint": hint, "url": url, "colour": colour}
