"""The clock's own work: missed deadlines climb the ladder, the departments' and the street's."""

from datetime import datetime

from django.db import transaction

from haitang.cases.actions import note_on_case
from haitang.cases.queries import lock_free_cases
from haitang.core.access import Actor
from haitang.organizations.queries import organizations
from haitang.whistles import queries
from haitang.whistles.actions.timing import climb_approval, climb_from
from haitang.whistles.facts import CallClimbed, DecisionClimbed
from haitang.whistles.models import Call, Whistle
from haitang.whistles.values import STREET_STAGES, Stage

_BATCH = 500
_COLUMNS = ["level", "climb_at"]


@transaction.atomic
def climb_whistle_ladder(*, actor: Actor, now: datetime) -> int:
    """
    Climb one step of its ladder for everything that is late by so much; return how many climbed.

    Late are departments, and the street where it owes a decision on a whistle that waits for approval or on a refusal.
    At most 500 of either a call, those due first; cases that somebody is working on this instant come next time.
    """
    due = Call.objects.filter(climb_at__lte=now).order_by("climb_at", "id")
    waiting = dict(due.values_list("pk", "whistle__case_id")[:_BATCH])
    undecided = Whistle.objects.filter(climb_at__lte=now).order_by("climb_at", "id")
    pending = dict(undecided.values_list("pk", "case_id")[:_BATCH])
    cases = {case.pk: case for case in lock_free_cases({*waiting.values(), *pending.values()})}
    calls = Call.objects.filter(pk__in=waiting, climb_at__lte=now, whistle__case_id__in=cases)
    late = list(calls.select_related("whistle").order_by("id"))
    for call in late:
        fact = _climb(call)
        heard = [call.organization_id] if isinstance(fact, CallClimbed) else []
        note_on_case(actor=actor, fact=fact, now=now, case=cases[call.whistle.case_id], organization_ids=heard)
    Call.objects.bulk_update(late, _COLUMNS)
    whistles = list(Whistle.objects.filter(pk__in=pending, climb_at__lte=now, case_id__in=cases).order_by("id"))
    for whistle in whistles:
        note_on_case(actor=actor, fact=_climb_approval(whistle), now=now, case=cases[whistle.case_id])
    Whistle.objects.bulk_update(whistles, _COLUMNS)
    return len(late) + len(whistles)


def _climb(call: Call) -> CallClimbed | DecisionClimbed:
    """Climb one step with a call, and return what is to be written down; the caller saves the call."""
    assert call.due_at is not None
    assert call.stage is not None
    whistle, desk = call.whistle, organizations().by_id(call.organization_id)
    rules, stage = queries.rules_of(whistle.rules_id), Stage(call.stage)
    rung = rules.ladder_of(stage)[call.level]
    call.level += 1
    climb_from(call, rules)
    name, due = desk.label if desk else "", call.due_at.isoformat()
    if stage in STREET_STAGES:
        return DecisionClimbed(
            whistle.case_id, whistle.pk, whistle.number, "", name, stage.value, due, call.level, rung.name
        )
    return CallClimbed(
        whistle.case_id, whistle.pk, whistle.number, "", call.pk, call.organization_id, name, stage.value, due,
        call.level, rung.name,
    )  # fmt: skip


def _climb_approval(whistle: Whistle) -> DecisionClimbed:
    """Climb one step with a whistle that waits for approval, and return the fact; the caller saves the whistle."""
    assert whistle.due_at is not None
    rules = queries.rules_of(whistle.rules_id)
    rung = rules.street_ladder[whistle.level]
    whistle.level += 1
    due = whistle.due_at.isoformat()
    climb_approval(whistle, rules)
    return DecisionClimbed(
        whistle.case_id, whistle.pk, whistle.number, "", "", Stage.APPROVE.value, due, whistle.level, rung.name
    )
