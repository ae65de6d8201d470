"""Requests to leave cases out of the figures."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.cases import CaseView, filter_cases
from haitang.cases.queries.measuring import case_measures
from haitang.core import access, paging
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.core.keyset import page_by_instant
from haitang.core.scoping import below
from haitang.indicators import policies
from haitang.indicators.models import Evidence, Exclusion
from haitang.indicators.values import ExclusionNotFound, ExclusionState, Permission

PAGE_ROWS = 20
TOTAL_MAX = 1000
BADGE_MAX = 99
_EXCLUDED = "excluded:"


@dataclass(frozen=True, slots=True)
class ExclusionView:
    """A request with its case. may_review: whether the viewer may decide on it; may_undo: whether they may undo it.

    photos: ids of what shows why.
    """

    exclusion: Exclusion
    view: CaseView
    may_review: bool = False
    may_undo: bool = False
    photos: tuple[int, ...] = ()


def measures_of(case: Any) -> list[str]:
    """Return what a case has put into the counters, as lines "day|measure|n", without what exclusions put there."""
    sums: dict[tuple[str, str], int] = {}
    for day, measure, n in case_measures(case):
        if not measure.startswith(_EXCLUDED):
            key = day.isoformat(), measure
            sums[key] = sums.get(key, 0) + n
    return [f"{day}|{measure}|{n}" for (day, measure), n in sorted(sums.items()) if n]


def lock_exclusion(exclusion_id: int) -> Exclusion:
    """Return the request, its row locked; raise ExclusionNotFound. For actions, after they have locked the case."""
    found = Exclusion.objects.select_for_update(no_key=True).filter(pk=exclusion_id).first()
    if found is None:
        raise ExclusionNotFound(_("没有这项剔除申请"))
    return found


def exclusions_behind(limit: int) -> list[tuple[int, int]]:
    """Return the approved exclusions whose case has gone on since: (case id, exclusion id). For the job alone."""
    rows = Exclusion.objects.filter(state=ExclusionState.APPROVED, case__changed_at__gt=F("counted_at"))
    return list(rows.order_by("id").values_list("case_id", "pk")[:limit])


def live_exclusions(case_id: int) -> list[int]:
    """Return the ids of a case's approved exclusions: at most one. For jobs alone."""
    return list(Exclusion.objects.filter(case_id=case_id, state=ExclusionState.APPROVED).values_list("pk", flat=True))


def _visible(viewer: Actor, now: datetime) -> QuerySet[Exclusion]:
    scope = Q(pk__in=[])
    for permission in (Permission.REQUEST, Permission.REVIEW):
        scope |= below(viewer.areas(permission), "case__area_ids")
        if desks := viewer.organizations(permission):
            scope |= Q(case__organization_id__in=desks)
    seen = filter_cases(viewer=viewer, wanted=CaseFilter(), now=now)
    return _with_cases().filter(scope, case__in=seen.values("pk"))


def _with_cases() -> QuerySet[Exclusion]:
    return Exclusion.objects.select_related("case").defer("case__search", "case__query_code")


def list_exclusions(
    *, viewer: Actor, state: str, now: datetime, cursor: str = "", limit: int = PAGE_ROWS
) -> paging.Page[ExclusionView]:
    """Return a page of the requests that the viewer may know of, the latest first. state: of ExclusionState, "" all.

    Raises Invalid for a cursor that is none.
    """
    rows = _visible(viewer, now)
    if state:
        rows = rows.filter(state=state)
    page = page_by_instant(rows, instant="requested_at", cursor=cursor, limit=limit, total_max=TOTAL_MAX)
    return paging.Page(_described(viewer, page.rows), page.total, page.total_is_more, page.previous, page.next)


def count_requested(*, viewer: Actor, now: datetime) -> int:
    """Return how many requests of others wait for the viewer's decision, counted up to one more than BADGE_MAX."""
    if not viewer.holds(Permission.REVIEW):
        return 0
    waiting = _visible(viewer, now).filter(state=ExclusionState.REQUESTED).exclude(requested_by_id=viewer.id)
    return waiting.order_by()[: BADGE_MAX + 1].count()


def get_exclusion(*, viewer: Actor, exclusion_id: int) -> ExclusionView:
    """Return one request; raise ExclusionNotFound where there is none, or the viewer may not know of it."""
    found = _with_cases().filter(pk=exclusion_id).first()
    if found is None or not _may_know(viewer, found.case):
        raise ExclusionNotFound(_("没有这项剔除申请"))
    photos = tuple(found.photos.order_by("id").values_list("pk", flat=True))
    return replace(_described(viewer, [found])[0], photos=photos)


def get_evidence(*, viewer: Actor, exclusion_id: int, photo_id: int) -> Evidence:
    """Return a photo of a request that the viewer may know of; raise ExclusionNotFound, NotFound."""
    get_exclusion(viewer=viewer, exclusion_id=exclusion_id)
    found = Evidence.objects.filter(exclusion_id=exclusion_id, pk=photo_id).first()
    if found is None:
        raise NotFound(_("没有这张照片"))
    return found


def list_exclusions_of(*, viewer: Actor, case: Any) -> list[Exclusion]:
    """Return the requests about a case that the viewer is being shown, in order; none without REQUEST or REVIEW."""
    if not any(
        access.allows(policies.check_can, viewer, each, case) for each in (Permission.REQUEST, Permission.REVIEW)
    ):
        return []
    return list(Exclusion.objects.filter(case_id=case.pk).order_by("id"))


def may_ask(*, viewer: Actor, case: Any) -> bool:
    """Tell whether the viewer may ask that the case be left out, as far as its area goes."""
    return access.allows(policies.check_can, viewer, Permission.REQUEST, case)


def _may_know(viewer: Actor, case: Any) -> bool:
    try:
        cases.get_case(viewer=viewer, case_id=case.pk)
    except NotFound:
        return False
    return any(
        access.allows(policies.check_can, viewer, each, case) for each in (Permission.REQUEST, Permission.REVIEW)
    )


def _described(viewer: Actor, rows: Any) -> list[ExclusionView]:
    views = {view.case.pk: view for view in cases.describe([row.case for row in rows])}
    found = []
    for row in rows:
        reviews = access.allows(policies.check_can, viewer, Permission.REVIEW, row.case)
        found.append(ExclusionView(
            row, views[row.case_id],
            reviews and row.state == ExclusionState.REQUESTED and row.requested_by_id != viewer.id,
            reviews and row.state == ExclusionState.APPROVED,
        ))  # fmt: skip
    return found
