"""Links in numbers, each with the standing by which its rows are found."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F

from haitang.alliances.lifecycle import Standing
from haitang.alliances.queries.links import LinkFilter, filter_links
from haitang.core.access import Actor
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

COUNTED = ("", Standing.AGREED, Standing.MISSING, Standing.PROPOSED, Standing.QUIET, Standing.JUDGED)
"""What is counted, by the standing under which the list shows the same rows; "" for all links."""


@dataclass(frozen=True, slots=True)
class LinkTally:
    """The numbers of one area, by standing."""

    area: AreaRef
    counts: dict[str, int]


def tally_links(*, viewer: Actor, wanted: LinkFilter) -> dict[str, int]:
    """Return how many links the viewer may see stand so in the year, by standing."""
    return {
        standing: filter_links(viewer=viewer, wanted=replace(wanted, standing=standing)).count() for standing in COUNTED
    }


def tally_links_by_area(*, viewer: Actor, area: AreaRef, wanted: LinkFilter) -> list[LinkTally]:
    """Return the numbers of every area directly below one, in the order of their codes; a statement for each number."""
    found: dict[int, dict[str, int]] = {}
    for standing in COUNTED:
        rows: Any = filter_links(viewer=viewer, wanted=replace(wanted, standing=standing, area_path=area.path))
        for each in rows.order_by().values(below_id=F(f"area_ids__{len(area.ids)}")).annotate(n=Count("pk")):
            if each["below_id"] is not None:
                found.setdefault(each["below_id"], {})[standing] = each["n"]
    return [
        LinkTally(each, {standing: found.get(each.id, {}).get(standing, 0) for standing in COUNTED})
        for each in territory().children(area.id)
    ]
