"""What joint work shows on pages of apps below."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from haitang.alliances import queries
from haitang.alliances.values import DECISION
from haitang.alliances.views.shared import today
from haitang.cases.values import Channel
from haitang.core.access import Actor
from haitang.core.http import actor_of
from haitang.core.ui.panels import Panel
from haitang.projects.values import Origin, OriginPage


def decision_of_case(request: HttpRequest, page: Any) -> Panel | None:
    """Return the decision that became the case, of those that were handed over."""
    if page.view.case.channel != Channel.TRANSFER:
        return None
    view = queries.find_decision(viewer=actor_of(request), today=today(), case_id=page.view.case.pk)
    return Panel("alliances/_decision_of_case.html", {"view": view}) if view else None


def origin_of(viewer: Actor, origin: str, origin_id: str) -> OriginPage | None:
    """Return the decision that a project comes from, if it comes from one."""
    digits = origin_id.removeprefix(DECISION)
    if origin != Origin.ALLIANCE or digits == origin_id or not (digits.isascii() and digits.isdigit()):
        return None
    view = queries.find_decision(viewer=viewer, today=today(), pk=int(digits[:18]))
    if view is None:
        return None
    return OriginPage(
        f"{view.committee_name} {view.row.number}", reverse("alliances:meeting", args=[view.row.meeting_id])
    )
