"""What deliberation shows on pages of apps below."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from haitang.cases.values import Channel
from haitang.core.access import Actor
from haitang.core.http import actor_of
from haitang.core.ui.panels import Panel
from haitang.councils import queries
from haitang.councils.values import RESOLUTION
from haitang.councils.views.shared import today
from haitang.projects.values import Origin, OriginPage


def resolution_of_case(request: HttpRequest, page: Any) -> Panel | None:
    """Return the resolution that became the case, of those that were handed over."""
    if page.view.case.channel != Channel.TRANSFER:
        return None
    view = queries.find_resolution(viewer=actor_of(request), today=today(), case_id=page.view.case.pk)
    return Panel("councils/_resolution_of_case.html", {"view": view}) if view else None


def origin_of(viewer: Actor, origin: str, origin_id: str) -> OriginPage | None:
    """Return the resolution that a project comes from, if it comes from one."""
    digits = origin_id.removeprefix(RESOLUTION)
    if origin != Origin.VOTE or digits == origin_id or not (digits.isascii() and digits.isdigit()):
        return None
    view = queries.find_resolution(viewer=viewer, today=today(), pk=int(digits[:18]))
    if view is None:
        return None
    url = reverse("councils:desk_session", args=[view.row.session_id])
    return OriginPage(f"{view.council_name} {view.row.number}", url)
