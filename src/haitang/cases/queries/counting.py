"""Counts of cases: rollups plus what is not folded yet, in one statement, hence exact at every read.

Measures, each by day, area, category and channel:
    is:<status>      cases reported on the day that now stand in that state
    did:<deed>       deeds done on the day ("did:report" the reports themselves)
    did:close        cases closed, by force or not (did:force_close); solved_at:<level> where those not by force were
    in_time:<stage>  stages finished on the day within their deadline; late:<stage> past it
    registered_in_time   put on file on the day within the deadline of acceptance (按时立案)
    self_handled     cases found and put in order in one step (即采即办); each is a "did:close" as well
    solved, unsolved, score   judgements given on the day, and the sum of their points
    due:…, due_in_time:…, due_late:…   by the day of the deadline, see queries.due

What comes of denunciations is counted under "confidential:" + measure, so that the figures of a grid do not tell
what its lists hide: they are added in only for a viewer who may see them.

What is kept, so that every question is short and the counters stay smaller than the cases:
    all        by day and month, for every area
    category, channel   by month for every area, categories, of which there are many, by quarter too; by day and third
               of a month (旬) only for areas of BY_DAY_KINDS
    both       by day, at the case's own area alone: from it come the odd days of smaller areas, and the recount
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.cases.lifecycle import OPEN, Deed, Status
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.measuring import CONFIDENTIAL
from haitang.cases.queries.spans import DAY, THIRD, spans
from haitang.cases.values import Channel, Permission, Stage
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef, Kind

DAYS_MAX = 366 * 5
BY_DAY_KINDS = tuple(kind.value for kind in Kind if kind.level <= Kind.STREET.level)
"""Kinds of areas for which categories and channels are kept by the day: from the province down to the street."""
ORDINARY = (
    *(f"is:{status.value}" for status in Status),
    "did:report",
    *(f"did:{deed.value}" for deed in Deed),
    *(f"{how}:{stage.value}" for how in ("in_time", "late") for stage in Stage),
    "solved", "unsolved", "score",
)  # fmt: skip
"""The measures that tables print: states, deeds, deadlines kept, judgements."""


class By(TextChoices):
    """What a table of counts has a row for."""

    DAY = "day", _("日期")
    AREA = "area", _("区域")
    CATEGORY = "category", _("类别")
    CHANNEL = "channel", _("来源")
    STATUS = "status", _("状态")


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row: its key, its name for reading, and every measure that is not zero."""

    key: str
    name: str
    measures: dict[str, int]

    def sum(self, *measures: str) -> int:
        """Return the sum of the named measures."""
        return sum(self.measures.get(measure, 0) for measure in measures)

    @property
    def reported(self) -> int:
        """Cases reported in the period, whatever became of them."""
        return sum(n for measure, n in self.measures.items() if measure.startswith("is:"))

    @property
    def open(self) -> int:
        """Of the cases reported in the period, those that still wait for a deed."""
        return self.sum(*(f"is:{status.value}" for status in OPEN))

    @property
    def closed(self) -> int:
        """Of the cases reported in the period, those closed by now."""
        return self.sum(f"is:{Status.CLOSED.value}", f"is:{Status.RATED.value}")


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of an area over [from_date, to_date)."""

    area: AreaRef
    by: By
    from_date: date
    to_date: date
    rows: list[CountRow]
    total: CountRow


_GRAINS = {"all": "dm", "category": "dtmq", "channel": "dtm"}
_KEPT = "FROM cases_count WHERE area_id = ANY(%s) AND dimension = %s"
_KEPT_BELOW = (
    "FROM cases_count "
    "WHERE area_id = ANY(ARRAY(SELECT id FROM territory_area WHERE path LIKE %s)) AND dimension = 'both'"
)


def count_cases(
    *, viewer: Actor, area: AreaRef, by: By, from_date: date, to_date: date, only: Iterable[str] | None = None
) -> CountTable:
    """Return the counts of an area with all below it over the days [from_date, to_date), by one dimension.

    only: the measures wanted, None for all of them; fewer are read faster.
    Denunciations are among them if the viewer holds VIEW_CONFIDENTIAL over the area.
    Raises NotAllowed without VIEW over the area, Invalid for an empty period or one of over five years.
    """
    access.require(viewer, Permission.VIEW, area_path=area.path)
    if not timedelta() < to_date - from_date <= timedelta(days=DAYS_MAX):
        raise Invalid(gettext("统计期间应为一天至五年，且结束日期不早于开始日期"))
    depth = len(area.ids)
    counted_areas = [area.id]
    dimension, key, delta_keys = "all", "''", "ARRAY['']"
    if by is By.DAY:
        key, delta_keys = "start", "ARRAY[day]"
    elif by is By.AREA:
        counted_areas += [child.id for child in territory().children(area.id)]
        key, delta_keys = "area_id", f"ARRAY[area_ids[{depth}], area_ids[{depth + 1}]]"
    elif by is By.CATEGORY:
        dimension, key, delta_keys = "category", "value", "ARRAY[category_id::text]"
    elif by is By.CHANNEL:
        dimension, key, delta_keys = "channel", "value", "ARRAY[channel]"
    grains = "d" if by is By.DAY else _GRAINS[dimension]
    whole: list[Any] = [counted_areas, dimension]
    days_key, days, days_of = key, _KEPT, whole
    if by in (By.CATEGORY, By.CHANNEL) and area.kind not in BY_DAY_KINDS:
        grains, days, days_of = grains.replace(THIRD, ""), _KEPT_BELOW, [f"{area.path}%"]
        days_key = f"split_part(value, '|', {1 if by is By.CATEGORY else 2})"
    selects: list[str] = []
    parameters: list[Any] = []
    for span in spans(from_date, to_date, grains):
        at, where, whose = (days_key, days, days_of) if span.grain == DAY else (key, _KEPT, whole)
        selects.append(
            f"SELECT {at}::text, {span.sign}, counts::text {where} AND grain = %s AND start >= %s AND start < %s"
        )
        parameters += [*whose, span.grain, span.first, span.last]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {" UNION ALL ".join(selects)}
            UNION ALL
            SELECT key::text, 1, json_object_agg(measure, n)::text FROM (
                SELECT key, measure, sum(n) AS n FROM cases_countdelta, unnest({delta_keys}) AS k(key)
                WHERE area_ids[{depth}] = %s AND day >= %s AND day < %s AND key IS NOT NULL GROUP BY key, measure
            ) AS fresh GROUP BY key
            """,  # noqa: S608 - fixed fragments and a whole number
            [*parameters, area.id, from_date, to_date],
        )
        by_key = _added_up(
            cursor.fetchall(), _Names(only, viewer.holds(Permission.VIEW_CONFIDENTIAL, area_path=area.path))
        )
    return _table(area, by, from_date, to_date, by_key)


class _Names(dict[str, str]):
    """Under which name a measure as kept is shown; "" for one that is not asked for or that the viewer may not know."""

    def __init__(self, only: Iterable[str] | None, is_trusted: bool) -> None:
        super().__init__()
        self.only, self.is_trusted = None if only is None else frozenset(only), is_trusted

    def __missing__(self, kept: str) -> str:
        name = kept.removeprefix(CONFIDENTIAL)
        is_shown = (self.only is None or name in self.only) and (self.is_trusted or name == kept)
        self[kept] = name if is_shown else ""
        return self[kept]


def _added_up(rows: Iterable[tuple[str, int, str]], names: _Names) -> dict[str, Counter[str]]:
    """Return (key, sign, counts as JSON) added up by key: every measure shown that is not zero, no key without one."""
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for key, sign, counts in rows:
        sums = by_key[key]
        for kept, n in json.loads(counts).items():
            if name := names[kept]:
                sums[name] = sums.get(name, 0) + sign * n
    shown = {key: Counter({name: n for name, n in sums.items() if n}) for key, sums in by_key.items()}
    return {key: sums for key, sums in shown.items() if sums}


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What everybody may know of a month: None stands for fewer than `smallest`, from which somebody could be guessed.

    month: its first day. reported, closed: reports that came in, and cases closed, so far this month.
    """

    month: date
    reported: int | None
    closed: int | None
    smallest: int


def count_public(*, now: datetime) -> PublicFigures | None:
    """Return this month's figures of the whole city for everybody; None before there is a territory.

    Numbers below the setting `public_count_min` are held back.
    """
    roots = territory().children(None)
    if not roots or not catalog().settings:
        return None
    smallest = catalog().setting("public_count_min")
    today = local_date(now)
    month = today.replace(day=1)
    seen = (Permission.VIEW, Permission.VIEW_CONFIDENTIAL)
    city = access.system("公开数据", *(access.Grant(permission, access.EVERYWHERE) for permission in seen))
    sums: Counter[str] = Counter()
    for root in roots:
        table = count_cases(viewer=city, area=root, by=By.STATUS, from_date=month, to_date=today + timedelta(days=1))
        sums.update(table.total.measures)

    def shown(measure: str) -> int | None:
        return sums[measure] if sums[measure] >= smallest else None

    return PublicFigures(month, shown("did:report"), shown(f"did:{Deed.CLOSE.value}"), smallest)


def _table(area: AreaRef, by: By, from_date: date, to_date: date, by_key: dict[str, Counter[str]]) -> CountTable:
    areas, known = territory(), catalog()
    if by is By.AREA:
        total = by_key.get(str(area.id), Counter())
        rest = Counter(total)
        for key, measures in by_key.items():
            if key != str(area.id):
                rest.subtract(measures)
        by_key[str(area.id)] = Counter({measure: n for measure, n in rest.items() if n})
    else:
        total = Counter()
        for measures in by_key.values():
            for measure, n in measures.items():
                total[measure] += n
    if by is By.STATUS:
        by_key = {
            status.value: Counter({f"is:{status.value}": total[f"is:{status.value}"]})
            for status in Status
            if total[f"is:{status.value}"]
        }
    rows = []
    for key, measures in by_key.items():
        if not measures:
            continue
        if by is By.AREA:
            ref = areas.area(int(key))
            name = ref.name if ref.id != area.id else gettext("未细分区域")
            rows.append(CountRow(ref.code, name, dict(measures)))
        elif by is By.CATEGORY:
            category = known.by_id.get(int(key))
            rows.append(
                CountRow(
                    category.code if category else "", category.name if category else gettext("未分类"), dict(measures)
                )
            )
        elif by is By.CHANNEL:
            rows.append(CountRow(key, str(Channel(key).label), dict(measures)))
        elif by is By.STATUS:
            rows.append(CountRow(key, str(Status(key).label), dict(measures)))
        else:
            rows.append(CountRow(key, key, dict(measures)))
    rows.sort(key=lambda row: row.key)
    return CountTable(area, by, from_date, to_date, rows, CountRow("", gettext("合计"), dict(total)))
