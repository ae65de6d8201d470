"""Open cases on a map: those that have a point, within a box, the one due first on top."""

from dataclasses import replace
from datetime import datetime

from haitang.cases.lifecycle import OPEN
from haitang.cases.models import Case
from haitang.cases.queries.cases import CaseFilter, filter_cases
from haitang.core.access import Actor

POINTS_MAX = 2000
"""More points than this tell nobody anything, and a phone would not draw them."""

Box = tuple[float, float, float, float]


def open_statuses() -> list[tuple[str, str]]:
    """Return the states in which a case still waits for a deed, in the order of its life, with their names."""
    return [(status.value, str(status.label)) for status in OPEN]


def list_points(
    *, viewer: Actor, wanted: CaseFilter, box: Box | None = None, now: datetime, limit: int = POINTS_MAX
) -> tuple[list[Case], bool]:
    """Return open cases that have a point, the one due first on top, and whether there are more than were returned.

    wanted: narrows further; states in which nothing is waited for give nothing. box: west, south, east, north in
    degrees (WGS84), edges included. limit: at most POINTS_MAX. One scan of the index of what is due.
    """
    limit = max(1, min(limit, POINTS_MAX))
    still_open = {status.value for status in OPEN}
    if wanted.statuses:
        wanted = replace(wanted, statuses=tuple(s for s in wanted.statuses if s in still_open) or ("",))
    # An open case has a deadline, a closed one none: this is what makes the index of what is due serve here.
    rows = filter_cases(viewer=viewer, wanted=wanted, now=now).filter(due_at__isnull=False, lon__isnull=False)
    if box is not None:
        west, south, east, north = box
        rows = rows.filter(lon__range=(west, east), lat__range=(south, north))
    rows = rows.select_related("warning").defer("search", "query_code", "deadlines")
    found = list(rows.order_by("due_at", "id")[: limit + 1])
    return found[:limit], len(found) > limit
