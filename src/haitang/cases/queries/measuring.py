"""What a case, its deeds and its deadlines put into the counters, and every counter computed anew from them.

The measures are named in `queries.counting`.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection

from haitang.cases.facts import DEED_OF, noted_facts
from haitang.cases.lifecycle import STAGE_OF, Deed, Status
from haitang.cases.models import Case
from haitang.cases.queries.due import due_by, due_measures
from haitang.cases.values import Stage
from haitang.core.clock import local_date
from haitang.core.facts import from_data
from haitang.core.models import Entry
from haitang.territory.queries import territory

SELF_HANDLED = "self_handled"
REGISTERED_IN_TIME = "registered_in_time"
CONFIDENTIAL = "confidential:"
_OFF_THE_CLOCK = frozenset({Deed.RETURN, Deed.VOID, Deed.FORCE_CLOSE})
"""Deeds that leave a stage without having finished it: neither in time nor late."""


def counted_as(measure: str, is_confidential: bool) -> str:
    """Return the measure under which something is kept: apart for denunciations."""
    return CONFIDENTIAL + measure if is_confidential else measure


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
    if deed is Deed.REGISTER and in_time:
        measures.append((REGISTERED_IN_TIME, 1))
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
        cursor.execute(
            "SELECT area_id, start, value, measure, n::int "
            "FROM cases_count, jsonb_each_text(counts) AS c(measure, n) WHERE dimension = 'both'"
        )
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
        yield from from_data(noted, entry.data).counts(entry.at)
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
