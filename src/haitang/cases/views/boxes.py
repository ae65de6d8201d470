"""The three boxes of a desk."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.cases import queries
from haitang.cases.values import Permission
from haitang.cases.views.rows import rows
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.paging import Page
from haitang.core.replicas import from_replica
from haitang.core.ui.pages import respond


@require_safe
@allow(Permission.VIEW)
@from_replica
def todo(request: Request) -> HttpResponse:
    """Show what waits for the viewer, the one due first on top."""
    page = queries.list_todo(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    lines = rows(queries.describe(list(page.rows)), clock.now())
    return _box(request, "todo", page, lines)


@require_safe
@allow(Permission.VIEW)
@from_replica
def done(request: Request) -> HttpResponse:
    """Show what the viewer has done, newest first: a line for each deed."""
    page = queries.list_done(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    lines = rows(queries.describe([case for _entry, case in page.rows]), clock.now())
    for line, (entry, _case) in zip(lines, page.rows, strict=True):
        line.done, line.done_at = label_of(entry.fact), entry.at
    return _box(request, "done", page, lines)


@require_safe
@allow(SIGNED_IN)
@from_replica
def mine(request: Request) -> HttpResponse:
    """Show what the viewer's account reported or entered, newest first."""
    page = queries.list_mine(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    lines = rows(queries.describe(list(page.rows)), clock.now())
    return _box(request, "mine", page, lines)


def _box(request: Request, box: str, page: Page, lines: list) -> HttpResponse:
    viewer = request.actor
    counts = {box: page.total}
    if "todo" not in counts:
        counts["todo"] = queries.count_todo(viewer=viewer)
    if "mine" not in counts:
        counts["mine"] = queries.count_mine(viewer=viewer)
    labels = {"todo": _("待办"), "done": _("已办"), "mine": _("我发起")}
    tabs: list[dict[str, Any]] = [
        {"label": label, "url": reverse(f"cases:{name}"), "current": name == box, "count": counts.get(name)}
        for name, label in labels.items()
        if name == "mine" or viewer.holds(Permission.VIEW)
    ]
    context = {
        "box": box, "heading": labels[box], "tabs": tabs, "page": page, "rows": lines,
        "may_report": viewer.holds(Permission.REPORT),
    }  # fmt: skip
    return respond(request, "cases/box.html", "cases/_box.html", context)
