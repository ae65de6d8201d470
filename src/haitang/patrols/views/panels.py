"""What patrols show on pages of apps below."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.core.http import actor_of
from haitang.core.ui.panels import Heard, Panel, Tab
from haitang.patrols import queries
from haitang.patrols.values import Permission
from haitang.patrols.views.hazards import line_of


def hazard_of_case(request: HttpRequest, page: Any) -> Panel | None:
    """Return the hazard that became the case."""
    view = queries.find_hazard_of_case(viewer=actor_of(request), case_id=page.view.case.pk)
    return Panel("patrols/_hazard_of_case.html", line_of(view)) if view else None


def heard_wishes(viewer: Actor) -> Tab | None:
    """Return the tab of the wishes that were heard at visits and wait to be granted nearby, for who visits."""
    return Tab(_("走访听到"), "patrols:wishes") if viewer.holds(Permission.VISIT) else None


def heard_wish(viewer: Actor, need_id: int) -> Heard | None:
    """Return a wish that was heard at a visit and is not granted yet, for who visits there."""
    try:
        need = queries.get_heard(viewer=viewer, need_id=need_id)
    except NotFound:
        return None
    return Heard(need.words, need.visit.household.area_id)
