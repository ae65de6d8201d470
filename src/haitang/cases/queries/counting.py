"""Counts of cases: rollups plus what is not folded yet, in one statement, hence exact at every read.

Measures, each by day, area, category and channel:
    is:<status>      cases reported on the day that now stand in that state
    did:<deed>       deeds done on the day ("did:report" the reports themselves)
    did:close        cases closed, by force or not (did:force_close); solved_at:<level> where those not by force were
    in_time:<stage>  stages finished on the day within their deadline; late:<stage> past it
    self_handled     cases found and put in order in one step (即采即办); each is a "did:close" as well
    solved, unsolved, score   judgements given on the day, and the sum of their points
    due:…, due_in_time:…, due_late:…   by the day of the deadline, see queries.due

What comes of denunciations is counted under "confidential:" + measure, so that the figures of a grid do not tell
what its lists hide: they are added in only for a viewer who may see them.

What is kept, so that every question is short and the counters stay smaller than the cases:
    all        by day and month, for every area
    category, channel   by month for every area; by day and third of a month (旬) only for areas of BY_DAY_KINDS
    both       by day, at the case's own area alone: from it come the odd days of smaller areas, and the recount
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.cases.facts import DEED_OF, noted_facts
from haitang.cases.lifecycle import OPEN, STAGE_OF, Deed, Status
from haitang.cases.models import Case
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.due import due_by, due_measures
from haitang.cases.queries.spans import DAY, spans
from haitang.cases.values import Channel, Permission, Stage
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.core.models import Entry
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef, Kind

DAYS_MAX = 366 * 5
BY_DAY_KINDS = tuple(kind.value for kind in Kind if kind.level <= Kind.STREET.level)
"""Kinds of areas for which categories and channels are kept by the day: from the province down to the street."""
SELF_HANDLED = "self_handled"
_CONFIDENTIAL = "confidential:"
_OFF_THE_CLOCK = frozenset({Deed.RETURN, Deed.VOID, Deed.FORCE_CLOSE})
"""Deeds that leave a stage without having finished it: neither in time nor late."""


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
        key, delta_keys = "start::text", "ARRAY[day::text]"
    elif by is By.AREA:
        counted_areas += [child.id for child in territory().children(area.id)]
        key, delta_keys = "area_id::text", f"ARRAY[area_ids[{depth}]::text, area_ids[{depth + 1}]::text]"
    elif by is By.CATEGORY:
        dimension, key, delta_keys = "category", "value", "ARRAY[category_id::text]"
    elif by is By.CHANNEL:
        dimension, key, delta_keys = "channel", "value", "ARRAY[channel]"
    grains = "d" if by is By.DAY else "dm" if dimension == "all" else "dtm"
    whole: list[Any] = [counted_areas, dimension]
    days_key, days, days_of = key, _KEPT, whole
    if by in (By.CATEGORY, By.CHANNEL) and area.kind not in BY_DAY_KINDS:
        grains, days, days_of = "dm", _KEPT_BELOW, [f"{area.path}%"]
        days_key = f"split_part(value, '|', {1 if by is By.CATEGORY else 2})"
    selects: list[str] = []
    parameters: list[Any] = []
    wanted, asked = "", []
    if only is not None:
        wanted, asked = " AND measure = ANY(%s)", [[*(names := list(only)), *(_CONFIDENTIAL + each for each in names)]]
    for grain, first, last in spans(from_date, to_date, grains):
        at, where, whose = (days_key, days, days_of) if grain == DAY else (key, _KEPT, whole)
        selects.append(f"SELECT {at} AS key, measure, n {where} AND grain = %s AND start >= %s AND start < %s" + wanted)
        parameters += [*whose, grain, first, last, *asked]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT key, measure, sum(n) FROM (
                {" UNION ALL ".join(selects)}
                UNION ALL
                SELECT key, measure, n FROM cases_countdelta, unnest({delta_keys}) AS k(key)
                WHERE area_ids[{depth}] = %s AND day >= %s AND day < %s AND key IS NOT NULL{wanted}
            ) AS counted GROUP BY key, measure HAVING sum(n) <> 0
            """,  # noqa: S608 - fixed fragments and a whole number
            [*parameters, area.id, from_date, to_date, *asked],
        )
        found = cursor.fetchall()
    by_key: dict[str, Counter[str]] = {}
    is_trusted = viewer.holds(Permission.VIEW_CONFIDENTIAL, area_path=area.path)
    for row_key, measure, n in found:
        if is_trusted or not measure.startswith(_CONFIDENTIAL):
            by_key.setdefault(row_key, Counter())[measure.removeprefix(_CONFIDENTIAL)] += int(n)
    return _table(area, by, from_date, to_date, by_key)


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


def counted_as(measure: str, is_confidential: bool) -> str:
    """Return the measure under which something is kept: apart for denunciations."""
    return _CONFIDENTIAL + measure if is_confidential else measure


def deed_measures(
    deed: Deed,
    from_status: str,
    to_status: str,
    in_time: bool,
    *,
    is_solved: bool | None = None,
    score: int | None = None,
    level: str | None = None,
) -> list[tuple[str, int]]:
    """Return what one deed adds to the counters of its day, apart from the states themselves."""
    measures = [(f"did:{deed.value}", 1)]
    if deed is Deed.FORCE_CLOSE:
        measures.append((f"did:{Deed.CLOSE.value}", 1))
    if deed is Deed.SETTLE:
        measures = [(f"did:{Deed.CLOSE.value}", 1), (SELF_HANDLED, 1)]
    if level:
        measures.append((f"solved_at:{level}", 1))
    stage = STAGE_OF.get(Status(from_status))
    if stage is not None and stage is not STAGE_OF.get(Status(to_status)) and deed not in _OFF_THE_CLOCK:
        measures.append((f"{'in_time' if in_time else 'late'}:{stage.value}", 1))
    if is_solved is not None:
        measures.append(("solved" if is_solved else "unsolved", 1))
    if score is not None:
        measures.append(("score", score))
    return measures


def import_measures(reported_day: date, closed_at: datetime | None, in_time: bool | None) -> list[tuple[date, str]]:
    """Return what a case taken over from elsewhere adds to the counters of past days, apart from its state.

    in_time: whether it was closed by the time set there; None if it was not closed or no time was set.
    """
    measures = [(reported_day, "did:report")]
    if closed_at is not None:
        closed_day = local_date(closed_at)
        measures.append((closed_day, f"did:{Deed.CLOSE.value}"))
        if in_time is not None:
            measures.append((closed_day, f"{'in_time' if in_time else 'late'}:{Stage.HANDLE.value}"))
    return measures


CountKey = tuple[date, tuple[int, ...], int, str, str]


def recount() -> dict[CountKey, int]:
    """Return every counter computed anew from cases and history: what the counters must equal.

    Keys are (day, area_ids, category id or 0, channel, measure). For tests and `haitang verify-counters`; slow.
    """
    columns = (
        "id", "area_ids", "category_id", "channel", "reported_at", "is_confidential", "status", "organization_id",
        "closed_at", "deadlines",
    )  # fmt: skip
    cases = {}
    counted: Counter[CountKey] = Counter()
    for pk, area_ids, category_id, channel, reported_at, hidden, *standing in Case.objects.values_list(
        *columns
    ).iterator():
        areas, category, day = tuple(area_ids), category_id or 0, local_date(reported_at)
        cases[pk] = areas, category, channel, day, hidden
        for at_day, measure in ((day, f"is:{standing[0]}"), *due_by(*standing)):
            counted[(at_day, areas, category, channel, counted_as(measure, hidden))] += 1
    for entry in Entry.objects.filter(subject_type="case").iterator():
        areas, category, channel, day, hidden = cases[entry.subject_id]
        for at_day, measure, n in _entry_measures(entry, day):
            counted[(at_day, areas, category, channel, counted_as(measure, hidden))] += n
    return {key: n for key, n in counted.items() if n}


def counted() -> dict[CountKey, int]:
    """Return every counter as kept, folded and not, in the shape of `recount`."""
    areas = territory()
    found: Counter[CountKey] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT area_id, start, value, measure, n FROM cases_count WHERE dimension = 'both'")
        for area_id, start, value, measure, n in cursor.fetchall():
            category, channel = value.split("|")
            found[(start, areas.area(area_id).ids, int(category), channel, measure)] += n
        cursor.execute("SELECT day, area_ids, category_id, channel, measure, n FROM cases_countdelta")
        for day, area_ids, category, channel, measure, n in cursor.fetchall():
            found[(day, tuple(area_ids), category, channel, measure)] += n
    return {key: n for key, n in found.items() if n}


def case_measures(case: Case) -> list[tuple[date, str, int]]:
    """Return what one case and its whole history have put into the counters: (day, measure, n).

    For moving them when the case's area or category is put right.
    """
    day = local_date(case.reported_at)
    measures = [(day, f"is:{case.status}", 1), *((due, measure, 1) for due, measure in due_measures(case))]
    for entry in Entry.objects.filter(subject_type="case", subject_id=case.pk):
        measures += _entry_measures(entry, day)
    return measures


def _entry_measures(entry: Entry, reported_day: date) -> Iterator[tuple[date, str, int]]:
    if entry.fact == "CaseReported":
        yield reported_day, "did:report", 1
        return
    if entry.fact == "CaseImported":
        closed_at = entry.data["closed_at"]
        closed = datetime.fromisoformat(closed_at) if closed_at else None
        for day, measure in import_measures(reported_day, closed, entry.data["in_time"]):
            yield day, measure, 1
        return
    if (noted := noted_facts().get(entry.fact)) is not None:
        yield from noted(**entry.data).counts(entry.at)
        return
    deed = DEED_OF.get(entry.fact)
    if deed is None:
        return
    data, day = entry.data, local_date(entry.at)
    for measure, n in deed_measures(
        deed, data["from_status"], data["to_status"], data["in_time"],
        is_solved=data.get("solved"), score=data.get("score"), level=data.get("level"),
    ):  # fmt: skip
        yield day, measure, n


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
