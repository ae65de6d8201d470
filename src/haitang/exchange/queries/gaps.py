"""Demand that nobody met, and supply that nobody asked for: how long already, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from haitang.core import paging
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.keyset import page_by_instant
from haitang.exchange.lifecycle import FAILED, OPEN, STANDING
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries.listed import EntryView, ListFilter, describe_entries, filter_needs, filter_resources
from haitang.exchange.queries.matching import fits
from haitang.exchange.values import Gap

PAGE_ROWS = 50
TOTAL_MAX = 10_000
LOOKED_AT_MAX = 10_000


@dataclass(frozen=True, slots=True)
class GapLine:
    """An entry that nothing has come of. days: since it was published. why: of Gap.

    candidates: how many fit it and are free. full: how many fit it, but have no capacity left, or are served already.
    failed: orders that came to nothing. last_reason: of the latest of these that the viewer may see.
    """

    view: EntryView
    days: int
    why: Gap
    candidates: int
    full: int
    failed: int
    last_reason: str


def _wanted(wanted: ListFilter) -> ListFilter:
    return ListFilter(
        status="open", category_id=wanted.category_id, area_path=wanted.area_path, round_id=wanted.round_id,
        organization_id=wanted.organization_id, without_agreement=True, text=wanted.text,
    )  # fmt: skip


def list_unmet(*, viewer: Actor, wanted: ListFilter, now: datetime, cursor: str = "") -> paging.Page:
    """Return a page of published needs that no agreement stands for, as GapLines, the longest waiting first."""
    rows = filter_needs(viewer=viewer, wanted=_wanted(wanted))
    page = _page(rows, cursor)
    resources = list(Resource.objects.filter(status__in=OPEN).order_by("pk")[:LOOKED_AT_MAX])
    found = fits(page.rows, resources, local_date(now))
    free = {each.pk for each in resources if each.left > 0}
    counted: dict[int, list[int]] = {}
    for need_id, resource_id in found:
        counted.setdefault(need_id, []).append(resource_id)
    failed = _failed(viewer, "need_id", page.rows)
    return _lines(page, counted, free, failed, local_date(now), Gap.CAPACITY)


def list_unused(*, viewer: Actor, wanted: ListFilter, now: datetime, cursor: str = "") -> paging.Page:
    """Return a page of published resources that no agreement stands for, as GapLines, the longest waiting first."""
    rows = filter_resources(viewer=viewer, wanted=_wanted(wanted))
    page = _page(rows, cursor)
    needs = list(Need.objects.filter(status__in=OPEN).order_by("pk")[:LOOKED_AT_MAX])
    found = fits(needs, page.rows, local_date(now))
    counted: dict[int, list[int]] = {}
    for need_id, resource_id in found:
        counted.setdefault(resource_id, []).append(need_id)
    failed = _failed(viewer, "resource_id", page.rows)
    served = set(Agreement.objects.filter(stage__in=STANDING, need__in=needs).values_list("need_id", flat=True))
    free = {each.pk for each in needs} - served
    return _lines(page, counted, free, failed, local_date(now), Gap.SERVED)


def _page(rows: Any, cursor: str) -> paging.Page:
    return page_by_instant(
        rows, instant="entered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX, newest_first=False
    )


def _failed(viewer: Actor, key: str, rows: Sequence[Any]) -> dict[int, tuple[int, str]]:
    """Return by entry how many agreements came to nothing, and why the latest that the viewer may see did."""
    ended = Agreement.objects.filter(Q(stage__in=FAILED), **{f"{key}__in": [row.pk for row in rows]})
    counts = dict(ended.values(key).annotate(n=Count("pk")).values_list(key, "n").order_by())
    latest = dict(ended.visible_to(viewer).order_by("pk").values_list(key, "reason"))
    return {pk: (count, latest.get(pk, "")) for pk, count in counts.items()}


def _lines(
    page: paging.Page, fitting: dict[int, list[int]], free: set[int], failed: dict[int, tuple[int, str]], today: date,
    taken: Gap,
) -> paging.Page:  # fmt: skip
    """Return the page's rows as GapLines. taken: what it is called where all that fits is taken."""
    lines = []
    for view in describe_entries(page.rows):
        all_fitting = fitting.get(view.row.pk, [])
        candidates = sum(each in free for each in all_fitting)
        count, reason = failed.get(view.row.pk, (0, ""))
        if count:
            why = Gap.DECLINED
        elif candidates:
            why = Gap.OPEN
        else:
            why = taken if all_fitting else Gap.NO_CANDIDATE
        since = view.row.published_on or local_date(view.row.entered_at)
        lines.append(GapLine(view, (today - since).days, why, candidates, len(all_fitting) - candidates, count, reason))
    return paging.Page(lines, page.total, page.total_is_more, page.previous, page.next)
