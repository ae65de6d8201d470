"""Reads of single cases and lists of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.cases import policies
from haitang.cases.lifecycle import STAGE_OF, Deed, deeds_from
from haitang.cases.models import Attachment, Case, Reporter
from haitang.cases.models.case import CaseQuerySet
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.telling import entries_for, photos_for
from haitang.cases.values import CaseNotFound, Mark, id_in_number
from haitang.core import access, copying, crypto, paging, search
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.privacy import mask_name, mask_phone
from haitang.core.rows import Statement
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

PAGE_ROWS_DEFAULT = 20
PAGE_ROWS_MAX = 200
TOTAL_MAX = 1000
"""Past so many rows the total of a list is told as "more than": counting further would read the table."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed by; empty fields narrow nothing.

    area_path: an area with all below it. category: a category's code with all below it.
    from_at, to_at: reported within [from_at, to_at), aware instants. q: words, or a case's number.
    mark, unmarked: with that mark, and without that one (values.Mark). priority: that one and above.
    by_priority: the highest priority first, of the open cases unless states are named.
    """

    area_path: str = ""
    statuses: tuple[str, ...] = ()
    category: str = ""
    channel: str = ""
    kind: str = ""
    organization_id: int | None = None
    overdue: bool | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    q: str = ""
    mark: str = ""
    unmarked: str = ""
    priority: int = 0
    by_priority: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with the names that stand for its ids, for pages and the API.

    reporter_name, reporter_phone: masked, always.
    """

    case: Case
    area: AreaRef | None
    area_name: str
    category: Any
    organization: OrganizationRef | None
    reporter_name: str = ""
    reporter_phone: str = ""


def get_case(*, viewer: Actor, case_id: int) -> Case:
    """Return one case; raise CaseNotFound if there is none or the viewer may not know of it."""
    case = Case.objects.defer("search").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound(_("没有这个案件"))
    policies.check_may_know(viewer, case)
    return case


def get_case_by_number(*, number: str, query_code: str) -> Case | None:
    """Return the case with that number and query code, or None; the caller limits the rate of guesses."""
    case = Case.objects.defer("search").numbered(number).first()
    return case if case is not None and case.query_code == query_code else None


_LOCK = Statement(Case, "WHERE id = %s FOR NO KEY UPDATE", without=("search",))


def lock_case(case_id: int) -> Case:
    """Return the case's row locked until the transaction ends; raise CaseNotFound. For actions only."""
    case = _LOCK.first(case_id)
    if case is None:
        raise CaseNotFound(_("没有这个案件"))
    return case


def lock_by(named: str) -> Callable[[int], Case | None]:
    """Return a function that locks the case which an app above knows by an id of its own; None where there is none.

    named: SELECT of the case's id, with %s for that id; trusted text, about what never changes. One statement instead
    of two, where a deed begins.
    """
    statement = Statement(Case, f"WHERE id = ({named}) FOR NO KEY UPDATE", without=("search",))
    return lambda key: statement.first(key)


def lock_cases(case_ids: Iterable[int]) -> dict[int, Case]:
    """Return the cases that there are by id, locked in the order of their ids. For actions only."""
    rows = Case.objects.only("id", "area_ids", "category_id", "channel", "is_confidential", "organization_id", "status")
    locked = rows.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(case_ids)).order_by("pk")
    return {case.pk: case for case in locked}


class CaseKey(NamedTuple):
    """Of a case, what its history and its counters are kept by. area_path: as of its area."""

    id: int
    area_path: str
    category_id: int | None
    channel: str
    is_confidential: bool
    organization_id: int | None


KEY = (
    "c.id, '/' || array_to_string(c.area_ids, '/') || '/', c.category_id, c.channel, c.is_confidential, "
    "c.organization_id"
)
"""The columns of a CaseKey, of cases_case c."""


def lock_keys(case_ids: Iterable[int]) -> dict[int, CaseKey]:
    """Lock the cases that there are, in the order of their ids, without reading more of them than that. For actions.

    A case to a row: a tenth of what `lock_cases` costs, for deeds that touch very many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {KEY} FROM cases_case c WHERE c.id = ANY(%s::bigint[]) ORDER BY c.id "  # noqa: S608 a constant
            "FOR NO KEY UPDATE",
            [copying.numbers(set(case_ids))],
        )
        return {row[0]: CaseKey(*row) for row in cursor.fetchall()}


def lock_cases_whole(case_ids: Iterable[int]) -> dict[int, Case]:
    """Return the cases that there are by id with all their columns, locked as by `lock_cases`. For actions only."""
    rows = Case.objects.defer("search").select_for_update(no_key=True, of=("self",)).filter(pk__in=set(case_ids))
    return {case.pk: case for case in rows.order_by("pk")}


def visible_cases(*, viewer: Actor) -> CaseQuerySet:
    """Return all cases that the viewer may see, for apps above to narrow their own rows by (`case__in=…`)."""
    return Case.objects.visible_to(viewer)


def deputy_may_know(deputy: Actor, subject_type: str, subject_id: int | None) -> bool:
    """Tell whether a deputy may hear of the case that a notice is about. Joins people.values.DEPUTY_MAY_KNOW."""
    return subject_type != "case" or visible_cases(viewer=deputy).filter(pk=subject_id or 0).exists()


def lock_free_cases(case_ids: Iterable[int]) -> list[Case]:
    """Return the rows of those cases that nobody else holds, locked until the transaction ends. For actions only."""
    rows = Case.objects.defer("search").select_for_update(no_key=True, of=("self",), skip_locked=True)
    return list(rows.filter(pk__in=list(case_ids)).order_by("pk"))


def describe(cases: list[Case], *, with_reporter: bool = False) -> list[CaseView]:
    """Return the cases with their names; one query for all reporters where asked, none otherwise."""
    areas, desks, known = territory(), organizations(), catalog()
    reporters = {}
    if with_reporter:
        reporters = {row.case_id: row for row in Reporter.objects.filter(case_id__in=[case.pk for case in cases])}
    views = []
    for case in cases:
        reporter = reporters.get(case.pk)
        desk_id = case.organization_id or case.routed_to_id
        name = crypto.open_(reporter.name_sealed, "reporter.name") if reporter and reporter.name_sealed else ""
        phone = crypto.open_(reporter.phone_sealed, "reporter.phone") if reporter and reporter.phone_sealed else ""
        views.append(
            CaseView(
                case=case,
                area=areas.get(case.area_id),
                area_name=areas.full_name(case.area_id),
                category=known.by_id.get(case.category_id) if case.category_id else None,
                organization=desks.by_id(desk_id),
                reporter_name=mask_name(name),
                reporter_phone=mask_phone(phone),
            )
        )
    return views


def filter_cases(*, viewer: Actor, wanted: CaseFilter, now: datetime) -> CaseQuerySet:
    """Return the cases that the viewer may see and the filter asks for, in no order."""
    rows = Case.objects.visible_to(viewer)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if set(wanted.statuses) == {status.value for status in STAGE_OF}:
        rows = rows.filter(stage__isnull=False)  # the same, and the index of open cases is known to hold them
    elif len(wanted.statuses) == 1:
        rows = rows.filter(status=wanted.statuses[0])
    elif wanted.statuses:
        rows = rows.filter(status__in=wanted.statuses)
    if wanted.category:
        ids = catalog().below(wanted.category)
        rows = rows.filter(category_id=ids[0]) if len(ids) == 1 else rows.filter(category_id__in=ids)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.organization_id is not None:
        rows = rows.filter(organization_id=wanted.organization_id)
    if wanted.overdue is True:
        rows = rows.filter(stage__isnull=False, due_at__lt=now)
    elif wanted.overdue is False:
        rows = rows.filter(Q(due_at__isnull=True) | Q(due_at__gte=now))
    if wanted.from_at is not None:
        rows = rows.filter(reported_at__gte=wanted.from_at)
    if wanted.to_at is not None:
        rows = rows.filter(reported_at__lt=wanted.to_at)
    if wanted.mark:
        rows = rows.filter(~Q(marks=[]), marks__contains=[wanted.mark])  # the small index of the marked ones
    if wanted.unmarked:
        rows = rows.exclude(marks__contains=[wanted.unmarked])
    if wanted.priority:
        rows = rows.filter(priority__gt=0, priority__gte=wanted.priority)
    if wanted.by_priority and not wanted.statuses:
        rows = rows.filter(stage__isnull=False)
    if wanted.q.strip():
        asked = search.query(wanted.q)
        number = wanted.q.strip()
        numbered = id_in_number(number)
        if asked and numbered is not None:
            either = rows.extra(
                where=["(search @@ %s::tsquery OR cases_case.id = %s AND number = %s)"],
                params=[asked, numbered, number],
            )
            rows = cast("CaseQuerySet", either)
        elif asked:
            rows = cast("CaseQuerySet", rows.extra(where=["search @@ %s::tsquery"], params=[asked]))
        else:
            rows = rows.numbered(number)
    return rows


def list_cases(
    *, viewer: Actor, wanted: CaseFilter, now: datetime, cursor: str = "", limit: int = PAGE_ROWS_DEFAULT
) -> paging.Page:
    """Return a page of cases, newest report first unless asked by priority, with a total that is exact up to TOTAL_MAX.

    limit: 1 to PAGE_ROWS_MAX rows. cursor: from an earlier page, "" for the first.
    Raises Invalid for a cursor that is none.
    """
    limit = max(1, min(limit, PAGE_ROWS_MAX))
    rows = filter_cases(viewer=viewer, wanted=wanted, now=now)
    return page_of(rows, cursor=cursor, limit=limit, by_priority=wanted.by_priority)


def page_of(rows: CaseQuerySet, *, cursor: str, limit: int, by_priority: bool = False) -> paging.Page:
    """Return one keyset page of the rows, newest report first; see `list_cases`."""
    return page_by_instant(
        rows.defer("search", "query_code"), instant="reported_at", cursor=cursor, limit=limit, total_max=TOTAL_MAX,
        rank="priority" if by_priority else "",
    )  # fmt: skip


def list_timeline(*, viewer: Actor, case_id: int) -> list[Entry]:
    """Return what the viewer may read of a case's history, oldest first; raise CaseNotFound as `get_case` does."""
    return entries_for(viewer, get_case(viewer=viewer, case_id=case_id))


def number_of(case_id: int) -> str:
    """Return a case's number, or "" if there is none. For use with the query code only: it tells nothing else."""
    return Case.objects.filter(pk=case_id).values_list("number", flat=True).first() or ""


def list_photos(*, viewer: Actor, case_id: int) -> list[Attachment]:
    """Return the photos that the viewer may see, oldest first; raise CaseNotFound as `get_case` does."""
    return photos_for(viewer, get_case(viewer=viewer, case_id=case_id))


def possible_deeds(*, viewer: Actor, case: Case) -> list[Deed]:
    """Return the deeds that the viewer may do to the case as it stands, the expected one first.

    None for a case that goes along with another while its clock rests: everything is done to the main case.
    """
    if Mark.JOINED.value in case.marks and case.stage is not None and case.due_at is None:
        return []
    deeds = [deed for deed in deeds_from(case.status) if deed is not Deed.RATE]
    return [deed for deed in deeds if access.allows(policies.check_can, viewer, deed, case)]


def get_case_for_job(case_id: int) -> Case | None:
    """Return a case as it stands, or None. For jobs only, which tell others of it and show nobody anything."""
    return Case.objects.defer("search").filter(pk=case_id).first()
