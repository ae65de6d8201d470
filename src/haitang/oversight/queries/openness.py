"""归零: what of a community is still unsolved, how it shrinks day by day, and why each matter stays open.

All from counters and indexes: how many came in and ended on a day, how many of a category and age are open now. The
line is walked backwards from what is open today, so that it ends in what the counters say.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.queries.cases import CaseFilter
from haitang.cases.queries.counting import DAYS_MAX, By, CountRow
from haitang.core import paging
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.oversight.models import Part, Request, Supervision
from haitang.oversight.values import State, Wish
from haitang.territory.values import AreaRef

AGES = (7, 30, 90)
"""Where bands of age end, in days: up to a week, a month, a quarter, and older."""
_IN = ("did:report", "did:reopen")
_OUT = ("did:close", "did:refuse", "did:void")


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day: what came in, what ended, what was open when it was over."""

    day: date
    came: int
    ended: int
    open: int


@dataclass(frozen=True, slots=True)
class AgeRow:
    """A category (code "" for none) and how many of it are open in each band of age, youngest first."""

    code: str
    name: str
    by_age: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return how many of the category are open."""
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Burndown:
    """What an area has open, and how it came to that."""

    area: AreaRef
    days: list[DayLine]
    rows: list[AgeRow]
    total: AgeRow


def burn_down(*, viewer: Actor, area: AreaRef, days: int, now: datetime) -> Burndown:
    """Return the area's unsolved matters over the last days (1 to 366), and by category and age as of now.

    Denunciations are among them if the viewer may see those of the area. Matters older than five years are left out.
    Raises NotAllowed without VIEW over the area.
    """
    today = local_date(now)
    tomorrow = today + timedelta(days=1)
    days = max(1, min(days, 366))
    edges = [tomorrow, *(tomorrow - timedelta(days=age) for age in AGES), tomorrow - timedelta(days=DAYS_MAX)]
    found: dict[str, tuple[str, list[int]]] = {}
    for band, (to_date, from_date) in enumerate(pairwise(edges)):
        table = cases.count_cases(viewer=viewer, area=area, by=By.CATEGORY, from_date=from_date, to_date=to_date)
        for row in table.rows:
            if row.open:
                found.setdefault(row.key, (row.name, [0] * (len(AGES) + 1)))[1][band] = row.open
    rows = [AgeRow(code, name, tuple(by_age)) for code, (name, by_age) in found.items()]
    rows.sort(key=lambda row: (-row.total, row.code))
    sums = tuple(sum(row.by_age[band] for row in rows) for band in range(len(AGES) + 1))
    total = AgeRow("", _("合计"), sums)
    from_date = tomorrow - timedelta(days=days)
    counted = cases.count_cases(viewer=viewer, area=area, by=By.DAY, from_date=from_date, to_date=tomorrow)
    by_day = {row.key: row for row in counted.rows}
    lines, still_open = [], total.total
    for back in range(days):
        day = today - timedelta(days=back)
        row = by_day.get(day.isoformat(), CountRow("", "", {}))
        came, ended = row.sum(*_IN), row.sum(*_OUT)
        lines.append(DayLine(day, came, ended, still_open))
        still_open = max(still_open - came + ended, 0)
    return Burndown(area, lines[::-1], rows, total)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a case is still open. parts: its open parts. pause: the standing pause, with its reason."""

    pause: Request | None
    supervision: Supervision | None
    parts: int


def list_unsolved(*, viewer: Actor, area: AreaRef, cursor: str = "", limit: int = 20, now: datetime) -> paging.Page:
    """Return a page of the area's open cases that the viewer may see, the oldest first, each with its reasons."""
    page = cases.list_open(viewer=viewer, wanted=CaseFilter(area_path=area.path), now=now, cursor=cursor, limit=limit)
    views = cases.describe(list(page.rows))
    ids = [view.case.pk for view in views]
    standing = Request.objects.filter(case_id__in=ids, wish=Wish.PAUSE, state=State.APPROVED, resumed_at__isnull=True)
    pauses = {row.case_id: row for row in standing}
    supervised = {row.case_id: row for row in Supervision.objects.filter(case_id__in=ids, closed_at__isnull=True)}
    parts: dict[int, int] = {}
    for parent_id in Part.objects.filter(parent_id__in=ids, child__stage__isnull=False).values_list(
        "parent_id", flat=True
    ):
        parts[parent_id] = parts.get(parent_id, 0) + 1
    rows = [
        (view, Reasons(pauses.get(view.case.pk), supervised.get(view.case.pk), parts.get(view.case.pk, 0)))
        for view in views
    ]
    return paging.Page(rows, page.total, page.total_is_more, page.previous, page.next)
