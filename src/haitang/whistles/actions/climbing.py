"""The clock's own work: missed deadlines climb the ladder."""

from datetime import datetime

from django.db import transaction

from haitang.cases.actions import note_on_case
from haitang.cases.queries import lock_free_cases
from haitang.core.access import Actor
from haitang.organizations.queries import organizations
from haitang.whistles import queries
from haitang.whistles.actions.timing import climb_from
from haitang.whistles.facts import CallClimbed
from haitang.whistles.models import Call

_BATCH = 500


@transaction.atomic
def climb_whistle_ladder(*, actor: Actor, now: datetime) -> int:
    """
    Climb one step of the ladder for every department whose deadline was missed so long ago; return how many climbed.

    At most 500 a call, those due first; cases that somebody is working on this instant come next time.
    """
    due = Call.objects.filter(climb_at__lte=now).order_by("climb_at", "id")
    waiting = dict(due.values_list("pk", "whistle__case_id")[:_BATCH])
    cases = {case.pk: case for case in lock_free_cases(set(waiting.values()))}
    calls = list(
        Call.objects.filter(pk__in=waiting, climb_at__lte=now, whistle__case_id__in=cases)
        .select_related("whistle")
        .order_by("id")
    )
    registry = organizations()
    for call in calls:
        assert call.due_at is not None
        assert call.stage is not None
        whistle, desk = call.whistle, registry.by_id(call.organization_id)
        rules = queries.rules_of(whistle.rules_id)
        rung = rules.ladder[call.level]
        call.level += 1
        climb_from(call, rules)
        fact = CallClimbed(
            whistle.case_id, whistle.pk, whistle.number, "", call.pk, call.organization_id, desk.label if desk else "",
            call.stage, call.due_at.isoformat(), call.level, rung.name,
        )  # fmt: skip
        note_on_case(
            actor=actor, fact=fact, now=now, case=cases[whistle.case_id], organization_ids=[call.organization_id]
        )
    Call.objects.bulk_update(calls, ["level", "climb_at"])
    return len(calls)
