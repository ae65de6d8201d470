"""What apps above write down about a case, in its history and its counters, in their own transaction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction

from haitang.cases import policies, queries
from haitang.cases.actions.counting import count, count_each
from haitang.cases.facts import CaseNoted
from haitang.core import history
from haitang.core.access import Actor


@transaction.atomic(savepoint=False)
def note_on_case(
    *, actor: Actor, fact: CaseNoted, now: datetime, case: Any = None, organization_ids: Iterable[int] = ()
) -> int:
    """
    Write the fact down under its case, add its measures to the counters, tell open pages; return the entry's id.

    case: the case, where the caller has locked it already (queries.lock_case); else it is locked here.
    organization_ids: who else may hear of it on an open page, besides the case's area and desk.
    Whether the actor may do what the fact tells of is for the caller to have asked.
    Raises CaseNotFound.
    """
    case = case or queries.lock_case(fact.case_id)
    changes = list(fact.counts(now))
    if changes:
        count(
            area_ids=case.area_ids, category_id=case.category_id, channel=case.channel,
            is_confidential=case.is_confidential, changes=changes,
        )  # fmt: skip
    audience = policies.audience_of(case)
    heard = (*audience.organization_ids, *organization_ids)
    return history.record(actor=actor, fact=fact, at=now, audience=replace(audience, organization_ids=heard))


@transaction.atomic
def note_on_cases(*, actor: Actor, facts: Iterable[CaseNoted], now: datetime) -> int:
    """
    Write many facts down as `note_on_case` does, in a few statements for all of them; return how many.

    Locks the cases, in the order of their ids. Facts about cases that there are not are left out.
    """
    noted = sorted(facts, key=lambda fact: fact.case_id)
    cases = queries.lock_keys(fact.case_id for fact in noted)
    told = [(fact, cases[fact.case_id]) for fact in noted if fact.case_id in cases]
    count_each((case, day, measure, n) for fact, case in told for day, measure, n in fact.counts(now))
    heard = cache(policies.audience_at)
    history.record_each(
        actor=actor,
        facts=[
            (fact, heard(case.area_path, case.organization_id, is_confidential=case.is_confidential))
            for fact, case in told
        ],
        at=now,
    )
    return len(told)
