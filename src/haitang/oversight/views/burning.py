"""归零: a community's unsolved matters as a line that should come down to zero, with what stays open and why."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import LOCAL
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.oversight import forms, queries
from haitang.oversight.values import Cause
from haitang.worktime.values import remaining_text

WIDTH, HEIGHT, LEFT, BOTTOM = 720, 220, 40, 24
"""Of the chart, in its own units: the line is drawn right of LEFT and above BOTTOM."""


def chart(days: list[Any]) -> dict[str, Any]:
    """Return what the drawing of the line needs: its points, its ground, and marks on both axes."""
    top = max([line.open for line in days] + [1])
    wide, high = WIDTH - LEFT - 8, HEIGHT - BOTTOM - 8
    step = wide / max(len(days) - 1, 1)

    def at(index: int, value: int) -> tuple[float, float]:
        return round(LEFT + index * step, 1), round(8 + high - value / top * high, 1)

    points = [at(index, line.open) for index, line in enumerate(days)]
    line = " ".join(f"{x},{y}" for x, y in points)
    floor = 8 + high
    marks = [{"y": at(0, value)[1], "value": value} for value in sorted({0, top // 2, top})]
    every = max(len(days) // 6, 1)
    dates = [{"x": points[index][0], "day": days[index].day} for index in range(0, len(days), every)]
    return {
        "width": WIDTH, "height": HEIGHT, "line": line, "left": LEFT, "right": WIDTH - 8, "floor": floor,
        "ground": f"{points[0][0]},{floor} {line} {points[-1][0]},{floor}", "marks": marks, "dates": dates,
    }  # fmt: skip


@require_safe
@allow(CasePermission.VIEW)
def burndown(request: Request) -> HttpResponse:
    """Show an area's unsolved matters: the line, by category and age, and each with the reason why it is open."""
    now = clock.now()
    form = forms.Wanted(request.GET or None, viewer=request.actor)
    area, days = form.chosen()
    context: dict[str, Any] = {"form": form, "area": area}
    if area is not None:
        found = queries.burn_down(viewer=request.actor, area=area, days=days, now=now)
        page = queries.list_unsolved(viewer=request.actor, area=area, cursor=request.GET.get("cursor", ""), now=now)
        context |= {
            "found": found,
            "chart": chart(found.days),
            "first": found.days[0],
            "table": found.days[::-1][:14],
            "came": sum(line.came for line in found.days),
            "ended": sum(line.ended for line in found.days),
            "page": page,
            "rows": [_row(view, reasons, now) for view, reasons in page.rows],
            "ages": [_("一周内"), _("一月内"), _("三月内"), _("更早")],
        }
    return respond(request, "oversight/burndown.html", None, context)


def _row(view: Any, reasons: Any, now: Any) -> dict[str, Any]:
    case, why = view.case, []
    if reasons.pause is not None:
        until = reasons.pause.until.astimezone(LOCAL)
        why.append(_("缓办至 %(day)s：%(reason)s") % {"day": f"{until:%m-%d}", "reason": reasons.pause.reason})
    if reasons.parts:
        why.append(_("等待 %(n)d 个子案件") % {"n": reasons.parts})
    if reasons.supervision is not None:
        why.append(str(Cause(reasons.supervision.cause).label))
    desk = view.organization.label if view.organization and case.organization_id else ""
    why.append(" ".join(filter(None, [case.get_status_display(), desk])))
    overdue = case.due_at is not None and case.due_at < now
    return {
        "case": case, "view": view, "url": reverse("cases:case", args=[case.pk]), "why": why,
        "days": (now.astimezone(LOCAL).date() - case.reported_at.astimezone(LOCAL).date()).days,
        "overdue": remaining_text(case.due_at, now) if overdue else "",
    }  # fmt: skip
