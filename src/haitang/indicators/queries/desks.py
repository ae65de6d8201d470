"""What cases have put into the figures of the organizations on whose desks they lay (部门评价).

A deed counts for the organization that had the case then: what is sent to it, what it returns, what is found not done,
what the reporter says of it. A deadline counts for the organization that has the case now. So all of it follows from
cases and their history, and may be computed anew at any time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection

from haitang.cases import queries as cases
from haitang.cases.facts import DEED_OF, noted_facts
from haitang.cases.queries.due import due_measures
from haitang.cases.queries.measuring import counted_as, deed_measures
from haitang.cases.values import Permission as CasePermission
from haitang.core import access
from haitang.core.clock import local_date
from haitang.core.facts import from_data
from haitang.core.models import Entry
from haitang.indicators.models import DeskDay, DeskReach, DeskWaiting, Exclusion
from haitang.indicators.queries.sets import quantities
from haitang.indicators.values import ExclusionState
from haitang.territory.queries import territory
from haitang.territory.values import Kind

SENT, RETURNED = frozenset({"CaseDispatched", "CaseSettled"}), "CaseReturned"
EXCLUDED = "excluded"
_EVERY_CASE = access.system(
    "部门指标",
    *(
        access.Grant(permission, access.EVERYWHERE)
        for permission in (CasePermission.VIEW, CasePermission.VIEW_CONFIDENTIAL)
    ),
)
CountKey = tuple[int, int, date, str]
"""Organization, area, day, measure."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A row of DeskDay as it should stand."""

    case_id: int
    organization_id: int
    area_id: int
    day: date
    is_confidential: bool
    measures: dict[str, int]
    left_out: tuple[str, ...]

    @property
    def key(self) -> tuple[int, int, date]:
        """Return what there is one row of: case, organization, day."""
        return self.case_id, self.organization_id, self.day

    def changes(self, sign: int = 1) -> Iterator[tuple[CountKey, int]]:
        """Yield what it adds to the sums of every area that keeps them, or with sign -1 takes away."""
        sums = [
            (counted_as(name, self.is_confidential), sign * n)
            for measure, n in self.measures.items()
            for name in (measure, *(f"{EXCLUDED}:{code}:{measure}" for code in self.left_out))
        ]
        for area_id in _kept_areas(self.area_id):
            for measure, n in sums:
                yield (self.organization_id, area_id, self.day, measure), n


@cache
def desk_measures() -> frozenset[str]:
    """Return the measures that are counted for organizations."""
    return frozenset(measure for each in quantities().values() if each.by_desk for measure, _sign in each.counters)


def _kept_areas(area_id: int) -> list[int]:
    """Return the areas of the chain whose sums are kept: from the root down to the community."""
    tree = territory()
    return [each for each in tree.area(area_id).ids if Kind(tree.area(each).kind).level <= Kind.COMMUNITY.level]


def count_desk_days(case_ids: Iterable[int]) -> list[Counted]:
    """Return what these cases count for as they stand now; nothing for one that there is not. For actions and tests."""
    asked = list(case_ids)
    rows = cases.visible_cases(viewer=_EVERY_CASE).filter(pk__in=asked).only(
        "id", "area", "area_ids", "is_confidential", "status", "organization", "closed_at", "deadlines"
    )  # fmt: skip
    entries: dict[int, list[Entry]] = defaultdict(list)
    told = Entry.objects.filter(subject_type="case", subject_id__in=asked, fact__in=_telling())
    for entry in told.only("id", "fact", "subject_id", "data", "at").order_by("id"):
        entries[entry.subject_id].append(entry)
    left_out = {
        case_id: tuple(sets)
        for case_id, sets in Exclusion.objects.filter(case_id__in=asked, state=ExclusionState.APPROVED).values_list(
            "case_id", "sets"
        )
    }
    found = []
    for case in rows:
        days: dict[tuple[int, date], dict[str, int]] = defaultdict(dict)
        for (desk, day, measure), n in _by_desk(case, entries[case.pk]).items():
            if n:
                days[(desk, day)][measure] = n
        found += [
            Counted(case.pk, desk, case.area_id, day, case.is_confidential, measures, left_out.get(case.pk, ()))
            for (desk, day), measures in days.items()
        ]
    return found


def kept_desk_days(case_ids: Iterable[int]) -> list[tuple[int, Counted]]:
    """Return what is kept of these cases: (id of the row, the row). For actions and tests."""
    rows = DeskDay.objects.filter(case_id__in=list(case_ids))
    return [
        (row.pk, Counted(
            row.case_id, row.organization_id, row.area_id, row.day, row.is_confidential, row.measures,
            tuple(row.left_out),
        ))
        for row in rows
    ]  # fmt: skip


def _by_desk(case: Any, entries: list[Entry]) -> Counter[tuple[int, date, str]]:
    kept, found = desk_measures(), Counter[tuple[int, date, str]]()
    for entry, desk in _desks(case, entries):
        for day, measure, n in _entry_measures(entry):
            if measure in kept:
                found[(desk, day, measure)] += n
    if case.organization_id is not None:
        for day, measure in due_measures(case):
            if measure in kept:
                found[(case.organization_id, day, measure)] += 1
    return found


def _desks(case: Any, entries: list[Entry]) -> Iterator[tuple[Entry, int]]:
    """Yield the entries that were written while the case lay on a desk, each with the desk's organization.

    A case that was taken over from elsewhere, or ended along with another, lies where it lies without having been sent.
    """
    first = next((entry for entry in entries if entry.fact == RETURNED or entry.fact in SENT), None)
    desk = case.organization_id
    if first is not None:
        desk = first.data["organization_id"] if first.fact == RETURNED else None
    for entry in entries:
        if entry.fact in SENT:
            desk = entry.data["organization_id"]
        if desk:
            yield entry, desk
        if entry.fact == RETURNED:
            desk = None


def _entry_measures(entry: Entry) -> Iterator[tuple[date, str, int]]:
    data, deed = entry.data, DEED_OF.get(entry.fact)
    if deed is None:
        yield from from_data(noted_facts()[entry.fact], data).counts(entry.at)
        return
    for measure, n in deed_measures(deed, data["from_status"], data["to_status"], data["in_time"]):
        yield local_date(entry.at), measure, n


@cache
def _telling() -> list[str]:
    """Return the names of the facts that count anything."""
    return [*DEED_OF, *noted_facts()]


def list_waiting_cases(limit: int) -> list[int]:
    """Return the ids of cases that wait to be counted, the oldest first. For actions alone."""
    return list(DeskWaiting.objects.order_by("case_id").values_list("case_id", flat=True)[:limit])


def get_reach() -> DeskReach | None:
    """Return how far organizations' figures are counted; None before the first time."""
    return DeskReach.objects.first()


def counted_desks() -> dict[CountKey, int]:
    """Return the sums as kept by the day, without zeros, in the shape of `recount_desks`. For tests."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, area_id, start, measure, n FROM indicators_deskcount WHERE grain = 'd' AND n <> 0"
        )
        return {tuple(key): n for *key, n in cursor.fetchall()}  # type: ignore[misc]  # four columns


def recount_desks() -> dict[CountKey, int]:
    """Return the sums computed anew from all cases and their history. For tests; slow."""
    sums: Counter[CountKey] = Counter()
    for each in count_desk_days(cases.visible_cases(viewer=_EVERY_CASE).values_list("pk", flat=True)):
        for key, n in each.changes():
            sums[key] += n
    return {key: n for key, n in sums.items() if n}
