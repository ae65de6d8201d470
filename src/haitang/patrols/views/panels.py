"""What patrols show on pages of apps below."""

from typing import Any

from django.http import HttpRequest

from haitang.core.http import actor_of
from haitang.core.ui.panels import Panel
from haitang.patrols import queries
from haitang.patrols.views.hazards import line_of


def hazard_of_case(request: HttpRequest, page: Any) -> Panel | None:
    """Return the hazard that became the case."""
    view = queries.find_hazard_of_case(viewer=actor_of(request), case_id=page.view.case.pk)
    return Panel("patrols/_hazard_of_case.html", line_of(view)) if view else None
