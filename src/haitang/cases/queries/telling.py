"""How much of a case's history is told: everything to the office, the office's answers to whoever reported it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from haitang.cases import policies
from haitang.cases.facts import noted_facts
from haitang.cases.models import Attachment, Case
from haitang.core import access, copying, history
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.core.privacy import mask_name
from haitang.core.scoping import path_of

OFFICE_ANSWERS = frozenset({"CaseAnswered", "CaseFedBack", "CaseRefused"})
ANSWERS = OFFICE_ANSWERS | {"CaseRated"}
"""The only facts whose words the reporter reads: the answers of the office, and what they wrote themselves."""
PASSED_OVER = frozenset({"PhotoAdded", "ReporterUnmasked", "DeadlineNear", "DeadlineMissed", "CaseReclassified"})
OWN = frozenset({"CaseReported", "CaseRated"})
RESULT = "after"
"""The purpose of the photos that the reporter is shown."""
_TOLD = frozenset({"from_status", "to_status", "organization_name", "solved", "score"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases that wait for the same deed of the same people: so many. case_id, number: of one of them.

    Stands for a case where policies ask who may act: as one that none of them reported.
    """

    status: str
    organization_id: int | None
    area_ids: list[int]
    is_confidential: bool
    case_id: int
    number: str
    n: int
    reported_by_id: None = None

    @property
    def area_path(self) -> str:
        """The path of their area, by which grants are asked."""
        return path_of(self.area_ids)


_WAITING = """
SELECT c.status, c.organization_id, c.area_ids, c.is_confidential,
    min(c.id), min(c.number), count(*)
FROM core_entry e JOIN cases_case c ON c.id = e.subject_id AND c.due_at = (e.data ->> 'due_at')::timestamptz
WHERE e.id = ANY(%s::bigint[]) GROUP BY 1, 2, 3, 4 ORDER BY 5
"""


def list_waiting(entry_ids: Iterable[int]) -> list[Waiting]:
    """Return the cases that these entries tell a deadline of, where it still holds, by whom they wait for. For jobs."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [copying.numbers(entry_ids)])
        return [Waiting(*row) for row in cursor.fetchall()]


def entries_for(viewer: Actor, case: Case) -> list[Entry]:
    """Return what the viewer may read of a case's history, oldest first; the caller has checked that they know of it.

    Whoever only reported it reads the steps without the names of staff and without opinions but the answers.
    """
    entries = history.timeline("case", case.pk)
    if access.allows(policies.check_may_read, viewer, case):
        by_residents = {name for name, kind in noted_facts().items() if kind.by_residents}
        return [_without_residents(entry, case, by_residents) for entry in entries]
    return [_without_the_inside(entry) for entry in entries if is_told(entry.fact)]


def _without_residents(entry: Entry, case: Case, by_residents: set[str]) -> Entry:
    """Return what the reporter or another resident did with their name in part only, as everywhere else on the case.

    by_residents: the facts that a resident's deed may have led to; a name without an office is theirs.
    """
    is_own = entry.fact in OWN and entry.actor_id == case.reported_by_id
    if entry.actor_id is not None and not entry.organization_name and (is_own or entry.fact in by_residents):
        entry.actor_name = mask_name(entry.actor_name)
    return entry


def is_told(fact: str) -> bool:
    """Tell whether the reporter hears of a fact of that name; of what apps above noted, only where they say so."""
    noted = noted_facts().get(fact)
    return fact not in PASSED_OVER and (noted is None or bool(noted.told))


def photos_for(viewer: Actor, case: Case) -> list[Attachment]:
    """Return the photos that the viewer may see, oldest first: all, or to a mere reporter the result and their own."""
    photos = Attachment.objects.filter(case_id=case.pk).order_by("id")
    if access.allows(policies.check_may_read, viewer, case):
        return list(photos)
    return list(photos.filter(Q(purpose=RESULT) | Q(added_by_id=viewer.id)))


def _without_the_inside(entry: Entry) -> Entry:
    told = _TOLD | {"opinion"} if entry.fact in ANSWERS else _TOLD
    entry.data = {key: value for key, value in entry.data.items() if key in told}
    if entry.fact not in OWN:
        entry.actor_name = ""
    return entry
