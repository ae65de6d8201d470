"""The boxes of a desk: what waits for me (待办), what I have done (已办), what I started (我发起), what is overdue."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q

from haitang.cases.lifecycle import DESK_DEEDS, MOVES, NEXT_DEED, Status
from haitang.cases.models import Case
from haitang.cases.models.case import CaseQuerySet, below
from haitang.cases.queries.cases import PAGE_ROWS_DEFAULT, TOTAL_MAX, CaseFilter, filter_cases, page_of
from haitang.cases.queries.catalog import catalog
from haitang.core import clock, paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.territory.queries import territory
from haitang.territory.values import Kind as AreaKind

TODO_COUNT_MAX = 99
OVERDUE_COUNT_MAX = 1000
"""Being overdue depends on the clock, so no counter holds it: the rows are counted by index, and so far only."""


def _waiting_for(viewer: Actor) -> CaseQuerySet:
    """Return the visible cases whose next deed the viewer may do."""
    waiting = Q(pk__in=[])
    for status, deed in NEXT_DEED.items():
        permission = MOVES[deed].permission
        paths = viewer.areas(permission)
        scope = _climbed(paths) if status is Status.VERIFYING else below(paths)
        if deed in DESK_DEEDS and viewer.organization_id is not None:
            scope &= Q(organization_id=viewer.organization_id)
        desks = viewer.organizations(permission)
        if desks:
            scope |= Q(organization_id__in=desks)
        waiting |= Q(status=status.value) & scope
    # Every open case has a deadline: said so, the small index over deadlines is read instead of a whole area's.
    return Case.objects.visible_to(viewer).filter(waiting, due_at__isnull=False)


def _climbed(paths: frozenset[str]) -> Q:
    """Return which unverified reports of these areas wait for who holds them: at once those of the very area (a grid
    worker's grid), those of the areas within it once nobody there has looked for as long as the setting says.
    """
    areas, after_minutes, now = territory(), catalog().setting("verify_climbs_minutes"), clock.now()
    waiting = Q(pk__in=[])
    for path in paths:
        own = areas.get(int(path.rstrip("/").rpartition("/")[2] or 0))
        if own is not None and own.kind == AreaKind.GRID:
            waiting |= below(frozenset({path}))
            continue
        level = "community" if own is not None and own.kind == AreaKind.COMMUNITY else "above"
        late = Q(reported_at__lt=now - timedelta(minutes=after_minutes[level]))
        waiting |= below(frozenset({path})) & (late | Q(area_id=own.id) if own is not None else late)
    return waiting


def list_todo(*, viewer: Actor, cursor: str = "", limit: int = PAGE_ROWS_DEFAULT) -> paging.Page:
    """Return a page of the cases that wait for a deed of the viewer's, the one due first on top."""
    waiting = _waiting_for(viewer).select_related("warning").defer("search", "query_code")
    return page_by_instant(
        waiting, instant="due_at", cursor=cursor, limit=limit,
        total_max=TODO_COUNT_MAX, newest_first=False,
    )  # fmt: skip


def list_chosen(*, viewer: Actor, case_ids: Iterable[int]) -> list[Case]:
    """Return those of the cases that the viewer may see, in the order of the ids."""
    wanted = list(dict.fromkeys(case_ids))
    found = Case.objects.visible_to(viewer).defer("search", "query_code").in_bulk(wanted)
    return [found[case_id] for case_id in wanted if case_id in found]


def find_imported(source: str, external_ids: Iterable[str]) -> dict[str, int]:
    """Return the ids of the cases that came from that system under these numbers, by number. For actions."""
    rows = Case.objects.filter(external_source=source, external_id__in=list(external_ids))
    return {number: pk for number, pk in rows.values_list("external_id", "pk") if number}


def list_in_hand(*, account_id: int) -> list[Case]:
    """Return the open cases that the account signed for, the one due first on top. For actions and jobs."""
    rows = Case.objects.open().filter(handler_id=account_id).defer("search", "query_code")
    return list(rows.order_by("due_at", "id"))


def count_todo(*, viewer: Actor) -> int:
    """Return how many cases wait for the viewer, counted up to one more than TODO_COUNT_MAX."""
    return _waiting_for(viewer).order_by()[: TODO_COUNT_MAX + 1].count()


def count_todo_overdue(*, viewer: Actor, now: datetime) -> int:
    """Return how many cases that wait for the viewer are overdue, counted up to one more than TODO_COUNT_MAX."""
    return _waiting_for(viewer).filter(due_at__lt=now).order_by()[: TODO_COUNT_MAX + 1].count()


def count_overdue(*, viewer: Actor, area_path: str = "", now: datetime) -> int:
    """Return how many visible cases of an area are overdue, counted up to one more than OVERDUE_COUNT_MAX.

    area_path: an area with all below it, "" for all that the viewer may see.
    """
    rows = Case.objects.visible_to(viewer).filter(due_at__lt=now)
    if area_path:
        rows = rows.below(area_path)
    return rows.order_by()[: OVERDUE_COUNT_MAX + 1].count()


def list_mine(*, viewer: Actor, cursor: str = "", limit: int = PAGE_ROWS_DEFAULT) -> paging.Page:
    """Return a page of the cases that the viewer's account reported or entered, newest first."""
    rows = Case.objects.filter(reported_by_id=viewer.id if viewer.id is not None else -1)
    return page_of(rows, cursor=cursor, limit=limit)


def list_done(*, viewer: Actor, cursor: str = "", limit: int = PAGE_ROWS_DEFAULT) -> paging.Page[tuple[Entry, Case]]:
    """Return a page of the viewer's own deeds with their cases as far as still visible, newest first.

    Pages lead onwards only; one may be shorter than limit. Raises Invalid for a cursor that is none.
    """
    entries = Entry.objects.filter(actor_id=viewer.id if viewer.id is not None else -1, subject_type="case")
    if cursor:
        entries = entries.filter(id__lt=paging.decode(cursor, int)[0])
    deeds = list(entries.order_by("-id")[: limit + 1])
    more, deeds = len(deeds) > limit, deeds[:limit]
    seen = Case.objects.visible_to(viewer).defer("search", "query_code")
    cases = seen.in_bulk([entry.subject_id for entry in deeds])
    rows = [(entry, cases[entry.subject_id]) for entry in deeds if entry.subject_id in cases]
    return paging.Page(rows, next=paging.encode(deeds[-1].pk) if more else "")


def list_open(
    *, viewer: Actor, wanted: CaseFilter, now: datetime, cursor: str = "", limit: int = PAGE_ROWS_DEFAULT
) -> paging.Page:
    """Return a page of the open cases that the viewer may see and the filter asks for, the oldest report first."""
    rows = filter_cases(viewer=viewer, wanted=replace(wanted, statuses=()), now=now).filter(stage__isnull=False)
    return page_by_instant(
        rows.defer("search", "query_code"), instant="reported_at", cursor=cursor, limit=limit, total_max=TOTAL_MAX,
        newest_first=False,
    )  # fmt: skip
