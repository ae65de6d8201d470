"""What the page of a case shows of its whistles."""

from typing import Any

from haitang.cases.queries import CasePage
from haitang.core import access, clock
from haitang.core.ui.panels import Panel
from haitang.whistles import policies, queries
from haitang.whistles.lifecycle import Status
from haitang.whistles.values import Permission
from haitang.whistles.views import telling

_OPEN = (Status.PENDING, Status.BLOWN)


def case_side(request: Any, page: CasePage) -> Panel | None:
    """Offer whoever may draft a whistle to do so, while the case is open and none is."""
    case, viewer = page.view.case, request.actor
    if case.stage is None or not viewer.holds(Permission.DRAFT):
        return None
    if not access.allows(policies.check_can_draft, viewer, case):
        return None
    if any(view.whistle.status in _OPEN for view in _whistles(request, case.pk)):
        return None
    return Panel("whistles/_case_side.html", {"case": case})


def case_rest(request: Any, page: CasePage) -> Panel | None:
    """Show the case's whistles with where each department stands, to those who may know of them."""
    if not request.actor.holds(Permission.VIEW):
        return None
    views = _whistles(request, page.view.case.pk)
    if not views:
        return None
    now = clock.now()
    return Panel("whistles/_case_rest.html", {"whistles": [telling.row(view, now) for view in views]})


def _whistles(request: Any, case_id: int) -> list[queries.WhistleView]:
    """Read the case's whistles once for both panels of a page."""
    held = getattr(request, "_whistles_of_case", None)
    if held is None or held[0] != case_id:
        held = case_id, queries.list_whistles_of_case(viewer=request.actor, case_id=case_id)
        request._whistles_of_case = held
    return held[1]
