"""What a case says is put right from a later file of the system that it came from."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from haitang.cases import policies, queries
from haitang.cases.actions.noting import note_on_case
from haitang.cases.facts import CaseAmended
from haitang.cases.queries.catalog import catalog
from haitang.cases.values import DESCRIPTION_LENGTH_MAX, PLACE_LENGTH_MAX, Permission
from haitang.core import access, search
from haitang.core.access import Actor


@transaction.atomic
def amend_case(*, actor: Actor, case_id: int, description: str, place: str, now: datetime) -> Any:
    """
    Give the case the description and the place that its own system now has for it; tell whether anything changed.

    State, deadlines and history stay: what was done here stays done. "" keeps what the case has.
    Raises CaseNotFound, NotAllowed (no REPORT over its area).
    """
    case = queries.lock_case(case_id)
    access.require(actor, Permission.REPORT, area_path=policies.path_of(case))
    given = {"description": description.strip()[:DESCRIPTION_LENGTH_MAX], "place": place.strip()[:PLACE_LENGTH_MAX]}
    amended = [name for name, text in given.items() if text and text != getattr(case, name)]
    if not amended:
        return False
    for name in amended:
        setattr(case, name, given[name])
    case.save(update_fields=amended)
    category = catalog().by_id.get(case.category_id) if case.category_id else None
    words = (case.description, case.place, category.name if category else "", case.external_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET search = %s::tsvector WHERE id = %s",
            [search.vector(" ".join(filter(None, words))), case.pk],
        )
    note_on_case(actor=actor, fact=CaseAmended(case.pk, amended, case.external_source or ""), now=now, case=case)
    return True
