"""What apps above write down about a case, in its history and its counters, in their own transaction."""

from datetime import datetime

from django.db import transaction

from haitang.cases import queries
from haitang.cases.actions.counting import count
from haitang.cases.actions.moving import audience_of
from haitang.cases.facts import CaseNoted
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date


@transaction.atomic
def note_on_case(*, actor: Actor, fact: CaseNoted, now: datetime) -> int:
    """
    Write the fact down under its case, add its measures to the counters, tell open pages; return the entry's id.

    Locks the case. Whether the actor may do what the fact tells of is for the caller to have asked.
    Raises CaseNotFound.
    """
    case = queries.lock_case(fact.case_id)
    changes = [(local_date(now), measure, n) for measure, n in fact.measures()]
    if changes:
        count(
            area_ids=case.area_ids, category_id=case.category_id, channel=case.channel,
            is_confidential=case.is_confidential, changes=changes,
        )  # fmt: skip
    return history.record(actor=actor, fact=fact, at=now, audience=audience_of(case))
