"""What the desk, the map and the figures show; read through the doors of the apps below."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.queries.boxes import count_overdue
from haitang.cases.queries.counting import By, CountRow, CountTable
from haitang.cases.queries.points import open_statuses
from haitang.cases.values import Channel
from haitang.cases.values import Permission as CasePermission
from haitang.command.values import Figures, Period, month_of
from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.people.queries.pages import list_notices
from haitang.territory.queries import territory
from haitang.territory.values import AreaNotFound, AreaRef, Kind
from haitang.worktime.queries import list_calendar_warnings
from haitang.worktime.values import Permission as WorktimePermission

MONTHS_FROM_DAYS = 92
"""A period of more days than this is shown by month."""

NOTICES_SHOWN = 5

OPEN_SINCE_DAYS = 366 * 5
"""How far back the counters are asked for cases still open: as far as they answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of figures. key: what narrows to it; "" where nothing does. finer: whether it can be opened further.

    period: of a day or month, itself; of anything else, that of the table.
    """

    key: str
    name: str
    figures: Figures
    period: Period
    finer: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of an area over a period, a row for each key in the order of codes, and their total."""

    area: AreaRef
    by: By
    period: Period
    rows: list[Row]
    total: Row
    by_month: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of an area for the desk. days: of this month up to today. overdue: see `count_overdue`."""

    area: AreaRef
    days: list[Row]
    today: Figures
    month: Figures
    overdue: int


def list_home_areas(viewer: Actor, permission: str = CasePermission.VIEW) -> list[AreaRef]:
    """Return the widest areas over which the viewer holds the permission, by width and code.

    Empty for those who hold it over an organization only. A grant over everywhere gives the roots.
    """
    tree = territory()
    paths = viewer.areas(permission)
    if EVERYWHERE in paths:
        return list(tree.children(None))
    widest = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    found = [tree.get(int(path.strip("/").rpartition("/")[2])) for path in widest]
    return sorted((area for area in found if area is not None), key=lambda area: (area.depth, area.code))


def pick_area(viewer: Actor, code: str, permission: str = CasePermission.VIEW) -> AreaRef | None:
    """Return the area of that code, or with "" the first of the viewer's own; None for those who have none.

    Raises AreaNotFound, NotAllowed for an area outside of the viewer's.
    """
    if not code:
        return next(iter(list_home_areas(viewer, permission)), None)
    area = territory().by_code(code)
    if area is None:
        raise AreaNotFound(_("没有编码为“%(code)s”的区域") % {"code": code[:40]})
    access.require(viewer, permission, area_path=area.path)
    return area


def near_name(area_id: int) -> str:
    """Return the names of an area and the one above: enough for those who work around there."""
    return " / ".join(territory().names(area_id)[-2:])


def list_crumbs(viewer: Actor, area: AreaRef, permission: str = CasePermission.VIEW) -> list[AreaRef]:
    """Return the areas from the widest that the viewer holds down to this one."""
    return [each for each in territory().chain(area.id) if viewer.holds(permission, area_path=each.path)]


def get_overview(*, viewer: Actor, area: AreaRef, now: datetime) -> Overview:
    """Return today's and this month's figures of an area, from the counters, in one read of them.

    Raises NotAllowed without VIEW over the area.
    """
    period = month_of(local_date(now))
    table = cases.count_cases(viewer=viewer, area=area, by=By.DAY, from_date=period.first, to_date=period.end)
    days = _by_day(table, period)
    overdue = count_overdue(viewer=viewer, area_path=area.path, now=now)
    return Overview(area, days, days[-1].figures, _figures(table.total), overdue)


def list_warnings(*, viewer: Actor, now: datetime) -> list[tuple[str, str]]:
    """Return what an administrator should see to, for those who may do it: a sentence, and the page's url name."""
    found: list[tuple[str, str]] = []
    if viewer.holds(WorktimePermission.MANAGE_CALENDARS):
        found += [(warning.text, "worktime:calendars") for warning in list_calendar_warnings(now)]
    if viewer.holds(CasePermission.MANAGE_ROUTING):
        found += [(fault, "cases:routes") for _rule, fault in cases.list_rule_problems()]
    return found


def list_latest_notices(viewer: Actor) -> list[tuple[str, datetime]]:
    """Return the viewer's latest unread notices, newest first: what it says, and when."""
    unread = [notice for notice in list_notices(viewer=viewer) if notice.read_at is None][:NOTICES_SHOWN]
    return [(_(notice.text).format_map(defaultdict(str, notice.parts)), notice.at) for notice in unread]


def count_open_below(*, viewer: Actor, area: AreaRef, now: datetime) -> list[tuple[AreaRef, int]]:
    """Return the areas directly below, by code, each with how many cases are open there now, by the counters.

    Buildings are no division of a grid and are left out; so are cases reported more than five years ago.
    Raises NotAllowed without VIEW over the area.
    """
    last = local_date(now)
    end = Period(last, last).end
    from_date = date.fromordinal(end.toordinal() - OPEN_SINCE_DAYS)
    table = cases.count_cases(viewer=viewer, area=area, by=By.AREA, from_date=from_date, to_date=end)
    open_ = {row.key: row.open for row in table.rows}
    divisions = [child for child in territory().children(area.id) if child.kind != Kind.BUILDING]
    return [(child, open_.get(child.code, 0)) for child in divisions]


def get_table(*, viewer: Actor, area: AreaRef, by: By, period: Period, category: str = "") -> Table:
    """Return the figures of an area with all below it over the period, by one dimension, in the order of codes.

    category: with `by` category, the code whose next level is shown; "" for the top. Periods of more than
    MONTHS_FROM_DAYS days are given by month. Raises NotAllowed, Invalid (a period), CategoryNotFound.
    """
    counted = cases.count_cases(viewer=viewer, area=area, by=by, from_date=period.first, to_date=period.end)
    total, by_month = counted.total, False
    if by is By.DAY:
        by_month = len(period.days) > MONTHS_FROM_DAYS
        rows = _by_month(counted, period) if by_month else _by_day(counted, period)
    elif by is By.CATEGORY:
        merged, finer = _by_category(counted, category)
        total = _sum("", counted.total.name, merged)
        rows = [Row(row.key, row.name, _figures(row), period, row.key in finer) for row in merged]
    else:
        rows = [
            Row(row.key, row.name, _figures(row), period, by is By.AREA and row.key != area.code)
            for row in _filled(counted)
        ]
    return Table(area, by, period, rows, Row("", total.name, _figures(total), period), by_month)


def _figures(row: CountRow) -> Figures:
    return Figures.of(row.measures, reported=row.reported, open_=row.open, done=row.closed)


def _sum(key: str, name: str, rows: list[CountRow]) -> CountRow:
    measures: Counter[str] = Counter()
    for row in rows:
        measures.update(row.measures)
    return CountRow(key, name, dict(measures))


def _by_day(counted: CountTable, period: Period) -> list[Row]:
    found = {row.key: row for row in counted.rows}
    empty = CountRow("", "", {})
    return [
        Row(day.isoformat(), day.isoformat(), _figures(found.get(day.isoformat(), empty)), Period(day, day))
        for day in period.days
    ]


def _by_month(counted: CountTable, period: Period) -> list[Row]:
    months: dict[str, list[CountRow]] = {day.isoformat()[:7]: [] for day in period.days}
    for row in counted.rows:
        months[row.key[:7]].append(row)
    spans: dict[str, list[date]] = {}
    for day in period.days:
        spans.setdefault(day.isoformat()[:7], []).append(day)
    return [
        Row(month, month, _figures(_sum(month, month, rows)), Period(spans[month][0], spans[month][-1]))
        for month, rows in months.items()
    ]


def _by_category(counted: CountTable, top_code: str) -> tuple[list[CountRow], set[str]]:
    """Return the rows of the next level below the category, leaves added up, and the codes that have a level below."""
    known = cases.catalog()
    top = known.category(top_code) if top_code else None
    level = len(top.ids) if top else 0
    groups: dict[str, list[CountRow]] = {}
    for category in known.categories:
        if category.is_active and category.parent_id == (top.id if top else None):
            groups[category.code] = []
    for row in counted.rows:
        own = known.by_code.get(row.key)
        if own is None:
            if top is None:
                groups.setdefault("", []).append(row)
        elif top is None or top.id in own.ids:
            shown = known.by_id[own.ids[min(level, len(own.ids) - 1)]]
            groups.setdefault(shown.code, []).append(row)
    names = {code: name_of(known.by_code[code]) if code else _("未分类") for code in groups}
    parents = {category.parent_id for category in known.categories}
    finer = {code for code in groups if code and code != top_code and known.by_code[code].id in parents}
    return [_sum(code, names[code], rows) for code, rows in sorted(groups.items())], finer


def _filled(counted: CountTable) -> list[CountRow]:
    """Return the rows, and one for whatever could have been counted and was not."""
    known: list[tuple[str, str]] = []
    if counted.by is By.AREA:
        below = territory().children(counted.area.id)
        known = [(child.code, child.name) for child in below if child.kind != Kind.BUILDING]
    elif counted.by is By.CHANNEL:
        known = [(value, str(label)) for value, label in Channel.choices]
    elif counted.by is By.STATUS:
        known = open_statuses()  # in the order of a case's life; what is over stands below
    found = {row.key: row for row in counted.rows}
    rows = [found.pop(key, CountRow(key, name, {})) for key, name in known]
    return [*rows, *found.values()]


def name_of(category: Any) -> str:
    """Return a category's name in the reader's language."""
    return category.name if (get_language() or "zh").startswith("zh") else category.name_en


def list_shown_categories() -> list[tuple[str, str]]:
    """Return the categories in use as choices, each indented by its depth, parents before what is below them."""
    known = cases.catalog()
    below: dict[int | None, list[Any]] = {}
    for category in known.categories:
        if category.is_active:
            below.setdefault(category.parent_id, []).append(category)
    choices: list[tuple[str, str]] = []

    def add(parent_id: int | None, depth: int) -> None:
        for category in below.get(parent_id, ()):
            choices.append((category.code, "\u3000" * depth + name_of(category)))
            add(category.id, depth + 1)

    add(None, 0)
    return choices
