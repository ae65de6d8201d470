"""What anybody may know of cases through an open interface: which matter, about where, how it stands.

In whose words, by whom and where exactly is for the account that reported it alone (`is_own`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from haitang.cases.models import Attachment, Case
from haitang.cases.models.case import CaseQuerySet
from haitang.cases.queries.catalog import CategoryRef, catalog
from haitang.cases.queries.telling import RESULT
from haitang.core.access import Actor
from haitang.core.keyset import cursor_after, page_by_instant
from haitang.core.paging import Page
from haitang.territory.queries import territory
from haitang.territory.values import LEVELS, AreaRef
from haitang.territory.values import Kind as AreaKind


@dataclass(frozen=True, slots=True)
class PublishedFilter:
    """What a list of published cases is narrowed by; empty fields narrow nothing.

    from_at, to_at: reported within, both included; aware instants. changed_after: something was done to it since, what
    came after its end left out. category_ids: of these; hidden_ids: of none of these. is_open: waits for a deed.
    areas: lies in one of these very areas, not below. area_path: lies in this one or below.
    """

    from_at: datetime
    to_at: datetime
    changed_after: datetime | None = None
    category_ids: tuple[int, ...] | None = None
    hidden_ids: tuple[int, ...] = ()
    is_open: bool | None = None
    areas: tuple[AreaRef, ...] | None = None
    area_path: str = ""


def list_published(*, wanted: PublishedFilter, limit: int, cursor: str = "", skipped: int = 0) -> Page[Case]:
    """Return a page of the cases that anybody may know of, newest report first: no denunciation, none without class.

    cursor: from an earlier page, "" for the first; skipped: so many rows are passed over instead, which costs the more
    the more they are. Raises Invalid for a cursor that is none.
    """
    rows = _narrowed(wanted).defer("search", "query_code")
    if skipped:
        last = rows.order_by("-reported_at", "-id").values_list("reported_at", "pk")[skipped - 1 : skipped].first()
        if last is None:
            return Page([])
        cursor = cursor_after(*last)
    return page_by_instant(rows, instant="reported_at", cursor=cursor, limit=limit)


def find_published(*, viewer: Actor, numbers: Sequence[str], hidden_ids: Sequence[int] = ()) -> list[Case]:
    """Return the cases with these numbers that anybody may know of, or that the viewer's account reported, as asked."""
    rows = Case.objects.filter(number__in=numbers, category_id__isnull=False).defer("search", "query_code")
    found = {
        case.number: case
        for case in rows
        if is_own(viewer, case) or not (case.is_confidential or case.category_id in hidden_ids)
    }
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


@dataclass(frozen=True, slots=True)
class Outline:
    """What may be said of a case without a word about a person. category: None where none is known yet.

    area: no building, but the grid around it. is_open: waits for a deed.
    """

    number: str
    category: CategoryRef | None
    area: AreaRef
    status: str
    is_open: bool
    is_confidential: bool


def list_outlines(case_ids: Iterable[int]) -> dict[int, Outline]:
    """Return what may be said of these cases, denunciations among them: whoever asks leaves those out. For jobs."""
    known = catalog().by_id
    rows = Case.objects.filter(pk__in=set(case_ids)).values_list(
        "pk", "number", "category_id", "area_id", "status", "stage", "is_confidential"
    )
    return {
        pk: Outline(number, known.get(category_id), told_area(area_id), status, stage is not None, is_confidential)
        for pk, number, category_id, area_id, status, stage, is_confidential in rows
    }


def told_area(area_id: int) -> AreaRef:
    """Return the area in which a case is told to lie: no building, but the grid around it."""
    chain = territory().chain(area_id)
    return next((area for area in reversed(chain) if area.level <= LEVELS[AreaKind.GRID]), chain[0])


def is_own(viewer: Actor, case: Case) -> bool:
    """Tell whether the viewer's account reported the case, and therefore reads its words."""
    return viewer.id is not None and case.reported_by_id == viewer.id


def first_photos(*, viewer: Actor, cases: Iterable[Case]) -> dict[int, int]:
    """Return the first photo's id by case, of those of the viewer's own cases that a reporter is shown."""
    own = [case.pk for case in cases if is_own(viewer, case)]
    if not own:
        return {}
    seen = Attachment.objects.filter(Q(purpose=RESULT) | Q(added_by_id=viewer.id), case_id__in=own)
    return dict(seen.order_by("case_id", "id").distinct("case_id").values_list("case_id", "pk"))


def _narrowed(wanted: PublishedFilter) -> CaseQuerySet:
    rows = Case.objects.filter(
        is_confidential=False, category_id__isnull=False, reported_at__gte=wanted.from_at, reported_at__lte=wanted.to_at
    )
    if wanted.is_open is not None:
        rows = rows.filter(stage__isnull=not wanted.is_open)
    if wanted.category_ids is not None:
        rows = rows.filter(category_id__in=set(wanted.category_ids).difference(wanted.hidden_ids))
    elif wanted.hidden_ids:
        rows = rows.exclude(category_id__in=wanted.hidden_ids)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.areas is not None:
        rows = rows.filter(_in_areas(wanted.areas))
    if wanted.changed_after is not None:
        rows = rows.filter(
            Q(closed_at__isnull=True) | Q(closed_at__gt=wanted.changed_after), changed_at__gt=wanted.changed_after
        )
    return rows


def _in_areas(areas: Iterable[AreaRef]) -> Q:
    """Return the condition of lying in one of the areas, by the index of each of their depths."""
    by_depth: dict[int, list[int]] = {}
    for area in areas:
        by_depth.setdefault(area.depth, []).append(area.id)
    inside = Q(pk__in=[])
    for depth, ids in by_depth.items():
        inside |= Q(**{f"area_ids__{depth - 1}__in": ids}, area_id__in=ids)
    return inside
