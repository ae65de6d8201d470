"""Indicators of organizations over a period (部门评价): the table, how a figure came about, and the cases behind it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.queries.cases import CaseView
from haitang.cases.queries.measuring import CONFIDENTIAL
from haitang.cases.queries.spans import spans
from haitang.cases.values import Permission as CasePermission
from haitang.core import access, paging
from haitang.core.access import Actor
from haitang.core.errors import Invalid, NotFound
from haitang.core.keyset import page_by_instant
from haitang.core.scoping import below
from haitang.indicators.models import DeskDay
from haitang.indicators.queries.desks import desk_measures, get_reach
from haitang.indicators.queries.sets import quantities, version_on
from haitang.indicators.queries.tables import (
    Counts,
    Explained,
    counted_before,
    explained,
    figures_of,
    last_counted,
    spans_of,
)
from haitang.indicators.values import Formulas, Period, Permission, compute
from haitang.indicators.values.formulas import Value
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

GRAINS = "dtm"
DAYS_MAX = 366 * 5
PAGE_ROWS = 20
TOTAL_MAX = 1000
_KEPT = (
    "SELECT organization_id, measure, %s * n AS n FROM indicators_deskcount "
    "WHERE area_id = ANY(%s) AND grain = %s AND start >= %s AND start < %s AND measure = ANY(%s)"
)
_SUMS = (
    "SELECT organization_id, measure, sum(n)::int FROM (KEPT) AS kept "
    "GROUP BY organization_id, measure HAVING sum(n) <> 0"
)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One organization's indicators, in the order of the set: exact values and as printed."""

    organization: OrganizationRef
    quantities: dict[str, Value]
    values: dict[str, Value]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class DeskTable:
    """The indicators of organizations over a period, by their codes: never in the order of a figure.

    area: whose cases are counted, with all below it; None for those of the viewer's own organizations, wherever.
    formulas: the set with what can be told of an organization. counted_at: up to when all deeds are counted; None
    before anything is. until: as of tables.Table.
    """

    area: AreaRef | None
    formulas: Formulas
    valid_from: date | None
    period: Period
    until: date
    rows: list[DeskRow]
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskCase:
    """A case behind a figure. n: how often it is counted. left_out: the set does not count it (剔除)."""

    view: CaseView
    n: int
    left_out: bool


@dataclass(frozen=True, slots=True)
class _Scope:
    """What of the sums the viewer is told. desks: None for every organization; trusted: whose denunciations too."""

    areas: list[AreaRef]
    desks: frozenset[int] | None
    trusted: frozenset[int] | None


def get_desk_table(
    *, viewer: Actor, area: AreaRef | None, set_code: str, period: Period, now: datetime, kind: str = ""
) -> DeskTable:
    """Return the indicators of the organizations that had cases of the area, by the formulas in force when it began.

    area: None for the viewer's own organizations, over which they hold VIEW. kind: of organizations, "" all.
    Denunciations are counted for those who may know of them. Raises SetNotFound, NotAllowed (no VIEW of indicators and
    of cases over the area or an organization), Invalid (a period of over five years).
    """
    scope = _scope(viewer, area)
    version = version_on(set_code, period.first)
    formulas = version.formulas.of_desks(quantities())
    rows = []
    for desk_id, counts in _counts(scope, formulas, period, now).items():
        organization = organizations().by_id(desk_id)
        if organization is None or (kind and organization.kind != kind):
            continue
        known = figures_of(None, formulas, counts, {})
        values = compute(formulas.indicators, known)
        texts = {each.code: each.text(values[each.code]) for each in formulas.indicators}
        rows.append(DeskRow(organization, known, values, texts))
    rows.sort(key=lambda row: row.organization.code)
    reach = get_reach()
    return DeskTable(
        area, formulas, version.valid_from, period, last_counted(period, now), rows, reach.counted_at if reach else None
    )  # fmt: skip


def explain_desk(
    *, viewer: Actor, area: AreaRef | None, organization: OrganizationRef, set_code: str, indicator: str,
    period: Period, now: datetime,
) -> Explained | None:  # fmt: skip
    """Return how one figure of an organization came about; None for what the set does not tell of organizations.

    Raises as `get_desk_table` does.
    """
    scope = _scope(viewer, area, organization)
    formulas = version_on(set_code, period.first).formulas.of_desks(quantities())
    chosen = formulas.by_code.get(indicator)
    if chosen is None:
        return None
    counts = _counts(scope, formulas, period, now).get(organization.id, {})
    return explained(area, formulas, chosen, counts, {}, period, now)


def list_desk_cases(
    *, viewer: Actor, area: AreaRef | None, organization: OrganizationRef, set_code: str, measure: str, period: Period,
    now: datetime, cursor: str = "",
) -> paging.Page[DeskCase]:  # fmt: skip
    """Return a page of the cases that an organization's figure counts, those that the viewer may see, latest first.

    measure: one that is counted for organizations; what is counted by its deadline, for days that are over.
    Raises as `get_desk_table` does, NotFound for another measure, Invalid for a cursor that is none.
    """
    _scope(viewer, area, organization)
    formulas = version_on(set_code, period.first).formulas
    if measure not in desk_measures():
        raise NotFound(_("没有这项计数"))
    days = DeskDay.objects.filter(
        organization_id=organization.id, measures__has_key=measure, day__gte=period.first,
        day__lt=counted_before(measure, period, now),
    )  # fmt: skip
    rows = cases.visible_cases(viewer=viewer).filter(pk__in=days.values("case_id"))
    if area is not None:
        rows = rows.filter(below({area.path}))
    page = page_by_instant(
        rows.defer("search"), instant="reported_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX
    )
    times: dict[int, int] = defaultdict(int)
    out = set()
    for day in days.filter(case_id__in=[case.pk for case in page.rows]):
        times[day.case_id] += day.measures[measure]
        if formulas.code in day.left_out:
            out.add(day.case_id)
    lines = [DeskCase(view, times[view.case.pk], view.case.pk in out) for view in cases.describe(list(page.rows))]
    return paging.Page(lines, page.total, page.total_is_more, page.previous, page.next)


def list_own_desks(viewer: Actor) -> list[OrganizationRef]:
    """Return the organizations whose indicators the viewer may see as those of the own, by code."""
    ids = viewer.organizations(Permission.VIEW) & viewer.organizations(CasePermission.VIEW)
    found = [organization for each in ids if (organization := organizations().by_id(each)) is not None]
    return sorted(found, key=lambda each: each.code)


def pick_desk(code: str) -> OrganizationRef:
    """Return the organization of that code; raise NotFound. Whether the viewer may see its figures is asked later."""
    found = organizations().by_code(code)
    if found is None:
        raise NotFound(_("没有这个单位"))
    return found


def _scope(viewer: Actor, area: AreaRef | None, organization: OrganizationRef | None = None) -> _Scope:
    if area is not None:
        for permission in (Permission.VIEW, CasePermission.VIEW):
            access.require(viewer, permission, area_path=area.path)
        trusts_all = viewer.holds(CasePermission.VIEW_CONFIDENTIAL, area_path=area.path)
        return _Scope([area], None, None if trusts_all else viewer.organizations(CasePermission.VIEW_CONFIDENTIAL))
    own = frozenset(each.id for each in list_own_desks(viewer))
    if organization is not None or not own:
        for permission in (Permission.VIEW, CasePermission.VIEW):
            access.require(viewer, permission, organization_id=organization.id if organization else 0)
    return _Scope(list(territory().children(None)), own, viewer.organizations(CasePermission.VIEW_CONFIDENTIAL))


def _counts(scope: _Scope, formulas: Formulas, period: Period, now: datetime) -> dict[int, Counts]:
    """Return the counters by organization."""
    if period.last - period.first >= timedelta(days=DAYS_MAX):
        raise Invalid(_("统计期间应为一天至五年，且结束日期不早于开始日期"))
    found: dict[int, Counts] = defaultdict(lambda: defaultdict(int))
    for measures, end in spans_of(formulas, period, now):
        wanted = [*measures, *(CONFIDENTIAL + each for each in measures)]
        for desk_id, measure, n in _sums(scope, wanted, period.first, end):
            if not measure.startswith(CONFIDENTIAL):
                found[desk_id][measure] += n
            elif scope.trusted is None or desk_id in scope.trusted:
                found[desk_id][measure.removeprefix(CONFIDENTIAL)] += n
    return {desk_id: dict(counts) for desk_id, counts in found.items() if any(counts.values())}


def _sums(scope: _Scope, measures: list[str], first: date, end: date) -> Iterable[tuple[int, str, int]]:
    selects: list[str] = []
    parameters: list[Any] = []
    for span in spans(first, end, GRAINS):
        selects.append(_KEPT if scope.desks is None else f"{_KEPT} AND organization_id = ANY(%s)")
        parameters += [span.sign, [area.id for area in scope.areas], span.grain, span.first, span.last, measures]
        if scope.desks is not None:
            parameters.append(list(scope.desks))
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.replace("KEPT", " UNION ALL ".join(selects)), parameters)
        return cursor.fetchall()
