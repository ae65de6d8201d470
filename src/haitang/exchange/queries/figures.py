"""The lists in numbers, each with the filter by which its rows are found."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from haitang.core.access import Actor
from haitang.exchange.lifecycle import AGREED, STANDING, Stage, Status
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries.agreements import AgreementFilter, filter_agreements
from haitang.exchange.queries.listed import ListFilter, filter_needs, filter_resources
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

_LISTED = ~Q(status__in=(Status.DRAFT, Status.DENIED))


@dataclass(frozen=True, slots=True)
class Tally:
    """The three lists in numbers. agreed: both sides have said yes, now or already delivered."""

    needs: int = 0
    needs_met: int = 0
    needs_unmet: int = 0
    resources: int = 0
    resources_unused: int = 0
    ordered: int = 0
    agreed: int = 0
    projects: int = 0
    delivered: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class AreaTally:
    """The numbers of one area."""

    area: AreaRef
    tally: Tally


_COUNTED: dict[str, tuple[type, Q]] = {
    "needs": (Need, _LISTED),
    "needs_met": (Need, Q(status=Status.MET)),
    "resources": (Resource, _LISTED),
    "ordered": (Agreement, Q()),
    "agreed": (Agreement, Q(stage__in=AGREED)),
    "projects": (Agreement, Q(project_id__isnull=False)),
    "delivered": (Agreement, Q(stage=Stage.DELIVERED)),
    "failed": (Agreement, ~Q(stage__in=STANDING)),
}
"""What is counted of which rows; the page links each to the list of the same rows."""


def tally(*, viewer: Actor, area_path: str = "", round_id: int | None = None) -> Tally:
    """Return the numbers of what the viewer may see in an area ("" for all), of a round or of everything."""
    return _sums(viewer, area_path, round_id, None).get(0, Tally())


def tally_by_area(*, viewer: Actor, area: AreaRef, round_id: int | None = None) -> list[AreaTally]:
    """Return the numbers of every area directly below one, in the order of their codes."""
    found = _sums(viewer, area.path, round_id, len(area.ids))
    return [AreaTally(each, found.get(each.id, Tally())) for each in territory().children(area.id)]


def _sums(viewer: Actor, area_path: str, round_id: int | None, depth: int | None) -> dict[int, Tally]:
    """Return the numbers by the id of the area at that depth; under 0 for all together where no depth is named."""
    wanted = ListFilter(area_path=area_path, round_id=round_id)
    rows: dict[type, Any] = {
        Need: filter_needs(viewer=viewer, wanted=wanted), Resource: filter_resources(viewer=viewer, wanted=wanted),
        Agreement: filter_agreements(
            viewer=viewer, wanted=AgreementFilter(area_path=area_path, round_id=round_id)
        ).select_related(None),
    }  # fmt: skip
    numbers: dict[int, dict[str, int]] = {}

    def count(found: Any, names: dict[str, Q]) -> None:
        counts = {name: Count("pk", filter=condition or None) for name, condition in names.items()}
        if depth is None:
            numbers.setdefault(0, {}).update(found.order_by().aggregate(**counts))
            return
        key = f"area_ids__{depth}"
        for each in found.order_by().values(below_id=F(key)).annotate(**counts):
            place = each.pop("below_id")
            if place is not None:
                numbers.setdefault(place, {}).update(each)

    for model, all_rows in rows.items():
        count(all_rows, {name: condition for name, (of, condition) in _COUNTED.items() if of is model})
    unmet = ListFilter(area_path=area_path, round_id=round_id, status="open", without_agreement=True)
    count(filter_needs(viewer=viewer, wanted=unmet), {"needs_unmet": Q()})
    count(filter_resources(viewer=viewer, wanted=unmet), {"resources_unused": Q()})
    return {place: Tally(**found) for place, found in numbers.items()}
