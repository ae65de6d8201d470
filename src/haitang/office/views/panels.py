"""What the office adds to the pages below it."""

from typing import Any

from django.http import HttpRequest

from haitang.cases.lifecycle import MOVES
from haitang.cases.queries import count_todo
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.http import actor_of
from haitang.core.ui.panels import Panel
from haitang.office import queries
from haitang.office.values import BATCH_FROM
from haitang.people.queries import get_actor, list_stood_in_for
from haitang.whistles.queries import list_whistles_of_case
from haitang.whistles.values import Permission as WhistlePermission


def of_list(request: HttpRequest, asked: str) -> Panel:
    """Draw above the list what can be done with the chosen cases, and the lists that the viewer keeps."""
    viewer = actor_of(request)
    return Panel(
        "office/_list_tools.html",
        {
            "asked": asked, "may_choose": any(viewer.holds(MOVES[deed].permission) for deed in BATCH_FROM),
            "filters": queries.list_filters(viewer=viewer) if viewer.holds(Permission.VIEW) else [],
        },
    )  # fmt: skip


def of_case(request: HttpRequest, page: Any) -> Panel | None:
    """Draw beside a case whether the viewer watches it, for those who work with cases."""
    viewer = actor_of(request)
    if not viewer.holds(Permission.VIEW):
        return None
    case = page.view.case
    return Panel("office/_case_tools.html", {
        "case": case, "may_supervise": _may_supervise(viewer, case),
        "whistles": [each.whistle for each in list_whistles_of_case(viewer=viewer, case_id=case.pk)]
        if viewer.holds(WhistlePermission.VIEW) else [],
        "is_watched": queries.is_watched(viewer=viewer, case_id=case.pk),
    })  # fmt: skip


def _may_supervise(viewer: Actor, case: Any) -> bool:
    return viewer.holds(Permission.DISPATCH, area_path=case.area_path, organization_id=case.organization_id)


def of_desk(request: HttpRequest, viewer: Actor) -> Panel | None:
    """Draw on the desk the lists that the viewer wants there."""
    pinned = queries.list_pinned(viewer=viewer) if viewer.holds(Permission.VIEW) else []
    return Panel("office/_desk.html", {"pinned": pinned}) if pinned else None


def of_top(request: HttpRequest, viewer: Actor) -> Panel | None:
    """Say on every page in whose place the viewer acts."""
    return Panel("office/_acting.html", {"name": viewer.name}) if viewer.standing_in_for is not None else None


def of_deputy(request: HttpRequest, viewer: Actor) -> Panel | None:
    """Draw on the desk for whom the viewer may act today, and how much waits there."""
    if viewer.standing_in_for is not None or not viewer.holds(Permission.VIEW):
        return None
    now = clock.now()
    waiting = [
        (each, count_todo(viewer=get_actor(viewer.id or 0, now=now, standing_in_for=each.account_id)))
        for each in list_stood_in_for(viewer=viewer, now=now)
    ]
    return Panel("office/_deputy.html", {"waiting": waiting}) if waiting else None


def of_ticket(request: HttpRequest, page: Any) -> Panel | None:
    """Draw below a case what the hotline last said of it, for those who work with cases."""
    viewer = actor_of(request)
    if not viewer.holds(Permission.VIEW) or not page.view.case.external_id:
        return None
    ticket = queries.get_ticket(page.view.case.pk)
    return Panel("office/_ticket.html", {"ticket": ticket}) if ticket else None
