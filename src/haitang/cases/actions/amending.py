"""What a case says is put right from a later file of the system that it came from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from haitang.cases import queries
from haitang.cases.actions.asking import answers_text, read_answers
from haitang.cases.actions.noting import note_on_case
from haitang.cases.facts import CaseAmended
from haitang.cases.queries.catalog import catalog
from haitang.cases.values import DESCRIPTION_LENGTH_MAX, PLACE_LENGTH_MAX, Permission
from haitang.core import access, search
from haitang.core.access import Actor


@transaction.atomic
def amend_case(
    *, actor: Actor, case_id: int, description: str, place: str, now: datetime,
    answers: Mapping[str, str | None] | None = None,
) -> Any:  # fmt: skip
    """
    Give the case the description and the place that its own system now has for it; tell whether anything changed.

    State, deadlines and history stay: what was done here stays done. "" keeps what the case has.
    answers: by the question's label, as they stand in a table.
    Raises CaseNotFound, NotAllowed (no REPORT over its area), Invalid (an answer).
    """
    case = queries.lock_case(case_id)
    access.require(actor, Permission.REPORT, area_path=case.area_path)
    given: dict[str, Any] = {
        "description": description.strip()[:DESCRIPTION_LENGTH_MAX],
        "place": place.strip()[:PLACE_LENGTH_MAX],
    }
    amended = [name for name, text in given.items() if text and text != getattr(case, name)]
    category = catalog().by_id.get(case.category_id) if case.category_id else None
    told = read_answers(category, answers or {})
    if told and any(case.answers.get(key) != answer for key, answer in told.items()):
        given["answers"] = {**case.answers, **told}
        amended.append("answers")
    if not amended:
        return False
    for name in amended:
        setattr(case, name, given[name])
    if "answers" in amended and case.form_version_id is None and category is not None:
        case.form_version_id = category.current.version_id
    case.save(update_fields=[*amended, "form_version"])
    words = (
        case.description, case.place, category.name if category else "", case.external_id, answers_text(case.answers)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET search = %s::tsvector WHERE id = %s",
            [search.vector(" ".join(filter(None, words))), case.pk],
        )
    note_on_case(actor=actor, fact=CaseAmended(case.pk, amended, case.external_source or ""), now=now, case=case)
    return True
